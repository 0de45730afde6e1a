"""For each service: when its entry can't be written, nothing has changed."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.apps import apps
from django.db import DatabaseError
from django.utils import timezone

from audit.models import AuditEntry, InsertOnlyQuerySet
from registry.models import Camera, IncidentType
from registry.services import cameras, canvasses, incidents, premises, registrants, requests
from registry.services.acting import link_actor
from registry.services.cameras import CameraDetails
from tests.factories import (
    LINN_PARK,
    camera_at,
    canvass_at,
    draft_of,
    incident_at,
    let_time_pass,
    north_of,
    person,
    place_at,
    registrant_at,
    request_at,
)

pytestmark = pytest.mark.django_db

Act = Callable[[], Any]


class NoEntry(DatabaseError):
    """The log refuses the entry."""


def _register() -> Act:
    by = person()
    return lambda: registrants.register(
        by=by,
        kind="person",
        name="Ana",
        phone="205-555-0117",
        language="en",
        place=place_at(LINN_PARK),
        cameras=[CameraDetails(name="Door")],
    )


def _change_contact() -> Act:
    registrant = registrant_at()
    return lambda: registrants.change(
        registrant=registrant, by=registrant.user, kind="person", name="Eva", phone="1", language="en"
    )


def _on_camera(act: Callable[[Camera], Any]) -> Callable[[], Act]:
    def prepare() -> Act:
        camera = camera_at()
        return lambda: act(camera)

    return prepare


def _owner(camera: Camera) -> Any:
    return camera.premises.registrant.user


def _open() -> Act:
    by, kind, now = person("deputy"), IncidentType.objects.get(code="fire"), timezone.now()
    return lambda: incidents.open(
        by=by,
        number="2026-555555",
        type=kind,
        place="Linn Park",
        point=LINN_PARK,
        starts_at=now - timedelta(hours=2),
        ends_at=now - timedelta(hours=1),
    )


def _on_incident(act: Callable[..., Any]) -> Callable[[], Act]:
    def prepare() -> Act:
        request = request_at("sent")
        incident, supervisor, deputy = request.incident, person("supervisor"), person("deputy")
        return lambda: act(incident, supervisor, deputy)

    return prepare


def _verify() -> Act:
    incident, supervisor = incident_at(verified=False), person("supervisor")
    return lambda: incidents.verify(incident=incident, by=supervisor)


def _unassign() -> Act:
    incident, supervisor = incident_at(), person("supervisor")
    return lambda: incidents.unassign(incident=incident, user=incident.opened_by, by=supervisor)


def _lapse() -> Act:
    registrant_at()
    with time_machine.travel(timezone.now() - timedelta(hours=25), tick=False):
        canvass = draft_of(incident_at(verified=False))
        canvasses.send(canvass=canvass, by=canvass.created_by)
    return incidents.close_unverified


def _on_canvass(state: str, act: Callable[..., Any]) -> Callable[[], Act]:
    def prepare() -> Act:
        canvass = canvass_at(state, cameras=2)
        return lambda: act(canvass=canvass, by=canvass.created_by)

    return prepare


def _draft() -> Act:
    registrant_at()
    incident = incident_at()
    return lambda: draft_of(incident)


def _on_request(act: Callable[..., Any]) -> Callable[[], Act]:
    def prepare() -> Act:
        request = request_at("sent")
        return lambda: act(request=request, by=link_actor(request))

    return prepare


def _withdraw() -> Act:
    request = request_at("sent")
    return lambda: requests.withdraw(request=request, by=request.incident.opened_by)


def _expire() -> Act:
    let_time_pass(request_at("sent"))
    return requests.expire_due


BACK = CameraDetails(name="Back")
ACTS: dict[str, Callable[[], Act]] = {
    "registrants.register": _register,
    "registrants.change": _change_contact,
    "premises.add": _on_camera(
        lambda camera: premises.add(registrant=camera.premises.registrant, by=_owner(camera), place=place_at(LINN_PARK))
    ),
    "premises.place": _on_camera(
        lambda camera: premises.place(premises=camera.premises, by=_owner(camera), pin=north_of(LINN_PARK, 9))
    ),
    "cameras.add": _on_camera(lambda camera: cameras.add(premises=camera.premises, by=_owner(camera), details=BACK)),
    "cameras.change": _on_camera(lambda camera: cameras.change(camera=camera, by=_owner(camera), details=BACK)),
    "cameras.remove": _on_camera(lambda camera: cameras.remove(camera=camera, by=_owner(camera))),
    "incidents.open": _open,
    "incidents.verify": _verify,
    "incidents.assign": _on_incident(
        lambda incident, supervisor, deputy: incidents.assign(incident=incident, user=deputy, by=supervisor)
    ),
    "incidents.unassign": _unassign,
    "incidents.view": _on_incident(
        lambda incident, supervisor, deputy: incidents.view(incident=incident, by=supervisor)
    ),
    "incidents.close": _on_incident(
        lambda incident, supervisor, deputy: incidents.close(incident=incident, by=supervisor)
    ),
    "incidents.close_unverified": _lapse,
    "canvasses.draft": _draft,
    "canvasses.show": _on_canvass("draft", canvasses.show),
    "canvasses.send": _on_canvass("draft", canvasses.send),
    "canvasses.close": _on_canvass("sent", canvasses.close),
    "requests.give": _on_request(requests.give),
    "requests.answer_none": _on_request(requests.answer_none),
    "requests.decline": _on_request(requests.decline),
    "requests.withdraw": _withdraw,
    "requests.expire_due": _expire,
}


def everything() -> dict[str, list[Any]]:
    """Return every row of the registry, its history, the outbox and the log."""
    models = [
        *apps.get_app_config("registry").get_models(include_auto_created=True),
        *apps.get_app_config("notifications").get_models(),
        *apps.get_app_config("audit").get_models(),
    ]
    return {model._meta.label: sorted(map(str, model._default_manager.values())) for model in models}


@pytest.mark.parametrize("name", ACTS)
def test_without_its_entry_the_act_has_not_happened(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    act = ACTS[name]()
    before = everything()
    monkeypatch.setattr(InsertOnlyQuerySet, "_insert", _refuse)
    with pytest.raises(NoEntry):
        act()
    monkeypatch.undo()
    assert everything() == before
    act()
    assert everything() != before


_insert = InsertOnlyQuerySet._insert


def _refuse(rows: InsertOnlyQuerySet, *arguments: Any, **keywords: Any) -> Any:
    """Refuse the entry itself, after its details have been written."""
    if rows.model is AuditEntry:
        raise NoEntry
    return _insert(rows, *arguments, **keywords)


def test_every_service_of_the_registry_is_tried() -> None:
    known = {
        f"{module.__name__.rpartition('.')[2]}.{name}"
        for module in (registrants, premises, cameras, incidents, canvasses, requests)
        for name, function in vars(module).items()
        if callable(function) and getattr(function, "__module__", "") == module.__name__ and name.islower()
    }
    without_act = {"premises.locate", "premises.write", "cameras.write", "cameras.line_of", "canvasses.subject_of"}
    assert {name for name in known if not name.partition(".")[2].startswith("_")} - without_act == set(ACTS)
