"""Acts about COREs and live view check role and state in the service, whatever page calls them."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.lifecycle import NotYours, Refused, Stale
from integration.clips import services
from integration.cores.models import Core, CoreModel
from integration.cores.services import cameras as camera_services, cores, credentials, health
from integration.critical import policies as critical, services as critical_services
from integration.live.services import snapshots
from integration.sharing import services as sharing
from registry.incidents.models import Incident, IncidentType
from registry.places.models import Camera
from registry.places.services import cameras
from registry.places.services.cameras import CameraDetails
from tests.factories import person, registrant_at
from tests.integration.clips.clipping import asked
from tests.integration.cores.devices import (
    CERTIFICATE,
    business_at,
    core_at,
    core_model,
    device_camera_at,
    health_of,
    in_stock,
    owner_of,
    second_shop,
)
from tests.integration.critical.scenes import AGAIN, REASON, Scene, scene

pytestmark = pytest.mark.django_db
ROBBERY = Incident(number="2026-1", type=IncidentType(name="Robbery"), place="Linn Park")

Act = Callable[[], object]


@pytest.mark.parametrize(
    ("role", "act"),
    [
        ("clerk", lambda by: cores.add_model(by=by, name="FC9", cameras_supported=4)),
        ("clerk", lambda by: cores.change_model(model=CoreModel(), by=by, name="FC9", cameras_supported=4)),
        ("clerk", lambda by: cores.retire_model(model=CoreModel(), by=by)),
        ("administrator", lambda by: cores.receive(model=CoreModel(), by=by, serials="FC4-1")),
    ],
)
def test_another_role_is_refused_before_anything_is_read(role: str, act: Callable[[User], object]) -> None:
    with pytest.raises(Refused):
        act(User(role=role, is_active=True))


@pytest.mark.parametrize(
    ("state", "act"),
    [
        ("allocated", lambda core, by: cores.take_back(core=core, by=by)),
        ("allocated", lambda core, by: cores.issue_code(core=core, by=by)),
        ("active", lambda core, by: credentials.revoke_tokens(core=core, by=by)),
        ("active", lambda core, by: cores.replace(old=core, new=None, by=by)),
    ],
)
def test_clerks_alone_keep_cores(state: str, act: Callable[[Core, User], object]) -> None:
    with pytest.raises(Refused, match="Clerks run the shop"):
        act(core_at(state), person("administrator"))


@pytest.mark.parametrize(
    ("state", "act", "words"),
    [
        ("active", lambda core, by: cores.issue_code(core=core, by=by), "set aside or on its way"),
        ("active", lambda core, _by: cores.issue_own_code(core=core, by=owner_of(core)), "set aside or on its way"),
        ("in_stock", lambda core, by: credentials.revoke_tokens(core=core, by=by), "not in use"),
        ("in_stock", lambda core, by: cores.replace(old=core, new=in_stock(), by=by), "not in use"),
        ("suspended", lambda core, _by: connect(core), "not active"),
        ("suspended", lambda core, _by: health.heard_of(core=forgotten(core)), "not active"),
        ("suspended", lambda core, _by: health.report(core=core, health=health_of({})), "not active"),
        ("suspended", lambda core, _by: services.begin(core=core, clip=core.pk, size=1, sha256=""), "not active"),
        ("suspended", lambda core, _by: snapshots.keep(core=core, snapshot=core.pk, picture=b""), "not active"),
    ],
)
def test_each_act_has_its_states(state: str, act: Callable[[Core, User], object], words: str) -> None:
    with pytest.raises(Stale, match=words):
        act(core_at(state), person("clerk"))


def connect(core: Core) -> object:
    """Connect the camera at its place."""
    return camera_services.connect(core=core, camera=Camera.objects.get(), channel="front", by=owner_of(core))


def forgotten(core: Core) -> Core:
    """Return a CORE that was not heard of for an hour, and is taken for offline."""
    core.seen_at = core.told_offline_at = timezone.now() - timedelta(hours=1)
    core.save(update_fields=["seen_at", "told_offline_at"])
    return core


def test_none_is_received_of_a_kind_that_is_retired() -> None:
    model = cores.retire_model(model=core_model(), by=person("administrator"))
    with pytest.raises(Stale, match="None of this kind"):
        cores.receive(model=model, by=person("clerk"), serials="FC4-90001")


def test_a_camera_of_another_place_is_not_connected() -> None:
    core = core_at("active")
    elsewhere = cameras.add(premises=second_shop(core), by=owner_of(core), details=CameraDetails(name="Gate"))
    with pytest.raises(ValidationError, match="at the place of this CORE"):
        camera_services.connect(core=core, camera=elsewhere, channel="front", by=owner_of(core))


def test_the_owner_of_a_core_disconnects_no_camera_of_its_former_owner() -> None:
    behind, clerk = device_camera_at(), person("clerk")
    returned = cores.begin_return(core=behind.core, by=clerk)
    cores.restock(core=cores.wipe(core=returned, by=clerk, certificate=CERTIFICATE), by=clerk)
    other = business_at()
    cores.allocate(core=returned, by=clerk, registrant=other, premises=other.premises.get())
    with pytest.raises(NotYours, match="no such camera"):
        camera_services.disconnect(behind=behind, by=other.user)


def test_no_picture_is_asked_of_a_core_that_is_suspended() -> None:
    behind = device_camera_at()
    cores.suspend(core=behind.core, by=person("clerk"))
    with pytest.raises(Stale, match="not active"):
        snapshots.take(behind=behind, by=owner_of(behind.core))


def test_no_clip_is_sent_of_a_camera_that_was_disconnected() -> None:
    there = scene()
    clip = asked(there)
    camera_services.disconnect(behind=there.camera, by=there.owner)
    with pytest.raises(Stale, match="not connected any more"):
        services.fetch(clip=clip, by=there.owner)


@pytest.mark.parametrize("act", [sharing.pause_sharing, sharing.resume_sharing])
def test_only_a_business_pauses_sharing(act: Callable[..., object]) -> None:
    resident = registrant_at()
    with pytest.raises(Refused, match="Businesses keep their own COREs"):
        act(registrant=resident, by=resident.user)


def test_only_a_business_says_when_a_camera_is_seen() -> None:
    behind = device_camera_at()
    owner = owner_of(behind.core)
    User.objects.filter(pk=owner.pk).update(role="resident")
    with pytest.raises(Refused, match="Businesses keep their own COREs"):
        sharing.stop_sharing(camera=behind, by=User.objects.get(pk=owner.pk))


def test_the_glass_is_asked_for_once_at_a_time() -> None:
    made = scene(critical=False)
    critical_services.ask_for_glass(incident=made.incident, by=made.deputy, reason=REASON)
    with pytest.raises(Stale, match="waits for a second person already"):
        critical_services.ask_for_glass(incident=made.incident, by=made.colleague(), reason=REASON)


def to_renew(made: Scene) -> Act:
    return partial(critical_services.renew_declaration, declaration=made.declare(), by=made.supervisor, reason=AGAIN)


def to_second(made: Scene) -> Act:
    return partial(
        critical_services.second_declaration, declaration=made.declare(radius_m=900), by=person("supervisor")
    )


@pytest.mark.parametrize("prepared", [to_renew, to_second])
def test_nothing_is_critical_that_nobody_has_verified(prepared: Callable[[Scene], Act]) -> None:
    made = scene(critical=False)
    act = prepared(made)
    Incident.objects.update(verified_at=None, verified_by=None)
    with pytest.raises(Refused, match="verify this incident first"):
        act()


def test_a_stranger_drops_nothing() -> None:
    made = scene(critical=False)
    waiting = critical_services.ask_for_glass(incident=made.incident, by=made.deputy, reason=REASON)
    critical.may_decline_declaration(made.deputy, waiting, made.incident)
    with pytest.raises(Refused):
        critical.may_decline_declaration(person("deputy"), waiting, made.incident)


@pytest.mark.parametrize(
    "check", [partial(critical.check_fresh_reason, incident=ROBBERY), partial(critical.check_justification, asked="")]
)
@pytest.mark.parametrize(
    ("text", "words"),
    [
        (f"{REASON} Call 205-555-0117.", "Leave out e-mail addresses, phone numbers"),
        (f"{REASON} The protest goes on.", "Cameras are never viewed because of a protest"),
    ],
)
def test_a_reason_and_a_justification_name_nobody_and_nothing_lawful(
    text: str, words: str, check: Callable[..., str]
) -> None:
    with pytest.raises(ValidationError, match=words):
        check(text)


def test_a_reason_is_short_and_a_justification_says_more() -> None:
    with pytest.raises(ValidationError, match="Use at most 500 characters"):
        critical.check_fresh_reason(f"{REASON} {'smoke rises ' * 50}", incident=ROBBERY)
    with pytest.raises(ValidationError, match="repeats what is known already"):
        critical.check_justification(REASON, asked=REASON)
