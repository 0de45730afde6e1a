"""An owner who changes their mind: the agency reads the last answer as if it were the first."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from audit.log.events import Event
from audit.log.models import AuditEntry
from fusus_portal.ground.lifecycle import Stale
from fusus_portal.ground.notifications.kinds import MessageKind
from fusus_portal.ground.notifications.models import Message
from registry.canvasses.links import link_actor, token_for
from registry.canvasses.models import FootageRequest
from registry.canvasses.selectors import follow_up
from registry.canvasses.services import canvasses, requests
from registry.incidents import selectors as incidents
from tests.factories import request_at
from tests.people import sign_in
from tests.registry.footage.footage import chosen, given, ready

pytestmark = pytest.mark.django_db
MIND = "Did you change your mind?"


def page_of(request: FootageRequest, name: str = "reply") -> str:
    return Client().get(reverse(name, args=[token_for(request)])).content.decode()


def told_to_the_deputy(request: FootageRequest) -> list[int]:
    letters = Message.objects.filter(kind=MessageKind.FOOTAGE_REPLY, to=request.canvass.asker.email)
    return [letter.context["has_footage"] for letter in letters.order_by("queued_at")]


def story_of(request: FootageRequest) -> list[str]:
    replies = incidents.story_stretch(request.incident, kind="replies").entries
    return [entry.event for entry in replies]


def test_rather_not_becomes_none_over_http_and_reads_as_the_first_answer() -> None:
    request = request_at("declined")
    assert MIND in page_of(request)
    assert reverse("reply_footage", args=[token_for(request)]) in page_of(request)
    with time_machine.travel(timezone.now() + timedelta(hours=5), tick=False):
        answer = Client().post(reverse("reply_none", args=[token_for(request)]))
        assert answer.headers["Location"] == reverse("reply", args=[token_for(request)])
        now = timezone.now()
    [reply] = follow_up(request.canvass).replies
    assert (reply.has_footage, reply.replied_at) == (False, now)
    assert told_to_the_deputy(request) == [0]
    assert story_of(request) == [Event.REQUEST_ANSWERED_NONE]


@pytest.mark.parametrize("answer", [requests.decline, requests.answer_none])
def test_what_was_given_and_waits_for_its_check_is_the_answer(answer: Callable[..., FootageRequest]) -> None:
    request = request_at("sent")
    chosen(ready(request))
    with pytest.raises(Stale, match="is being checked now"):
        answer(request=request, by=link_actor(request))
    request.refresh_from_db()
    assert request.state == "sent"


def test_rather_not_becomes_footage() -> None:
    request = request_at("declined")
    given(request)
    request.refresh_from_db()
    assert request.state == "footage"
    assert told_to_the_deputy(request) == [1]
    assert MIND not in page_of(request)


def test_a_none_that_became_footage_is_in_no_story_of_the_agency() -> None:
    request = request_at("none")
    assert story_of(request) == [Event.REQUEST_ANSWERED_NONE]
    assert reverse("reply_none", args=[token_for(request)]) not in page_of(request)
    requests.give(request=request, by=link_actor(request))
    assert told_to_the_deputy(request) == [1]
    assert story_of(request) == [Event.REQUEST_ANSWERED_FOOTAGE]
    assert Event.REQUEST_ANSWERED_NONE not in [entry.event for entry in incidents.whole_story(request.incident).entries]
    assert AuditEntry.objects.filter(event=Event.REQUEST_ANSWERED_NONE).exists()
    deputy = sign_in(request.canvass.asker)
    page = deputy.get(reverse("incident_log", args=[request.incident_id])).content.decode()
    assert "answered that there is no footage" not in page


@pytest.mark.parametrize("state", ["footage", "none"])
def test_what_was_told_never_becomes_rather_not(state: str) -> None:
    request = request_at(state)
    with pytest.raises(Stale, match="already answered"):
        requests.decline(request=request, by=link_actor(request))


def test_after_the_last_day_nothing_is_changed() -> None:
    request = request_at("declined")
    with time_machine.travel(request.expires_at, tick=False):
        assert Client().post(reverse("reply_none", args=[token_for(request)])).status_code == 409
    request.refresh_from_db()
    assert request.state == "declined"


def test_what_the_office_took_back_is_answered_no_more_whether_it_was_declined_or_not() -> None:
    for state, told in (("sent", 1), ("declined", 0)):
        request = request_at(state)
        canvasses.withdraw(canvass=request.canvass, by=request.canvass.asker)
        request.refresh_from_db()
        assert (request.state, request.replied_at) == ("withdrawn", None)
        assert "This request was withdrawn." in page_of(request)
        with pytest.raises(Stale):
            requests.answer_none(request=request, by=link_actor(request))
        letters = Message.objects.filter(kind=MessageKind.REQUEST_WITHDRAWN, subject_id=str(request.pk))
        assert letters.count() == told
