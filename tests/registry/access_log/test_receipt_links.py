"""Links to receipts: derived, not stored; 90 days; they end when the owner leaves, whatever becomes of the request."""

import base64
from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from fusus_portal.ground.lifecycle import NotYours, Stale
from registry.canvasses import links
from registry.canvasses.models import FootageRequest
from registry.canvasses.services import canvasses
from registry.people.services import registrants
from registry.rules import RECEIPT_LINK_LIFE
from tests.factories import request_at

pytestmark = pytest.mark.django_db


def request_of(token: str) -> FootageRequest:
    """Return the request of a link that works."""
    link = links.receipt_link_of(token)
    link.must_work()
    return link.request


def test_a_token_leads_to_its_request() -> None:
    request = request_at("sent")
    token = links.receipts_token(request)
    assert len(token) == 54
    assert request_of(token) == request
    assert str(request.pk) not in token


def test_it_outlives_the_request_and_not_its_own_time() -> None:
    request = request_at("sent")
    token = links.receipts_token(request)
    canvasses.withdraw(canvass=request.canvass, by=request.canvass.asker)
    with pytest.raises(Stale):
        links.request_of_link(links.token_for(request))
    assert request_of(token) == request
    with time_machine.travel(timezone.now() + RECEIPT_LINK_LIFE - timedelta(minutes=1), tick=False):
        assert request_of(token) == request
    with (
        time_machine.travel(timezone.now() + RECEIPT_LINK_LIFE + timedelta(minutes=1), tick=False),
        pytest.raises(Stale, match="expired"),
    ):
        request_of(token)


def test_it_ends_when_the_owner_leaves() -> None:
    request = request_at("sent")
    token = links.receipts_token(request)
    owner = request.registrant
    assert owner is not None
    registrants.leave(registrant=owner, by=owner.user)
    with pytest.raises(NotYours):
        request_of(token)


def forged(token: str, place: int) -> str:
    """Return a token in which one bit of one byte is another."""
    decoded = bytearray(base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)))
    decoded[place] ^= 1
    return base64.urlsafe_b64encode(bytes(decoded)).decode().rstrip("=")


def test_no_other_token_leads_anywhere() -> None:
    request = request_at("sent")
    token = links.receipts_token(request)
    others = [forged(token, place) for place in range(40)]
    made_up = [
        "",
        "made-up",
        token[:-4],
        token + "AAAA",
        links.token_for(request),
        token.replace(token[5], "é", 1),
    ]
    for other in [*others, *made_up]:
        with pytest.raises(NotYours):
            request_of(other)


def test_a_link_to_receipts_answers_nothing() -> None:
    request = request_at("sent")
    with pytest.raises(NotYours):
        links.request_of_link(links.receipts_token(request))
    assert FootageRequest.objects.get().state == "sent"
