"""Canvasses: who is found, shown and asked, and what the deputy learns."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from audit.log.events import Event
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.lifecycle import NotYours, Refused, Stale
from fusus_portal.ground.notifications.kinds import MessageKind
from fusus_portal.ground.notifications.models import Message
from registry.canvasses import selectors
from registry.canvasses.links import link_actor
from registry.canvasses.models import FootageRequest, RequestCamera
from registry.canvasses.services import canvasses as canvass_services, requests
from registry.incidents.services import incidents
from registry.places.models import Camera
from registry.places.services import cameras, premises
from registry.places.services.cameras import CameraDetails
from registry.rules import LINK_LIFE
from tests.factories import (
    LINN_PARK,
    RADIUS_M,
    camera_at,
    canvass_at,
    draft_of,
    incident_at,
    north_of,
    registrant_at,
    request_at,
)
from tests.registry.canvasses.many import register_at
from tests.registry.entries import entries_of, events_after, newest_id

pytestmark = pytest.mark.django_db

OWNER_EVENTS = (Event.CAMERA_FOUND, Event.CAMERA_SHOWN, Event.CAMERA_ASKED)


def test_a_reason_is_kept_tidy_and_stands_in_the_log_as_a_digest_only() -> None:
    canvass = draft_of(incident_at(), reason="  A grey van left\n the alley after the break-in ")
    assert canvass.reason == "A grey van left the alley after the break-in"
    (entry,) = entries_of(Event.CANVASS_DRAFTED, canvass)
    assert entry.reason_digest
    assert "grey van" not in str(vars(entry))


def test_a_deputy_who_is_not_assigned_can_do_nothing_with_it(other_deputy: User) -> None:
    canvass = canvass_at("draft")
    before = newest_id()
    attempts: list[Callable[[], Any]] = [
        lambda: draft_of(canvass.incident, by=other_deputy),
        lambda: canvass_services.show(canvass=canvass, by=other_deputy),
        lambda: canvass_services.send(canvass=canvass, by=other_deputy),
        lambda: canvass_services.close(canvass=canvass, by=other_deputy),
    ]
    for attempt in attempts:
        with pytest.raises(Refused, match="Only people assigned to this incident can do this"):
            attempt()
    with pytest.raises(NotYours):
        selectors.canvass(other_deputy, canvass.pk)
    assert not events_after(before)


def test_a_closed_incident_is_neither_searched_nor_shown_nor_asked_for() -> None:
    canvass = canvass_at("draft")
    incidents.close(incident=canvass.incident, by=canvass.created_by)
    before = newest_id()
    attempts: list[Callable[[], Any]] = [
        lambda: draft_of(canvass.incident),
        lambda: canvass_services.show(canvass=canvass, by=canvass.created_by),
        lambda: canvass_services.send(canvass=canvass, by=canvass.created_by),
        lambda: canvass_services.close(canvass=canvass, by=canvass.created_by),
    ]
    for attempt in attempts:
        with pytest.raises(Stale, match="is closed"):
            attempt()
    assert not FootageRequest.objects.exists()
    assert not events_after(before)


def test_a_draft_finds_what_lies_in_the_circle_and_each_camera_has_its_entry() -> None:
    inside, edge = camera_at(), camera_at(north_of(LINN_PARK, RADIUS_M - 1))
    outside = camera_at(north_of(LINN_PARK, RADIUS_M + 1))
    without_pin = camera_at(None)
    removed = camera_at()
    cameras.remove(camera=removed, by=removed.premises.registrant.user)
    incident = incident_at()
    canvass = draft_of(incident)
    (drafted,) = entries_of(Event.CANVASS_DRAFTED, canvass)
    assert drafted.facts == {"cameras": 2, "radius_m": 300, "corners": 0, "purpose": "Identify a vehicle"}
    found = entries_of(Event.CAMERA_FOUND)
    assert {entry.camera_id for entry in found} == {str(inside.pk), str(edge.pk)}
    assert {entry.incident_id for entry in found} == {str(incident.pk)}
    assert str(outside.pk) not in {entry.camera_id for entry in found}
    assert str(without_pin.pk) not in {entry.camera_id for entry in found}


def test_showing_gives_addresses_without_names_and_is_an_entry_each_time() -> None:
    camera = camera_at()
    canvass = draft_of(incident_at())
    for _ in range(2):
        findings = canvass_services.show(canvass=canvass, by=canvass.created_by)
    (found,) = findings.cameras or ()
    assert (findings.owners, findings.already_asked) == (1, 0)
    assert (found.id, found.details.name, str(found.address), found.point) == (
        camera.pk,
        "Camera 1",
        "600 20th Street North, Birmingham, AL 35203",
        LINN_PARK,
    )
    assert "Rivera" not in repr(findings)
    shown = entries_of(Event.CAMERA_SHOWN, camera)
    assert [entry.facts for entry in shown] == [{"canvass": str(canvass.pk)}] * 2
    assert {entry.actor_pseudonym for entry in shown} == {canvass.created_by.pseudonym}


def test_an_owner_s_numbers_have_no_gap() -> None:
    camera = camera_at()
    canvass = draft_of(incident_at())
    canvass_services.show(canvass=canvass, by=canvass.created_by)
    canvass_services.send(canvass=canvass, by=canvass.created_by)
    entries = [entry for event in (Event.CAMERA_ADDED, *OWNER_EVENTS) for entry in entries_of(event, camera)]
    assert sorted(entry.camera_number for entry in entries) == [1, 2, 3, 4]


def test_sending_asks_each_owner_once_about_their_cameras(deputy: User) -> None:
    registrant = registrant_at(cameras=2, language="es")
    camera_at(north_of(LINN_PARK, 2000))
    other = camera_at()
    canvass = draft_of(incident_at(by=deputy))
    before = newest_id()
    sent = canvass_services.send(canvass=canvass, by=deputy)
    sent.refresh_from_db()
    assert (sent.state, sent.sent_by) == ("sent", deputy)
    request = FootageRequest.objects.get(registrant=registrant)
    assert (request.state, request.version, request.sent_at) == ("sent", 1, sent.sent_at)
    assert request.expires_at - request.sent_at == LINK_LIFE
    assert request.number.startswith("R-")
    assert RequestCamera.objects.filter(request=request).count() == 2
    assert FootageRequest.objects.get(registrant=other.premises.registrant).cameras.get().camera == other
    letters = Message.objects.filter(kind=MessageKind.FOOTAGE_REQUEST)
    assert {(letter.to, letter.language) for letter in letters} == {
        (registrant.user.email, "es"),
        (other.premises.registrant.user.email, "en"),
    }
    assert letters.get(to=registrant.user.email).context == {"request": str(request.pk)}
    written = [Event.CANVASS_SENT, *[Event.CAMERA_ASKED] * 3, *[Event.REQUEST_SENT] * 2]
    assert events_after(before) == [event.value for event in written]


def test_sending_twice_has_one_effect_and_answers_quietly() -> None:
    canvass = canvass_at("sent", cameras=2)
    before = newest_id()
    again = canvass_services.send(canvass=canvass, by=canvass.created_by)
    assert (again.state, again.sent_at) == ("sent", canvass.sent_at)
    assert FootageRequest.objects.count() == 2
    assert not events_after(before)


def test_an_owner_is_asked_once_for_an_incident_whatever_came_of_it() -> None:
    request = request_at("declined")
    newcomer = camera_at()
    again = draft_of(request.incident)
    findings = canvass_services.show(canvass=again, by=again.created_by)
    assert (findings.owners, findings.already_asked) == (1, 1)
    canvass_services.send(canvass=again, by=again.created_by)
    asked = FootageRequest.objects.get(canvass=again)
    assert asked.registrant == newcomer.premises.registrant
    third = draft_of(request.incident)
    with pytest.raises(Stale, match="Nobody is left to ask"):
        canvass_services.send(canvass=third, by=third.created_by)


def test_an_empty_circle_asks_nobody_and_says_so() -> None:
    canvass = canvass_at("draft", cameras=0)
    assert canvass_services.show(canvass=canvass, by=canvass.created_by).owners == 0
    with pytest.raises(Stale, match="Nobody is left to ask: no camera is here"):
        canvass_services.send(canvass=canvass, by=canvass.created_by)
    canvass.refresh_from_db()
    assert canvass.state == "draft"


def test_who_moved_the_pin_away_meanwhile_is_not_asked() -> None:
    stays, moves = camera_at(), camera_at()
    canvass = draft_of(incident_at())
    owner = moves.premises.registrant.user
    premises.move_pin(premises=moves.premises, by=owner, pin=north_of(LINN_PARK, 1000))
    canvass_services.send(canvass=canvass, by=canvass.created_by)
    assert FootageRequest.objects.get().registrant == stays.premises.registrant


def test_an_incident_that_lapses_takes_its_requests_back() -> None:
    registrant_at()
    with time_machine.travel(timezone.now() - timedelta(hours=25), tick=False):
        canvass = draft_of(incident_at(verified=False))
        canvass_services.send(canvass=canvass, by=canvass.created_by)
    assert incidents.close_unverified() == 1
    assert FootageRequest.objects.get().state == "withdrawn"
    (entry,) = entries_of(Event.REQUEST_WITHDRAWN)
    assert entry.actor_kind == "task"


def test_closing_a_canvass_takes_back_what_was_not_told_and_keeps_what_was() -> None:
    canvass = canvass_at("sent", cameras=3)
    waiting, given, declined = FootageRequest.objects.order_by("pk")
    requests.give(request=given, by=link_actor(given))
    requests.decline(request=declined, by=link_actor(declined))
    closed = canvass_services.close(canvass=canvass, by=canvass.created_by)
    assert (closed.state, closed.closed_by) == ("closed", canvass.created_by)
    states = dict(FootageRequest.objects.values_list("pk", "state"))
    assert states == {waiting.pk: "withdrawn", given.pk: "footage", declined.pk: "withdrawn"}
    with pytest.raises(Stale, match="Its cameras are not shown any more"):
        canvass_services.show(canvass=closed, by=canvass.created_by)


def test_a_sent_canvass_shows_what_was_asked_for() -> None:
    canvass = canvass_at("sent", cameras=2)
    camera_at()
    findings = canvass_services.show(canvass=canvass, by=canvass.created_by)
    assert (findings.owners, len(findings.cameras or ())) == (2, 2)


def test_a_deputy_learns_who_gave_and_who_has_none_and_one_number_for_the_rest() -> None:
    canvass = canvass_at("sent", cameras=6)
    given, none, declined, expired, _silent, _other = FootageRequest.objects.order_by("pk")
    requests.give(request=given, by=link_actor(given))
    requests.answer_none(request=none, by=link_actor(none))
    before = selectors.follow_up(canvass)
    requests.decline(request=declined, by=link_actor(declined))
    FootageRequest.objects.filter(pk=expired.pk).update(
        sent_at=timezone.now() - timedelta(days=11), expires_at=timezone.now() - timedelta(days=1)
    )
    requests.expire_due()
    after = selectors.follow_up(canvass)
    assert after == before
    assert (after.sent, after.rest) == (6, 4)
    assert {(reply.request, reply.has_footage) for reply in after.replies} == {(given.pk, True), (none.pk, False)}


def test_a_canvass_is_found_by_those_who_see_its_incident(supervisor: User) -> None:
    canvass = canvass_at("draft")
    assert selectors.canvass(canvass.created_by, canvass.pk) == canvass
    assert selectors.canvass(supervisor, canvass.pk) == canvass
    assert list(selectors.canvasses_of_incident(canvass.incident)) == [canvass]


def queries_of(owners: int) -> dict[str, int]:
    """Return how many queries each act takes for so many owners of one camera each."""
    incident = incident_at()
    counted = {}
    with CaptureQueriesContext(
        connection,
    ) as captured:
        canvass = draft_of(incident)
    counted["draft"] = len(captured)
    with CaptureQueriesContext(connection) as captured:
        assert canvass_services.show(canvass=canvass, by=canvass.created_by).owners == owners
    counted["show"] = len(captured)
    with CaptureQueriesContext(connection) as captured:
        canvass_services.send(canvass=canvass, by=canvass.created_by)
    counted["send"] = len(captured)
    with CaptureQueriesContext(connection) as captured:
        canvass_services.show(canvass=canvass, by=canvass.created_by)
    counted["show sent"] = len(captured)
    with CaptureQueriesContext(connection) as captured:
        assert selectors.follow_up(canvass).sent == owners
    counted["follow up"] = len(captured)
    with CaptureQueriesContext(connection) as captured:
        canvass_services.close(canvass=canvass, by=canvass.created_by)
    counted["close"] = len(captured)
    return counted


def test_the_number_of_queries_does_not_depend_on_how_many_are_found() -> None:
    for _ in range(3):
        registrant_at()
    few = queries_of(3)
    for camera in register_at([north_of(LINN_PARK, 9 * number) for number in range(27)]):
        Camera.objects.bulk_create(Camera(premises=camera.premises, name=f"More {more}") for more in range(10))
    assert queries_of(30) == few
    assert Camera.objects.count() == 300
    assert few["show"] <= 11


def test_a_camera_added_to_a_place_is_found_with_the_others() -> None:
    camera = camera_at()
    owner = camera.premises.registrant.user
    second = cameras.add(premises=camera.premises, by=owner, details=CameraDetails(name="Alley"))
    canvass = draft_of(incident_at())
    found = canvass_services.show(canvass=canvass, by=canvass.created_by)
    assert found.owners == 1
    assert {each.id for each in found.cameras or ()} == {camera.pk, second.pk}
    assert Camera.objects.registered().count() == 2
