"""One owner's request: answered by link or signed in, withdrawn, expired; and who is told what."""

from collections.abc import Callable
from typing import Any

import pytest

from audit.log.actors import Actor
from audit.log.events import Event
from fusus_portal.ground.accounts.models import User, actor_of
from fusus_portal.ground.lifecycle import NotYours, Refused, Stale
from fusus_portal.ground.notifications.kinds import MessageKind
from fusus_portal.ground.notifications.models import Message
from registry.canvasses import selectors
from registry.canvasses.links import link_actor
from registry.canvasses.models import FootageRequest
from registry.canvasses.services import requests as request_services
from registry.canvasses.tasks import expire_requests
from tests.factories import closed_for_good, let_time_pass, owner_of, registrant_at, request_at
from tests.registry.entries import entries_of, events_after, newest_id

pytestmark = pytest.mark.django_db

Answer = Callable[..., Any]
ANSWERS = [request_services.give, request_services.answer_none, request_services.decline]
ANSWERED = {
    request_services.give: Event.REQUEST_ANSWERED_FOOTAGE,
    request_services.answer_none: Event.REQUEST_ANSWERED_NONE,
    request_services.decline: Event.REQUEST_DECLINED,
}


def make_world() -> FootageRequest:
    """Return a request that waits for its answer."""
    request = request_at("sent")
    Message.objects.all().delete()
    return request


@pytest.fixture
def request_sent(world: FootageRequest) -> FootageRequest:
    return world


@pytest.fixture
def deputy(world: FootageRequest) -> User:
    """The deputy who asked."""
    return world.incident.opened_by


@pytest.fixture
def resident(world: FootageRequest) -> User:
    """The owner who is asked."""
    return owner_of(world)


@pytest.mark.parametrize("answer", ANSWERS)
def test_the_link_answers_without_an_account(answer: Answer, request_sent: FootageRequest) -> None:
    answered = answer(request=request_sent, by=link_actor(request_sent))
    assert answered.replied_at is not None
    (entry,) = entries_of(ANSWERED[answer], request_sent)
    assert (entry.actor_kind, entry.actor_id, entry.incident_id) == (
        "link",
        str(request_sent.pk),
        str(request_sent.incident_id),
    )


@pytest.mark.parametrize("answer", ANSWERS)
def test_the_registrant_answers_signed_in(answer: Answer, request_sent: FootageRequest, resident: User) -> None:
    answer(request=request_sent, by=resident)
    (entry,) = entries_of(ANSWERED[answer], request_sent)
    assert (entry.actor_kind, entry.actor_id) == ("user", str(resident.pk))


@pytest.mark.parametrize("answer", ANSWERS)
def test_nobody_else_answers(answer: Answer, request_sent: FootageRequest, other_resident: User, deputy: User) -> None:
    strangers: list[User | Actor] = [other_resident, deputy, link_actor(request_at("sent"))]
    before = newest_id()
    for stranger in strangers:
        with pytest.raises(NotYours, match="There is no such request"):
            answer(request=request_sent, by=stranger)
    request_sent.refresh_from_db()
    assert request_sent.state == "sent"
    assert not events_after(before)


@pytest.mark.parametrize(
    ("answer", "has_footage"), [(request_services.give, 1), (request_services.answer_none, 0)], ids=["footage", "none"]
)
def test_the_deputy_who_asked_is_told_of_footage_and_of_none(
    answer: Answer, has_footage: int, request_sent: FootageRequest, deputy: User
) -> None:
    answer(request=request_sent, by=link_actor(request_sent))
    message = Message.objects.get()
    assert (message.kind, message.to) == (MessageKind.FOOTAGE_REPLY, deputy.email)
    assert message.context == {"request": str(request_sent.pk), "has_footage": has_footage}


def test_nobody_is_told_of_a_decline(request_sent: FootageRequest) -> None:
    request_services.decline(request=request_sent, by=link_actor(request_sent))
    assert not Message.objects.exists()


def test_a_second_file_tells_and_records_nothing_again(request_sent: FootageRequest) -> None:
    for _ in range(3):
        request_services.give(request=request_sent, by=link_actor(request_sent))
    assert len(entries_of(Event.REQUEST_ANSWERED_FOOTAGE)) == 1
    assert Message.objects.count() == 1


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (request_services.give, request_services.answer_none),
        (request_services.give, request_services.decline),
        (request_services.answer_none, request_services.decline),
    ],
)
def test_a_second_tab_is_told_what_was_answered(first: Answer, second: Answer, request_sent: FootageRequest) -> None:
    answered = first(request=request_sent, by=link_actor(request_sent))
    before = newest_id()
    with pytest.raises(Stale) as error:
        second(request=request_sent, by=link_actor(request_sent))
    assert error.value.sentence == f"You have already answered this request: {answered.get_state_display()}."
    assert error.value.subject == ("request", str(request_sent.pk))
    assert not events_after(before)


