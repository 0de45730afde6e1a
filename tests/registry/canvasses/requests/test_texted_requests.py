"""Requests by text, to owners who want them, until they answer STOP, in mid-canvass too. Deputies see nothing of it."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from audit.log.events import Event
from audit.log.models import AuditEntry
from fusus_portal.ground.notifications.kinds import MessageKind
from fusus_portal.ground.notifications.models import By, Message, TextNumber
from fusus_portal.ground.notifications.services import delivery
from registry.canvasses.links import link_actor, token_for
from registry.canvasses.models import Canvass, FootageRequest
from registry.canvasses.services import canvasses, requests
from registry.registrants.models import Registrant
from registry.rules import REMIND_AFTER
from tests.factories import LINN_PARK, draft_of, incident_at, north_of, registrant_at
from tests.notifications.texting import fresh, turned_on
from tests.peers.texts import SENDER, TextPeer
from tests.peers.web import WebServer
from tests.people import sign_in

FIRST, SECOND, THIRD = NUMBERS = ("+12055550110", "+12055550111", "+12055550112")


def sent() -> Canvass:
    """Return a canvass that was sent to all owners nearby."""
    canvass = draft_of(incident_at())
    canvasses.send(canvass=canvass, by=canvass.created_by)
    return canvass


def texting(number: str, **wishes: bool) -> tuple[Registrant, TextNumber]:
    """Return an owner who wants texts."""
    owner = registrant_at(north_of(LINN_PARK, 10 * int(number[-1])))
    return owner, turned_on(owner.user, number=number, **wishes)


def waiting_text(number: str, kind: MessageKind = MessageKind.FOOTAGE_REQUEST) -> Message | None:
    return Message.objects.filter(channel=By.TEXT, to=number, kind=kind).first()


def let_wait(waited: timedelta) -> None:
    """Let all requests have been sent so long ago."""
    for request in FootageRequest.objects.all():
        FootageRequest.objects.filter(pk=request.pk).update(sent_at=timezone.now() - waited)


def replies_page(browser: Client, canvass: Canvass) -> str:
    """Return what the deputy reads, without what differs between any two answers."""
    page = browser.get(reverse("canvass_replies", args=[canvass.pk])).content.decode()
    return re.sub(r'(csrfmiddlewaretoken" value=")\w+', r"\1", page)


@pytest.mark.django_db
def test_the_text_of_a_request_holds_the_link_that_answers_it(text_peer: TextPeer) -> None:
    owner, _number = texting(FIRST)
    canvass = sent()
    text = waiting_text(FIRST)
    assert text is not None
    assert delivery.deliver(pk=text.pk)
    (taken,) = text_peer.messages
    request = FootageRequest.objects.get(registrant=owner)
    link = f"http://localhost:8000/requests/{token_for(request)}/"
    assert taken["body"].endswith(f": {link}")
    said = taken["body"].removesuffix(link)
    for name in (canvass.incident.number, request.number, canvass.incident.place, "Camera 1", "20th Street"):
        assert name not in said


@pytest.mark.django_db
def test_an_answer_ends_the_texts_that_wait(text_peer: TextPeer) -> None:
    owner, _number = texting(FIRST)
    sent()
    let_wait(REMIND_AFTER[0])
    assert requests.remind_due() == 1
    assert waiting_text(FIRST, MessageKind.FOOTAGE_REMINDER) is not None
    request = FootageRequest.objects.get(registrant=owner)
    requests.decline(request=request, by=link_actor(request))
    let_wait(REMIND_AFTER[1])
    assert requests.remind_due() == 0


@pytest.mark.django_db
def test_a_withdrawn_request_takes_its_text_along(text_peer: TextPeer) -> None:
    texting(FIRST)
    canvass = sent()
    canvasses.withdraw(canvass=canvass, by=canvass.created_by)
    assert waiting_text(FIRST) is None


def test_a_stop_and_a_landline_in_the_middle_of_a_canvass(text_peer: TextPeer, texting_portal: WebServer) -> None:
    owners = [texting(number) for number in NUMBERS]
    canvass = sent()
    deputy = sign_in(canvass.created_by)
    before = replies_page(deputy, canvass)
    texts = [waiting_text(number) for number in NUMBERS]
    assert all(delivery.deliver(pk=text.pk) for text in (texts[0], texts[2]) if text)

    stop = {"From": SECOND, "To": SENDER, "Body": "Stop", "MessageSid": "SM1"}
    heard = text_peer.call(f"{texting_portal.url}/texts/inbound/", stop, times=2)
    landline = {"To": THIRD, "MessageStatus": "undelivered", "ErrorCode": "30006"}
    assert texts[2] is not None
    address = f"{texting_portal.url}/texts/{texts[2].pk}/status/"
    heard += text_peer.call(address, landline, times=2)
    assert [answer["status"] for answer in heard] == [200, 200, 204, 204]

    assert waiting_text(SECOND) is None
    assert [taken["to"] for taken in text_peer.messages] == [FIRST, THIRD]
    assert [fresh(number).is_on for _owner, number in owners] == [True, False, False]
    for event in (Event.TEXTS_STOPPED, Event.TEXT_NOT_DELIVERED, Event.TEXT_UNREACHABLE):
        assert AuditEntry.objects.filter(event=event).count() == 1
    assert replies_page(deputy, canvass) == before

    let_wait(REMIND_AFTER[0])
    assert requests.remind_due() == 3
    written = Message.objects.filter(kind=MessageKind.FOOTAGE_REMINDER)
    assert set(written.filter(channel=By.TEXT).values_list("to", flat=True)) == {FIRST}
    assert written.filter(channel=By.EMAIL).count() == 3
