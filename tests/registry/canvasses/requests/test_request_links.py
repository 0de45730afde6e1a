"""Links in messages: one owner, one request, ten days, nothing stored."""

import base64
import uuid

import pytest
from django.db import connection
from django.test import override_settings
from django.test.utils import CaptureQueriesContext

from audit.log.services import MASKED, masked_text
from fusus_portal.ground.lifecycle import NotYours, Stale
from fusus_portal.ground.signed_links import MAC_BYTES
from registry.canvasses.links import link_actor, request_of_link, token_for
from registry.canvasses.models import FootageRequest
from registry.canvasses.services import requests
from tests.factories import closed_for_good, let_time_pass, request_at
from tests.registry.entries import events_after, newest_id

pytestmark = pytest.mark.django_db


def make_world() -> FootageRequest:
    """Return a request that waits for its answer."""
    return request_at("sent")


@pytest.fixture
def asked(world: FootageRequest) -> FootageRequest:
    return world


def test_a_link_leads_to_its_request_and_to_no_other() -> None:
    one, other = request_at("sent"), request_at("sent")
    assert request_of_link(token_for(one)) == one
    assert request_of_link(token_for(other)) == other
    assert token_for(one) != token_for(other)


def test_a_token_fits_an_address_and_is_masked_in_the_log(asked: FootageRequest) -> None:
    token = token_for(asked)
    assert len(token) == 51
    assert set(token) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")
    assert masked_text(f"opened {token}") == f"opened {MASKED}"


def test_opening_a_link_acts_on_nothing(asked: FootageRequest) -> None:
    before = newest_id()
    with CaptureQueriesContext(connection) as captured:
        request_of_link(token_for(asked))
    assert [query["sql"].split()[0] for query in captured] == ["SELECT"]
    asked.refresh_from_db()
    assert asked.state == "sent"
    assert not events_after(before)


def test_every_single_bit_counts(asked: FootageRequest) -> None:
    token = token_for(asked)
    decoded = base64.urlsafe_b64decode(token + "=")
    for position in range(len(decoded) * 8):
        forged = bytearray(decoded)
        forged[position // 8] ^= 1 << position % 8
        with pytest.raises(NotYours, match="There is no such request"):
            request_of_link(base64.urlsafe_b64encode(forged).decode().rstrip("="))


@pytest.mark.parametrize(
    "token", ["", "x", "example", "ä" * 51, "A" * 51, "A" * 500, "../../etc/passwd", "%00", "A" * 50 + "!", "AA=="]
)
def test_what_is_no_token_leads_nowhere(asked: FootageRequest, token: str) -> None:
    assert asked.state == "sent"
    with pytest.raises(NotYours, match="There is no such request"):
        request_of_link(token)


def test_a_token_of_nothing_leads_nowhere(asked: FootageRequest) -> None:
    asked.pk = uuid.uuid4()
    with pytest.raises(NotYours):
        request_of_link(token_for(asked))


def test_a_token_of_another_installation_leads_nowhere(asked: FootageRequest) -> None:
    with override_settings(SECRET_KEY="of another installation"):
        token = token_for(asked)
    with pytest.raises(NotYours):
        request_of_link(token)


def test_a_token_of_a_version_to_come_leads_nowhere(asked: FootageRequest) -> None:
    asked.version = 2
    with pytest.raises(NotYours):
        request_of_link(token_for(asked))


def test_a_withdrawn_link_says_so(asked: FootageRequest) -> None:
    token = token_for(asked)
    requests.withdraw(request=asked, by=asked.incident.opened_by)
    with pytest.raises(Stale) as error:
        request_of_link(token)
    assert error.value.sentence == "This request was withdrawn. Nothing more is needed from you. Thank you."
    assert error.value.subject == ("request", str(asked.pk))


def test_a_withdrawn_request_has_no_new_link_either() -> None:
    with pytest.raises(Stale, match="This request was withdrawn"):
        request_of_link(token_for(request_at("withdrawn")))


@pytest.mark.parametrize("state", ["sent", "footage", "none", "declined"])
def test_a_link_ends_after_its_days(state: str) -> None:
    request = request_at(state)
    token = token_for(request)
    assert request_of_link(token) == request
    let_time_pass(request)
    with pytest.raises(Stale) as error:
        request_of_link(token)
    assert error.value.sentence == "This link has expired. Footage can no longer be given through it."


def test_an_expired_request_says_so() -> None:
    with pytest.raises(Stale, match="This link has expired"):
        request_of_link(token_for(request_at("expired")))


def test_a_link_of_a_closed_incident_says_so(asked: FootageRequest) -> None:
    token = token_for(asked)
    requests.give(request=asked, by=link_actor(asked))
    closed_for_good(asked.incident)
    with pytest.raises(Stale) as error:
        request_of_link(token)
    assert error.value.sentence == "This incident is closed. Nothing more is needed from you. Thank you."


def test_the_seal_of_a_token_is_long_enough_and_nothing_of_it_is_stored() -> None:
    assert MAC_BYTES >= 16
    assert not [field.name for field in FootageRequest._meta.get_fields() if "token" in field.name]
