"""Two at once, each in a session of its own, and one effect."""

import threading
import traceback
from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils import timezone

from audit.log.events import Event
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.lifecycle import Refused, Stale
from fusus_portal.ground.notifications.kinds import MessageKind
from fusus_portal.ground.notifications.models import Message
from registry.canvasses.links import link_actor
from registry.canvasses.models import Canvass, FootageRequest
from registry.canvasses.services import canvasses, requests
from registry.canvasses.states import RequestState
from registry.incidents.models import Assignment, Incident
from registry.incidents.services import incidents
from registry.people.services import registrants
from registry.places.models import Camera
from registry.places.services import cameras, premises
from registry.places.services.cameras import CameraDetails
from registry.registrants.models import Registrant
from registry.rules import REMIND_AFTER
from tests.factories import (
    CAPITOL,
    LINN_PARK,
    canvass_at,
    closed_for_good,
    draft_of,
    incident_at,
    person,
    place_at,
    registrant_at,
    request_at,
)
from tests.registry.entries import entries_of

pytestmark = pytest.mark.django_db(transaction=True)

Act = Callable[[], Any]

CANCEL_IF_WAITING = """
SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE pid = ANY(%s) AND wait_event_type = 'Lock'
"""


def at_once(*acts: Act) -> list[Any]:
    """Run acts at the same moment, each in a session of its own; return what each returned or raised."""
    outcomes: list[Any] = [None] * len(acts)
    start = threading.Barrier(len(acts), timeout=10)

    def run(position: int, act: Act) -> None:
        try:
            start.wait()
            outcomes[position] = act()
        except Exception as error:
            outcomes[position] = error
            traceback.print_exc()  # a test that fails shows it
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(position, act)) for position, act in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert not [thread for thread in threads if thread.is_alive()]
    return outcomes


def waits(act: Act) -> bool:
    """Tell whether an act waits for a lock of another session. It is canceled there."""
    sessions: list[int] = []
    ended = threading.Event()

    def run() -> None:
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute("SELECT pg_backend_pid()")
                sessions.extend(cursor.fetchone())
                act()
        finally:
            ended.set()

    def cancel() -> None:
        with connection.cursor() as cursor:
            while not ended.wait(0.05):
                cursor.execute(CANCEL_IF_WAITING, [sessions])

    return kinds_of(at_once(run, cancel)) == ["NoneType", "OperationalError"]


def kinds_of(outcomes: list[Any]) -> list[str]:
    return sorted(type(outcome).__name__ for outcome in outcomes)


def test_two_deputies_send_one_canvass_once(deputy: User, other_deputy: User, supervisor: User) -> None:
    canvass = canvass_at("draft", cameras=5, by=deputy)
    incidents.assign(incident=canvass.incident, user=other_deputy, by=supervisor)
    outcomes = at_once(
        *[lambda by=by: canvasses.send(canvass=canvass, by=by) for by in (deputy, other_deputy, deputy, other_deputy)]
    )
    assert {(type(outcome), outcome.state, outcome.sent_by_id) for outcome in outcomes} == {
        (Canvass, "sent", outcomes[0].sent_by_id)
    }
    assert FootageRequest.objects.count() == 5
    assert Message.objects.filter(kind=MessageKind.FOOTAGE_REQUEST).count() == 5
    assert len(entries_of(Event.CANVASS_SENT)) == 1
    assert len(entries_of(Event.CAMERA_ASKED)) == 5


def test_two_canvasses_of_one_incident_ask_an_owner_once(deputy: User) -> None:
    first = canvass_at("draft", cameras=4, by=deputy)
    second = draft_of(first.incident)
    outcomes = at_once(*[lambda each=each: canvasses.send(canvass=each, by=deputy) for each in (first, second)])
    assert kinds_of(outcomes) == ["Canvass", "Stale"]
    assert FootageRequest.objects.count() == 4
    assert len(entries_of(Event.CANVASS_SENT)) == 1


def test_an_unverified_incident_is_searched_once_though_two_search_at_once(deputy: User) -> None:
    incident = incident_at(verified=False, by=deputy)
    outcomes = at_once(*[lambda: draft_of(incident) for _ in range(2)])
    assert len([outcome for outcome in outcomes if isinstance(outcome, Refused)]) == 1
    assert Canvass.objects.count() == 1


