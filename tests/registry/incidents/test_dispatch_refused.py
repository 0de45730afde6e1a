"""The address where dispatch delivers: what is refused as a whole, and how it is answered."""

import base64
import json
import time
from typing import Any

import pytest
from django.db import DatabaseError
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from time_machine import TimeMachineFixture

from audit.log import services
from audit.log.events import Event
from audit.log.models import AuditTally
from registry.incidents.dispatch_format import LARGEST_BYTES, MOST_INCIDENTS
from registry.incidents.models import DispatchDelivery, Incident
from registry.incidents.services import dispatch
from tests.factories import person
from tests.registry.entries import entries_of
from tests.registry.incidents.dispatching import Sender, deliver, item, told

pytestmark = pytest.mark.django_db


def test_nothing_is_taken_without_a_key_that_counts(sender: Sender) -> None:
    stranger, proposed = Sender(source="city-cad", approved=False), Sender(source="rural-cad")
    dispatch.retire_key(key=proposed.key, by=person("administrator"))
    other_key = stranger.token(item(), header={"kid": sender.key.key_id})
    head, payload, signature = sender.token(item()).split(".")
    forged = json.loads(base64.urlsafe_b64decode(payload + "=="))
    forged["incidents"][0]["number"] = "2026-666666"
    changed = base64.urlsafe_b64encode(json.dumps(forged).encode()).rstrip(b"=").decode()
    unsigned = base64.urlsafe_b64encode(json.dumps({"alg": "none", "kid": sender.key.key_id}).encode())
    tokens: list[str | bytes] = [
        stranger.token(item()),
        proposed.token(item()),
        other_key,
        f"{head}.{changed}.{signature}",
        f"{unsigned.rstrip(b'=').decode()}.{payload}.",
        f"{head}.{payload}.",
        sender.token(item(), header={"alg": "HS256"}),
        sender.token(item(), header={"kid": "nobody"}),
        sender.token(item(), header={"kid": "no\0body"}),
        json.dumps(item()),
        "a.b.c",
        b"\xff\xfe",
    ]
    answers = [deliver(token) for token in tokens]
    assert {answer.status_code for answer in answers} == {401}
    assert len({answer.content for answer in answers}) == 1
    assert not Incident.objects.exists()
    assert sum(AuditTally.objects.values_list("count", flat=True)) == len(tokens)  # one tally a minute


@pytest.mark.parametrize("seconds", [-301, 301])
def test_it_must_be_fresh(sender: Sender, seconds: int, time_machine: TimeMachineFixture) -> None:
    time_machine.move_to(timezone.now(), tick=False)
    response = deliver(sender.token(item(), iat=int(time.time()) + seconds))
    assert (response.status_code, told(response)["type"]) == (400, "urn:fusus-portal:dispatch:stale")
    (entry,) = entries_of(Event.DISPATCH_REFUSED)
    assert (entry.actor_id, entry.facts, entry.outcome) == (sender.key.key_id, {"code": "stale"}, "refused")


def test_it_counts_once(sender: Sender) -> None:
    token = sender.token(item())
    assert deliver(token).status_code == 200
    again = deliver(token)
    assert (again.status_code, told(again)["type"]) == (409, "urn:fusus-portal:dispatch:replay")
    following = Sender()
    twin = following.token(item("2026-500002"), jti=DispatchDelivery.objects.get().delivery)
    assert deliver(twin).status_code == 409


@pytest.mark.parametrize(
    "claims",
    [
        {"incidents": []},
        {"incidents": "all"},
        {"incidents": [{}] * (MOST_INCIDENTS + 1)},
        {"jti": ""},
        {"jti": 7},
        {"iat": "now"},
        {"iat": 1e300},
        {"iss": "another-cad"},
        {"iss": None},
    ],
)
def test_what_is_signed_and_not_the_format_says_what_is_wrong(sender: Sender, claims: dict[str, Any]) -> None:
    response = deliver(sender.token(item(), **claims))
    assert response.status_code in {400, 401}
    assert told(response)["detail"]
    assert not Incident.objects.exists()


def test_it_says_how_to_deliver(sender: Sender, client: Client) -> None:
    assert client.get(reverse("dispatch_incidents")).status_code == 405
    assert deliver(sender.token(item()), content_type="application/json").status_code == 415
    assert deliver(b"x" * (LARGEST_BYTES + 1)).status_code == 413
    assert not Incident.objects.exists()


def test_too_many_are_told_to_wait(sender: Sender) -> None:
    answers = [deliver("no") for _ in range(61)]
    assert (answers[-1].status_code, answers[-1]["Retry-After"]) == (429, "60")
    assert answers[-1]["Content-Type"] == "application/problem+json"


def test_without_a_log_nothing_is_taken(sender: Sender, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_room(**_entry: object) -> None:
        raise DatabaseError("no room")

    token = sender.token(item())
    monkeypatch.setattr(dispatch, "record", no_room)
    assert deliver(token).status_code == 503
    assert not Incident.objects.exists()
    monkeypatch.setattr(dispatch, "record", services.record)
    assert deliver(token).status_code == 200
