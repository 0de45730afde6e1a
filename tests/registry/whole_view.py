"""Everything that a deputy and a supervisor can open, as one text for each answer, so that two stories can be compared.

Every address of the console is opened with each object that it shows, and in every narrowing that a page offers, by a
link to itself or by a form. Asked for everything, every other address that they may open is opened too, and each is
sent an empty form. A new address is walked without being named here.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from html import unescape
from http import HTTPStatus
from http.cookies import SimpleCookie
from itertools import product
from typing import Any

from django.core.cache import cache
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from fusus_portal.access.evened import is_evened
from fusus_portal.accounts.models import User
from fusus_portal.accounts.roles import AGENCY_ROLES
from fusus_portal.notifications.models import Message
from registry.models import Camera, Canvass, Evidence, FootageRequest, Incident
from tests.access.addresses import MADE_UP, Address, addresses
from tests.access.urls import ROWS
from tests.people import sign_in

BEGINNING = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)
ROLES = ("deputy", "supervisor")
WATCHED = ("console/", "transparency/")
NEW_EACH_TIME = {"mfa_activate_totp", "mfa_add_webauthn", "mfa_reauthenticate", "mfa_reauthenticate_webauthn"}
"""Pages of one's own account with a secret or a challenge that is made anew; they know nothing of requests."""

NEVER_THE_SAME = ("Set-Cookie", "Date", "Content-Length")
"""A length is the text's, in which a time of the log may be a digit longer."""

TO_ITSELF = re.compile(r'href="([^"?#]*)\?([^"#]+)"')
FORM = re.compile(r"<form(?![^>]*post)[^>]*>(.*?)</form>", re.DOTALL)
CHOICE = re.compile(r'<select[^>]* name="([^"]+)"[^>]*>(.*?)</select>', re.DOTALL)
OPTION = re.compile(r'<option value="([^"]+)"')


@dataclass
class World:
    """A canvass that asked three owners: one gave footage, one has none, one is about to decide.

    second: a later search of the same place, which finds the three again, and a fourth who came since.
    """

    deputy: User
    supervisor: User
    incident: Incident
    canvass: Canvass
    second: Canvass
    deciding: FootageRequest


@contextmanager
def undone() -> Iterator[None]:
    """Roll back whatever happens inside."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def walked(world: World, role: str, *, everything: bool) -> dict[tuple[str, str], Any]:
    """Open what this person may open, and return what each answer shows.

    everything: also outside the console, and by POST. Queries are not compared where an act is evened: it answers at
    even times, since it writes to whoever still waits.
    """
    cache.clear()  # limits count from zero in each story
    browser, things = sign_in(getattr(world, role)), objects(world)
    answers = {}
    for address, method in product(watched(everything=everything), ("get", "post") if everything else ("get",)):
        for path in paths_of(address, things):
            seen = answers[address.name, f"{method} {path}"] = look(browser, method, path)
            for query in queries_of(seen[1], path) if method == "get" else ():
                answers[address.name, f"get {path}?{query}"] = look(browser, "get", f"{path}?{query}")
    return answers


def paths_of(address: Address, things: dict[str, list[Any]]) -> list[str]:
    """Return the paths of an address with each thing that it may name; where its words don't tell which, with all."""
    parts = address.route.split("/")
    every = [thing for rows in things.values() for thing in rows]
    known = []
    for name, kind in address.values.items():
        before = parts[next(i for i, part in enumerate(parts) if f":{name}>" in part) - 1]
        known.append(things.get(before, every) if kind == "uuid" else [MADE_UP[kind]])
    return [reverse(address.name, kwargs=dict(zip(address.values, chosen, strict=True))) for chosen in product(*known)]


def queries_of(page: str, path: str) -> list[str]:
    """Return how a page offers to be narrowed: links to itself, and each choice of its own forms that only ask."""
    links = {unescape(query) for address, query in TO_ITSELF.findall(page) if address in {"", path}}
    choices = (choice for form in FORM.findall(page) for choice in CHOICE.findall(form))
    return sorted(links | {f"{name}={value}" for name, options in choices for value in OPTION.findall(options)})


def watched(*, everything: bool) -> list[Address]:
    """Return the addresses that a deputy or supervisor may open, among them those that nobody thought of here."""
    open_to_them = [each for each in addresses() if ROWS[each.name].who & set(ROLES)]
    return [
        each
        for each in open_to_them
        if each.route.startswith(WATCHED) or (everything and each.name not in NEW_EACH_TIME)
    ]


def objects(world: World) -> dict[str, list[Any]]:
    """Return the ids of what an address may name, by the word before it; of those of owners, the deciding one's."""
    camera = Camera.objects.select_related("premises").get(requests__request=world.deciding)
    return {
        "incidents": [world.incident.pk],
        "canvasses": [world.canvass.pk, world.second.pk],
        "evidence": [Evidence.objects.get(request__canvass=world.canvass).pk],
        "cameras": [camera.pk],
        "requests": [world.deciding.pk],
        "places": [camera.premises_id],
        "purposes": [world.canvass.purpose_id],
        "people": [world.supervisor.pk],
        "registrants": [camera.premises.registrant_id],
    }


def look(browser: Client, method: str, path: str) -> tuple[Any, ...]:
    """Return status, text, headers and the queries without their values of one answer; undo what the look did."""
    queries: list[str] = []

    def note(execute: Callable[..., Any], sql: str, *arguments: Any) -> Any:
        queries.append(sql)
        return execute(sql, *arguments)

    cookies = dict(browser.cookies)
    with undone(), connection.execute_wrapper(note):
        answer: Any = getattr(browser, method)(path)
        body = b"".join(answer) if answer.streaming else answer.content
    browser.cookies = SimpleCookie(cookies)  # whoever signed out is signed in again
    headers = sorted((name, value) for name, value in answer.headers.items() if name not in NEVER_THE_SAME)
    shapes = [re.sub(r'"s\d+_x\d+"', "savepoint", sql) for sql in queries]
    if method == "post" and is_evened(answer.resolver_match.func) and answer.status_code == HTTPStatus.FOUND:
        shapes = []
    return answer.status_code, plain(body.decode(errors="replace")), headers, shapes


def letters() -> list[tuple[str, str, str]]:
    """Return what is written to people of the agency."""
    agency = User.objects.filter(role__in=AGENCY_ROLES).values_list("email", flat=True)
    written = Message.objects.filter(to__in=list(agency)).order_by("queued_at", "pk")
    return [(message.kind, message.to, plain(str(message.context))) for message in written]


def plain(text: str) -> str:
    """Return a text without what differs by chance: tokens of forms, and the database's own clock.

    The log's times are the database's, those of everything else belong to the frozen days of March.
    """
    text = re.sub(r'name="csrfmiddlewaretoken" value="[^"]*"', "", text)
    text = re.sub(rf'"(?!{BEGINNING:%Y-%m})\d{{4}}-\d\d-\d\dT[^"]*"', '"(log)"', text)
    today = timezone.localtime(datetime.now(tz=UTC))
    assert today.month == BEGINNING.month
    return re.sub(rf"(?!{BEGINNING:%b})[A-Z][a-z]{{2}} \d+(, \d{{4}})?, \d+(:\d+)? [ap]\.?m\.?", "(log)", text)
