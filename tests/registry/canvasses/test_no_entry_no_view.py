"""Promise R5 over HTTP: with its entry a page opens and an act counts; without it nothing is shown and nothing done."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.test import Client
from django.urls import reverse

from audit.log.models import AuditEntry
from fusus_portal.ground.accounts.models import User
from registry.canvasses.links import token_for
from registry.canvasses.models import Canvass, FootageRequest
from registry.canvasses.services import canvasses
from registry.canvasses.states import RequestState
from registry.footage.models import Evidence
from registry.places.models import Premises
from registry.registrants.models import Registrant
from tests.factories import LINN_PARK, REASON, draft_of, incident_at, north_of, person, registrant_at
from tests.people import sign_in
from tests.registry.footage.footage import given

pytestmark = pytest.mark.django_db

SECRET = "3 Quokka Lane"
"""Where an owner lives."""


@dataclass
class World:
    """A deputy with a canvass that is drawn and one that was answered, and the owner who answered."""

    deputy: User
    owner: Registrant
    draft: Canvass
    evidence: Evidence
    waiting: FootageRequest


def make_world() -> World:
    deputy = person("deputy")
    owner, other = registrant_at(), registrant_at(north_of(LINN_PARK, 30))
    Premises.objects.all().update(street=SECRET)
    incident = incident_at(by=deputy)
    canvass = canvasses.send(canvass=draft_of(incident), by=deputy)
    answered = FootageRequest.objects.get(canvass=canvass, registrant=owner)
    evidence = given(answered, content=b"\xff\xd8\xff\xe0" + b"a picture" * 99, name="quokka.jpg")
    waiting = FootageRequest.objects.get(canvass=canvass, registrant=other)
    registrant_at(north_of(LINN_PARK, 60))
    Premises.objects.all().update(street=SECRET)
    return World(deputy, owner, draft_of(incident_at(by=deputy)), evidence, waiting)


@contextmanager
def no_entry_can_be_written() -> Iterator[None]:
    """Let the database take everything but an entry."""

    def refuse(execute: Callable[..., Any], sql: str, *arguments: Any) -> Any:
        if sql.startswith("INSERT") and '"audit_entry"' in sql:
            raise OperationalError("no room for an entry")
        return execute(sql, *arguments)

    with connection.execute_wrapper(refuse):
        yield


def shown(browser: Client, method: str, address: str, **typed: str) -> str:
    """Return all that an answer hands over, as text; nothing of an answer that says that it failed."""
    browser.raise_request_exception = False
    answer: Any = getattr(browser, method)(address, typed)
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return body.decode(errors="replace") if answer.status_code == 200 else f"{answer.status_code}"


LOOKS: dict[str, Callable[[World], tuple[str, str, str]]] = {
    "the addresses of a search": lambda w: ("get", reverse("canvass", args=[w.draft.pk]), SECRET),
    "the sheet for going door to door": lambda w: (
        "get",
        reverse("canvass_sheet", args=[w.evidence.request.canvass_id]),
        SECRET,
    ),
    "what is known of a file": lambda w: ("get", reverse("evidence", args=[w.evidence.pk]), "quokka.jpg"),
    "an incident": lambda w: ("get", reverse("incident", args=[w.draft.incident_id]), w.draft.incident.place),
    "its canvasses": lambda w: (
        "get",
        reverse("incident_canvasses", args=[w.draft.incident_id]),
        w.draft.incident.place,
    ),
    "its log": lambda w: ("get", reverse("incident_log", args=[w.draft.incident_id]), w.draft.incident.place),
    "the list of footage": lambda w: (
        "get",
        reverse("evidence_list", args=[w.evidence.request.incident_id]),
        w.evidence.number,
    ),
    "the replies": lambda w: (
        "get",
        reverse("incident_replies", args=[w.evidence.request.incident_id]),
        w.evidence.number,
    ),
    "where footage was recorded": lambda w: ("get", reverse("evidence_place", args=[w.evidence.pk]), SECRET),
}


@pytest.mark.parametrize("look", LOOKS)
def test_what_is_private_is_shown_with_its_entry_and_not_without(world: World, look: str) -> None:
    method, address, private = LOOKS[look](world)
    browser, before = sign_in(world.deputy), AuditEntry.objects.count()
    with no_entry_can_be_written():
        assert private not in shown(browser, method, address)
    assert AuditEntry.objects.count() == before
    assert private in shown(browser, method, address)
    assert AuditEntry.objects.count() > before


def test_an_owner_s_own_copy_too(world: World) -> None:
    browser = sign_in(world.owner.user)
    with no_entry_can_be_written():
        for name in ("export_data", "looks_copy"):
            assert shown(browser, "post", reverse(name)).isdecimal()
    assert shown(browser, "post", reverse("looks_copy")).count("\n") > 1


def test_footage_is_not_played(world: World) -> None:
    browser = sign_in(world.deputy)
    address, stream = (reverse(name, args=[world.evidence.pk]) for name in ("evidence", "evidence_stream"))
    with no_entry_can_be_written():
        assert "data-player" not in shown(browser, "post", address, reason=REASON, act="view")
        assert "a picture" not in shown(browser, "get", stream)
    assert "a picture" not in shown(browser, "get", stream)


def test_an_answer_of_an_owner_does_not_count(world: World) -> None:
    address = reverse("reply_none", args=[token_for(world.waiting)])
    with no_entry_can_be_written():
        shown(Client(), "post", address)
    world.waiting.refresh_from_db()
    assert world.waiting.state == RequestState.SENT
    shown(Client(), "post", address)
    world.waiting.refresh_from_db()
    assert world.waiting.state == RequestState.NONE
