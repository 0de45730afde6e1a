"""Acts of the registry and of the console check everything in the service, whatever page calls them."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction

from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.accounts.services import role_changes
from fusus_portal.ground.agency import services as agency
from fusus_portal.ground.lifecycle import NotYours, Refused, Stale
from registry.access_log import services as access_log
from registry.canvasses.links import link_actor
from registry.canvasses.models import CanvassPurpose
from registry.canvasses.services import approvals, canvasses, requests
from registry.canvasses.services.requests import SingleRequest
from registry.footage.models import RetentionCategory
from registry.footage.services import retention, uploads
from registry.incidents.models import DispatchKey, IncidentType
from registry.incidents.policies import dispatch
from registry.incidents.services import dispatch as dispatch_services, incidents, types
from registry.places import policies
from registry.places.services import cameras
from registry.places.services.cameras import CameraDetails
from tests.factories import REASON, camera_at, incident_at, north_of, person, purpose, registrant_at, request_at
from tests.registry.access_log.delays import case_of, delayed
from tests.registry.footage.footage import begun
from tests.registry.footage.keeping import deleted

pytestmark = pytest.mark.django_db

NAMES: dict[str, Any] = {"name": "Arson", "name_es": "Incendio"}


@pytest.mark.parametrize(
    ("role", "act"),
    [
        ("clerk", lambda by: role_changes.open_person(account=User(), by=by)),
        ("clerk", lambda by: role_changes.list_people(by=by)),
        ("clerk", lambda by: agency.change_agency(by=by, revision=1, name="Mine")),
        ("clerk", lambda by: agency.publish_document(by=by, kind="terms", number=2, text_en="a", text_es="b")),
        ("clerk", lambda by: agency.change_message_texts(by=by, kind="invitation", texts={})),
        ("clerk", lambda by: agency.reset_message_texts(by=by, kind="invitation")),
        ("deputy", lambda by: dispatch_services.preview_delivery(token="", by=by)),
        ("deputy", lambda by: dispatch_services.take_delivery(token="", by=by)),
        ("supervisor", lambda by: dispatch_services.retire_key(key=DispatchKey(), by=by)),
        ("supervisor", lambda by: types.add(**NAMES, emergency=False, retention=None, by=by)),
        (
            "supervisor",
            lambda by: types.change(incident_type=IncidentType(), **NAMES, emergency=False, retention=None, by=by),
        ),
        ("supervisor", lambda by: types.retire(incident_type=IncidentType(), by=by)),
        ("supervisor", lambda by: types.restore(incident_type=IncidentType(), by=by)),
        ("supervisor", lambda by: types.set_number_format(pattern="YYYY-NNNNNN", by=by)),
        ("clerk", lambda by: incidents.look_through(by=by, standing="", number="")),
        ("supervisor", lambda by: approvals.change_purpose(purpose=CanvassPurpose(), by=by, **NAMES)),
        ("supervisor", lambda by: approvals.restore_purpose(purpose=CanvassPurpose(), by=by)),
        (
            "supervisor",
            lambda by: retention.change_category(
                category=RetentionCategory(), name="Mine", days=1, floor_days=1, by=by
            ),
        ),
    ],
)
def test_another_role_is_refused_before_anything_is_read(role: str, act: Callable[[User], object]) -> None:
    with pytest.raises(Refused):
        act(User(role=role, is_active=True))


def test_only_an_administrator_cancels_a_change_of_people() -> None:
    asked = role_changes.invite(
        email="new@agency.example", name="New", role="deputy", reason="Hired", by=person("administrator")
    )
    with pytest.raises(Refused, match="Administrators keep agency accounts"):
        role_changes.cancel(change=asked, by=person("clerk"))


def test_a_place_holds_no_more_cameras_than_it_may(monkeypatch: pytest.MonkeyPatch) -> None:
    registrant = registrant_at()
    monkeypatch.setattr(policies, "CAMERAS_AT_ONE", 2)
    gate, yard = CameraDetails(name="Gate"), CameraDetails(name="Yard")
    cameras.add(premises=registrant.premises.get(), by=registrant.user, details=gate)
    with pytest.raises(ValidationError, match="at most 2 cameras"):
        cameras.add(premises=registrant.premises.get(), by=registrant.user, details=yard)


def test_a_type_on_the_list_is_not_put_back() -> None:
    with pytest.raises(Stale, match="on the list already"):
        types.restore(incident_type=IncidentType.objects.get(code="burglary"), by=person("administrator"))


def test_no_incident_gets_a_type_that_is_off_the_list() -> None:
    incident = incident_at()
    gone = IncidentType.objects.exclude(pk=incident.type_id)[0]
    IncidentType.objects.filter(pk=gone.pk).update(retired_at=incident.opened_at)
    gone.refresh_from_db()
    with pytest.raises(ValidationError, match="no longer on the agency's list"):
        incidents.change(
            incident=incident,
            by=person("supervisor"),
            type=gone,
            place=incident.place,
            point=incident.point,
            starts_at=incident.starts_at,
            ends_at=incident.ends_at,
        )
    with pytest.raises(ValidationError, match="no longer on the agency's list"):
        dispatch._check_type(gone.code)


def test_a_delay_is_not_renewed_once_the_incident_is_closed_or_its_owner_knows() -> None:
    case = case_of()
    delay = delayed(case)
    canvasses.send(canvass=case.canvass, by=case.canvass.created_by)
    with pytest.raises(Stale, match="knows of it"):
        access_log.renew_delay(delay=delay, by=case.supervisor, days=1, reason=REASON)
    incidents.close(incident=case.incident, by=case.supervisor)
    with pytest.raises(Stale, match="is closed"):
        access_log.renew_delay(delay=delay, by=case.supervisor, days=1, reason=REASON)


def test_nothing_is_withdrawn_once_the_incident_is_closed() -> None:
    request = request_at("sent")
    by = request.canvass.created_by
    incidents.close(incident=request.incident, by=by)
    with pytest.raises(Stale, match="is closed"):
        requests.withdraw(request=request, by=by)


def test_nobody_else_adds_to_footage_that_was_given() -> None:
    with pytest.raises(NotYours):
        requests.give(request=request_at("footage"), by=registrant_at().user)


def test_nobody_else_says_what_a_file_shows_and_nobody_that_it_begins_tomorrow() -> None:
    upload = begun(request_at("sent"))
    tomorrow = upload.started_at + timedelta(days=1)
    with pytest.raises(NotYours):
        uploads.describe(upload=upload, camera="", starts_at=None, by=registrant_at().user)
    with pytest.raises(ValidationError, match="future"):
        uploads.describe(upload=upload, camera="", starts_at=tomorrow, by=link_actor(upload.request))


def test_what_was_deleted_is_in_no_other_category() -> None:
    file = deleted()
    with pytest.raises(Stale, match="was deleted"):
        retention.classify_evidence(
            evidence=file, category=RetentionCategory.objects.all()[0], reason=REASON, by=person("supervisor")
        )


@pytest.mark.parametrize(("far", "retired", "field"), [(3_000, False, "center"), (0, True, "purpose")])
def test_one_owner_is_asked_as_many_are(far: float, retired: bool, field: str) -> None:
    incident = incident_at()
    why = purpose()
    if retired:
        why.retired_at = incident.opened_at
    camera = camera_at(north_of(incident.point, far))
    asked = SingleRequest(camera, incident.starts_at, incident.starts_at + timedelta(minutes=10), why, REASON)
    with pytest.raises(ValidationError) as refused, transaction.atomic():
        requests.ask_one(incident=incident, by=person("deputy"), asked=asked)
    assert field in refused.value.message_dict
