"""Consequences of a closing come ten minutes later, and the closing can be taken back until then."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import partial

import pytest
import time_machine
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from audit.log.events import Event
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.accounts.roles import Role
from fusus_portal.ground.lifecycle import Refused, Stale
from fusus_portal.ground.notifications.kinds import MessageKind
from fusus_portal.ground.notifications.models import Message
from integration.critical.models import Declaration
from registry.canvasses.links import link_actor
from registry.canvasses.models import FootageRequest
from registry.canvasses.services import requests
from registry.canvasses.states import RequestState
from registry.incidents.models import Incident
from registry.incidents.services import incidents
from registry.incidents.states import IncidentState
from tests.factories import closed_for_good, draft_of, incident_at, person, request_at
from tests.integration.critical.scenes import AGAIN, scene
from tests.people import sign_in
from tests.registry.entries import entries_of
from tests.registry.test_races import at_once

pytestmark = pytest.mark.django_db

TEN = timedelta(minutes=10)


@pytest.fixture
def request_sent() -> FootageRequest:
    """Return a request that waits, of an open incident."""
    return request_at("sent")


@contextmanager
def after(span: timedelta) -> Iterator[None]:
    with time_machine.travel(timezone.now() + span, tick=False):
        yield


def close(request: FootageRequest, by: User | None = None) -> Incident:
    incident = request.incident
    return incidents.close(incident=incident, by=by or incident.opened_by)


def told() -> int:
    return Message.objects.filter(kind=MessageKind.REQUEST_WITHDRAWN).count()


def test_owners_are_told_in_ten_minutes_and_not_before(request_sent: FootageRequest) -> None:
    close(request_sent)
    with after(TEN - timedelta(seconds=1)):
        assert incidents.settle_closings() == 0
    request_sent.refresh_from_db()
    assert (request_sent.state, told()) == (RequestState.SENT, 0)
    with after(TEN):
        assert incidents.settle_closings() == 1
        assert incidents.settle_closings() == 0
    request_sent.refresh_from_db()
    assert (request_sent.state, told()) == (RequestState.WITHDRAWN, 1)
    [entry] = entries_of(Event.INCIDENT_SETTLED)
    assert (entry.subject_id, entry.actor_kind) == (str(request_sent.incident_id), "task")


def test_a_worker_that_was_down_for_an_hour_carries_it_out(request_sent: FootageRequest) -> None:
    closed = close(request_sent)
    with after(timedelta(hours=1)):
        with pytest.raises(Stale, match="ten minutes"):
            incidents.reopen(incident=closed, by=closed.opened_by)
        assert incidents.settle_closings() == 1
    assert told() == 1


def test_an_owner_can_answer_until_it_is_carried_out(request_sent: FootageRequest) -> None:
    close(request_sent)
    requests.answer_none(request=request_sent, by=link_actor(request_sent))
    with after(TEN):
        incidents.settle_closings()
        request_sent.refresh_from_db()
        assert (request_sent.state, told()) == (RequestState.NONE, 0)
        with pytest.raises(Stale, match="Nothing more is needed"):
            requests.give(request=request_sent, by=link_actor(request_sent))


def test_taken_back_it_is_open_as_before_and_nobody_was_told(request_sent: FootageRequest) -> None:
    closed = close(request_sent)
    with after(TEN - timedelta(seconds=1)):
        reopened = incidents.reopen(incident=closed, by=closed.opened_by)
    assert (reopened.state, reopened.closed_at, reopened.closed_by) == (IncidentState.OPEN, None, None)
    with after(timedelta(hours=1)):
        assert incidents.settle_closings() == 0
    request_sent.refresh_from_db()
    assert (request_sent.state, told()) == (RequestState.SENT, 0)
    assert len(entries_of(Event.INCIDENT_REOPENED)) == 1
    assert draft_of(reopened)


def test_what_ended_at_once_stays_ended() -> None:
    made = scene()
    view = made.view()
    closed = incidents.close(incident=made.incident, by=made.supervisor)
    incidents.reopen(incident=closed, by=made.supervisor)
    view.refresh_from_db()
    assert (view.state, Declaration.objects.get().state) == ("ended", "ended")
    with pytest.raises(Refused, match="not declared critical"):
        made.view(reason=AGAIN)


def test_its_ten_minutes_count_from_the_last_closing(request_sent: FootageRequest) -> None:
    closed = close(request_sent)
    with after(timedelta(minutes=9)):
        incidents.reopen(incident=closed, by=closed.opened_by)
        close(request_sent)
    with after(TEN):
        assert incidents.settle_closings() == 0
    with after(timedelta(minutes=19)):
        assert incidents.settle_closings() == 1


def test_at_the_eleventh_minute_it_is_refused_even_before_it_is_carried_out(request_sent: FootageRequest) -> None:
    closed = close(request_sent)
    with after(TEN), pytest.raises(Stale, match="are over"):
        incidents.reopen(incident=closed, by=closed.opened_by)


def test_the_deputy_who_closed_it_takes_it_back_or_a_supervisor_and_nobody_else() -> None:
    made = scene(critical=False)
    other = made.colleague()
    closed = incidents.close(incident=made.incident, by=made.deputy)
    with pytest.raises(Refused, match="Only the person who closed"):
        incidents.reopen(incident=closed, by=other)
    with pytest.raises(Refused, match="assigned"):
        incidents.reopen(incident=closed, by=person(Role.DEPUTY))
    incidents.reopen(incident=closed, by=person(Role.SUPERVISOR))


def lapsed() -> Incident:
    """Return an incident that the clock closed, with its requests."""
    incident = incident_at(verified=False)
    with after(timedelta(hours=25)):
        incidents.close_unverified()
    incident.refresh_from_db()
    assert incident.settled_at == incident.lapsed_at
    return incident


@pytest.mark.parametrize(
    ("before", "said"),
    [
        (incident_at, "is open"),
        (lambda: closed_for_good(incident_at()), "are over"),
        (lapsed, "nobody verified it in time"),
    ],
    ids=["open", "carried out", "lapsed"],
)
def test_nothing_else_is_taken_back(before: Callable[[], Incident], said: str) -> None:
    incident = before()
    with pytest.raises(Stale, match=said):
        incidents.reopen(incident=incident, by=person(Role.SUPERVISOR))


def test_taking_it_back_gives_an_unverified_one_no_more_than_its_day() -> None:
    incident = incident_at(verified=False)
    with after(timedelta(hours=23, minutes=55)):
        incidents.close(incident=incident, by=incident.opened_by)
    with after(timedelta(hours=24, minutes=1)):
        incidents.reopen(incident=incident, by=incident.opened_by)
        assert incidents.close_unverified() == 1


def test_the_database_opens_none_again_whose_owners_were_told() -> None:
    incident = closed_for_good(incident_at())
    for changes in ({"state": "open", "closed_at": None, "closed_by": None, "settled_at": None}, {"settled_at": None}):
        with pytest.raises(DatabaseError, match="stays closed"), transaction.atomic():
            Incident.objects.filter(pk=incident.pk).update(**changes)


@pytest.mark.django_db(transaction=True)
class TestAtOnce:
    def test_of_two_who_take_it_back_one_does(self) -> None:
        closed = incidents.close(incident=(incident := incident_at()), by=incident.opened_by)
        outcomes = at_once(
            *(partial(incidents.reopen, incident=closed, by=by) for by in (incident.opened_by, person("supervisor")))
        )
        [refused] = [each for each in outcomes if isinstance(each, Exception)]
        assert isinstance(refused, Stale)
        assert len(entries_of(Event.INCIDENT_REOPENED)) == 1

    def test_of_two_workers_one_tells_owners(self) -> None:
        request = request_at("sent")
        close(request)
        Incident.objects.filter(pk=request.incident_id).update(closed_at=timezone.now() - TEN)
        assert sorted(at_once(incidents.settle_closings, incidents.settle_closings)) == [0, 1]
        assert told() == 1


class TestPage:
    def test_it_says_what_waits_and_until_when_and_one_press_takes_it_back(
        self, deputy: User, deputy_client: Client
    ) -> None:
        incident = incident_at(by=deputy)
        page = deputy_client.post(reverse("incident_close", args=[incident.pk]), follow=True).content.decode()
        assert "For ten minutes you can take that back" in page
        assert "this can be taken back, and owners can still answer" in page
        reopen = reverse("incident_reopen", args=[incident.pk])
        assert f'action="{reopen}"' in page
        page = deputy_client.post(reopen, follow=True).content.decode()
        assert "Taken back. The incident is open again" in page
        assert reopen not in page

    def test_afterwards_the_button_is_gone_and_the_press_says_why(self, deputy: User, deputy_client: Client) -> None:
        incident = incident_at(by=deputy)
        incidents.close(incident=incident, by=deputy)
        reopen = reverse("incident_reopen", args=[incident.pk])
        Incident.objects.filter(pk=incident.pk).update(closed_at=timezone.now() - TEN)
        page = deputy_client.get(reverse("incident", args=[incident.pk])).content.decode()
        assert reopen not in page
        assert "are told about now" in page
        answer = deputy_client.post(reopen)
        assert answer.status_code == 409
        assert "are over" in answer.content.decode()

    def test_somebody_else_on_it_reads_who_can(self) -> None:
        made = scene(critical=False)
        other = made.colleague()
        incidents.close(incident=made.incident, by=made.deputy)
        page = sign_in(other).get(reverse("incident", args=[made.incident.pk])).content.decode()
        assert "Only the person who closed this incident, or a supervisor, can take that back." in page

    def test_another_deputy_s_incident_is_not_there(self, other_deputy_client: Client) -> None:
        closed = incidents.close(incident=(incident := incident_at()), by=incident.opened_by)
        assert other_deputy_client.post(reverse("incident_reopen", args=[closed.pk])).status_code == 404