def test_many_show_and_send_over_the_same_cameras_without_a_deadlock() -> None:
    first = canvass_at("draft", cameras=20)
    others = [draft_of(incident_at()) for _ in range(3)]
    acts = [
        *[lambda each=each: canvasses.send(canvass=each, by=each.created_by) for each in (first, *others)],
        *[lambda each=each: canvasses.show(canvass=each, by=each.created_by) for each in (first, *others)],
    ]
    assert not [outcome for outcome in at_once(*acts) if isinstance(outcome, Exception)]
    for entry in entries_of(Event.CAMERA_ADDED):
        numbers = sorted(
            each.camera_number
            for event in (Event.CAMERA_ADDED, Event.CAMERA_FOUND, Event.CAMERA_SHOWN, Event.CAMERA_ASKED)
            for each in entries_of(event)
            if each.camera_id == entry.camera_id
        )
        assert numbers == list(range(1, len(numbers) + 1))


def test_two_workers_remind_of_each_request_once() -> None:
    canvass = canvass_at("sent", cameras=6)
    sent = timezone.now() - REMIND_AFTER[0]
    FootageRequest.objects.filter(canvass=canvass).update(sent_at=sent)
    outcomes = at_once(*[requests.remind_due] * 4)
    assert sum(outcomes) == 6
    assert set(FootageRequest.objects.values_list("reminders", flat=True)) == {1}
    assert Message.objects.filter(kind=MessageKind.FOOTAGE_REMINDER).count() == 6
    assert len(entries_of(Event.REQUEST_REMINDED)) == 6


def test_a_reminder_and_a_decline_at_once_leave_no_reminder_on_its_way() -> None:
    request = request_at("sent")
    FootageRequest.objects.filter(pk=request.pk).update(sent_at=timezone.now() - REMIND_AFTER[0])
    at_once(requests.remind_due, lambda: requests.decline(request=request, by=link_actor(request)))
    request.refresh_from_db()
    assert request.state == RequestState.DECLINED
    assert not Message.objects.filter(kind=MessageKind.FOOTAGE_REMINDER).exists()


def test_two_tabs_leave_the_answer_that_says_more() -> None:
    """A "rather not" may become "none", and not the other way round, whichever comes first."""
    request = request_at("sent")
    link = link_actor(request)
    outcomes = at_once(
        lambda: requests.decline(request=request, by=link), lambda: requests.answer_none(request=request, by=link)
    )
    request.refresh_from_db()
    assert request.state == RequestState.NONE
    assert len(entries_of(Event.REQUEST_ANSWERED_NONE)) == 1
    declined_first = kinds_of(outcomes) == ["FootageRequest", "FootageRequest"]
    assert declined_first or kinds_of(outcomes) == ["FootageRequest", "Stale"]
    assert len(entries_of(Event.REQUEST_DECLINED)) == declined_first


def test_a_double_click_gives_one_answer() -> None:
    request = request_at("sent")
    outcomes = at_once(*[lambda: requests.answer_none(request=request, by=link_actor(request))] * 4)
    assert kinds_of(outcomes) == ["FootageRequest"] * 4
    assert len(entries_of(Event.REQUEST_ANSWERED_NONE)) == 1
    assert Message.objects.filter(kind=MessageKind.FOOTAGE_REPLY).count() == 1


def test_closing_and_answering_at_once_leaves_one_of_the_two() -> None:
    request = request_at("sent")
    closing = request.incident.opened_by
    outcomes = at_once(
        lambda: closed_for_good(request.incident, by=closing),
        lambda: requests.give(request=request, by=link_actor(request)),
    )
    request.refresh_from_db()
    assert isinstance(outcomes[0], Incident)
    given = not isinstance(outcomes[1], Stale)
    assert request.state == (RequestState.FOOTAGE if given else RequestState.WITHDRAWN)
    assert len(entries_of(Event.REQUEST_WITHDRAWN)) == (0 if given else 1)


def test_closing_and_sending_at_once_never_leaves_a_waiting_request(deputy: User) -> None:
    canvass = canvass_at("draft", cameras=3, by=deputy)
    at_once(
        lambda: closed_for_good(canvass.incident, by=deputy),
        lambda: canvasses.send(canvass=canvass, by=deputy),
    )
    assert not FootageRequest.objects.filter(state=RequestState.SENT).exists()