@pytest.mark.parametrize("answer", ANSWERS)
def test_a_request_whose_time_is_over_takes_no_answer_even_before_the_schedule_ends_it(
    answer: Answer, request_sent: FootageRequest
) -> None:
    let_time_pass(request_sent)
    with pytest.raises(Stale, match="This link has expired"):
        answer(request=request_sent, by=link_actor(request_sent))
    request_sent.refresh_from_db()
    assert request_sent.state == "sent"


def test_no_file_is_added_after_the_time_is_over(request_sent: FootageRequest) -> None:
    request_services.give(request=request_sent, by=link_actor(request_sent))
    let_time_pass(request_sent)
    with pytest.raises(Stale, match="This link has expired"):
        request_services.give(request=request_sent, by=link_actor(request_sent))


def test_no_file_is_added_to_a_closed_incident(request_sent: FootageRequest, deputy: User) -> None:
    request_services.give(request=request_sent, by=link_actor(request_sent))
    closed_for_good(request_sent.incident, by=deputy)
    with pytest.raises(Stale, match="This incident is closed"):
        request_services.give(request=request_sent, by=link_actor(request_sent))


def test_withdrawing_tells_the_owner_and_deletes_what_has_not_left(deputy: User) -> None:
    request = request_at("sent", by=deputy)
    assert Message.objects.filter(kind=MessageKind.FOOTAGE_REQUEST).exists()
    request_services.withdraw(request=request, by=deputy)
    request.refresh_from_db()
    assert (request.state, request.version) == ("withdrawn", 2)
    letters = Message.objects.filter(subject_id=str(request.pk))
    assert [(letter.kind, letter.to) for letter in letters] == [
        (MessageKind.REQUEST_WITHDRAWN, owner_of(request).email)
    ]


@pytest.mark.parametrize("state", ["expired", "withdrawn"])
def test_withdrawing_does_not_tell_a_deputy_what_came_of_it(state: str) -> None:
    request = request_at(state)
    before = newest_id()
    request_services.withdraw(request=request, by=request.incident.opened_by)
    request.refresh_from_db()
    assert request.state == state
    assert not events_after(before)


@pytest.mark.parametrize("state", ["footage", "none"])
def test_an_answer_the_deputy_knows_can_t_be_withdrawn(state: str) -> None:
    request = request_at(state)
    with pytest.raises(Stale, match="This request has been answered"):
        request_services.withdraw(request=request, by=request.incident.opened_by)


def test_only_those_assigned_withdraw(request_sent: FootageRequest, other_deputy: User, resident: User) -> None:
    for stranger in (other_deputy, resident):
        with pytest.raises(Refused):
            request_services.withdraw(request=request_sent, by=stranger)
    request_sent.refresh_from_db()
    assert request_sent.state == "sent"


def test_the_schedule_ends_exactly_what_is_over() -> None:
    over, other_over, young, answered = (request_at(state) for state in ("sent", "sent", "sent", "declined"))
    for request in (over, other_over, answered):
        let_time_pass(request)
    assert expire_requests() == 2
    assert expire_requests() == 0
    fresh = FootageRequest.objects.in_bulk([over.pk, other_over.pk, young.pk, answered.pk])
    states = [fresh[request.pk].state for request in (over, other_over, young, answered)]
    assert states == ["expired", "expired", "sent", "declined"]
    assert FootageRequest.objects.filter(state="expired").count() == 2
    entries = entries_of(Event.REQUEST_EXPIRED)
    assert {(entry.subject_id, entry.incident_id) for entry in entries} == {
        (str(request.pk), str(request.incident_id)) for request in (over, other_over)
    }


def test_the_schedule_works_in_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(request_services, "EXPIRED_AT_ONCE", 1)
    for _ in range(3):
        let_time_pass(request_at("sent"))
    assert request_services.expire_due() == 3


def test_a_registrant_sees_the_requests_that_wait_and_no_others(other_resident: User) -> None:
    registrant = registrant_at()
    resident = registrant.user
    waiting = request_at("sent", registrant=registrant)
    request_services.decline(request=request_at("sent", registrant=registrant), by=resident)
    let_time_pass(request_at("sent", registrant=registrant))
    assert list(selectors.requests_to_answer(registrant)) == [waiting]
    assert selectors.request(resident, waiting.pk) == waiting
    with pytest.raises(NotYours):
        selectors.request(other_resident, waiting.pk)


def test_an_actor_stays_itself(request_sent: FootageRequest, deputy: User) -> None:
    link = link_actor(request_sent)
    assert actor_of(link) is link
    assert actor_of(deputy).id == str(deputy.pk)