def test_one_number_opens_one_incident(deputy: User, other_deputy: User) -> None:
    outcomes = at_once(
        *[lambda by=by: incident_at(verified=False, by=by, number="2026-424242") for by in (deputy, other_deputy)]
    )
    assert kinds_of(outcomes) == ["Incident", "ValidationError"]
    (error,) = [outcome for outcome in outcomes if isinstance(outcome, ValidationError)]
    assert error.message_dict == {
        "number": ["Incident 2026-424242 already exists, and you are not on it. Ask a supervisor to assign you."]
    }
    assert Assignment.objects.count() == 1


def test_two_supervisors_verify_once(deputy: User, supervisor: User, other_supervisor: User) -> None:
    incident = incident_at(verified=False, by=deputy)
    outcomes = at_once(
        *[lambda by=by: incidents.verify(incident=incident, by=by) for by in (supervisor, other_supervisor)]
    )
    assert kinds_of(outcomes) == ["Incident", "Stale"]
    assert len(entries_of(Event.INCIDENT_VERIFIED)) == 1


def test_a_double_click_registers_once() -> None:
    resident = person()
    outcomes = at_once(
        *[
            lambda: registrants.register(
                by=resident,
                kind="person",
                name="Ana Rivera",
                phone="205-555-0117",
                language="en",
                place=place_at(LINN_PARK),
                cameras=[CameraDetails(name="Door")],
            )
        ]
        * 3
    )
    assert kinds_of(outcomes) == ["Registrant", "ValidationError", "ValidationError"]
    assert Registrant.objects.count() == 1
    assert len(entries_of(Event.CAMERA_ADDED)) == 1


def test_two_tabs_add_one_camera_once() -> None:
    registrant = registrant_at()
    place, owner = registrant.premises.get(), registrant.user
    outcomes = at_once(*[lambda: cameras.add(premises=place, by=owner, details=CameraDetails(name="Garage"))] * 3)
    assert kinds_of(outcomes) == ["Camera", "ValidationError", "ValidationError"]
    assert place.cameras.filter(name="Garage").count() == 1


def test_two_tabs_add_one_place_once() -> None:
    registrant = registrant_at()
    second = place_at(LINN_PARK, address=CAPITOL)
    outcomes = at_once(*[lambda: premises.add(registrant=registrant, by=registrant.user, place=second)] * 3)
    assert kinds_of(outcomes) == ["Premises", "ValidationError", "ValidationError"]
    assert registrant.premises.count() == 2
    assert len(entries_of(Event.PREMISES_ADDED)) == 2


@pytest.mark.parametrize("what", ["pause", "remove"])
def test_a_canvass_and_a_pause_or_removal_at_once_are_one_after_the_other(what: str) -> None:
    canvass = canvass_at("draft", cameras=4)
    camera = Camera.objects.select_related("premises__registrant__user").order_by("pk")[0]
    owner = camera.premises.registrant.user
    act = {
        "pause": lambda: cameras.pause(camera=camera, by=owner),
        "remove": lambda: premises.remove(premises=camera.premises, by=owner),
    }[what]
    outcomes = at_once(lambda: canvasses.send(canvass=canvass, by=canvass.created_by), act)
    assert not [outcome for outcome in outcomes if isinstance(outcome, Exception)]
    asked = FootageRequest.objects.filter(registrant__user=owner).exists()
    assert FootageRequest.objects.count() == (4 if asked else 3)
    events = [Event.CAMERA_ASKED, Event.CAMERA_PAUSED if what == "pause" else Event.CAMERA_REMOVED]
    order = [entry for event in events for entry in entries_of(event) if entry.camera_id == str(camera.pk)]
    assert [entry.event for entry in order] == [event.value for event in events[0 if asked else 1 :]]
    assert order == sorted(order, key=lambda entry: entry.camera_number)


def test_removing_a_place_twice_at_once_has_one_effect() -> None:
    registrant = registrant_at(cameras=3)
    place = registrant.premises.get()
    outcomes = at_once(*[lambda: premises.remove(premises=place, by=registrant.user)] * 3)
    assert kinds_of(outcomes) == ["Premises"] * 3
    assert len(entries_of(Event.CAMERA_REMOVED)) == 3
    assert len(entries_of(Event.PREMISES_REMOVED)) == 1
