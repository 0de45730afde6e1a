"""R4: whatever a deputy or supervisor can open looks the same whether an owner declined or never answered.

Two stories begin in one and the same world and differ in one thing: an owner says "rather not", or does nothing.
Then time goes on: reminders, the last day, taking back, closing. At each moment every address of the console is
opened, with the objects that it shows, by a deputy and a supervisor of the incident. Compared are status, headers,
text, and each query without its values; and what is written to people of the agency.

A new address of the console is walked without being named here; a page that tells the two apart fails.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from difflib import unified_diff
from itertools import product
from typing import Any

import pytest
import time_machine
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from fusus_portal.accounts.models import User
from fusus_portal.accounts.roles import AGENCY_ROLES
from fusus_portal.notifications.models import Message
from registry.links import token_for
from registry.models import Camera, Canvass, Evidence, FootageRequest, Incident
from registry.services import canvasses, incidents, requests, uploads
from registry.services.acting import link_actor
from registry.tasks import expire_canvasses, expire_requests, remind
from tests.access.addresses import MADE_UP, Address, addresses
from tests.access.urls import ROWS
from tests.factories import draft_of, incident_at, registrant_at
from tests.people import sign_in
from tests.registry.footage import begun, given

pytestmark = pytest.mark.django_db

BEGINNING = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)
WATCHED = ("console/", "transparency/")
NEVER_THE_SAME = ("Set-Cookie", "Date", "Content-Length")
"""A length is the text's, in which a time of the log may be a digit longer."""

NOT_THERE = (404, 405)
ROLES = ("deputy", "supervisor")


@dataclass
class World:
    """A canvass that asked three owners: one gave footage, one has none, one is about to decide."""

    deputy: User
    supervisor: User
    incident: Incident
    canvass: Canvass
    deciding: FootageRequest


def build(deputy: User, supervisor: User) -> World:
    """Let an incident happen and a canvass be sent."""
    owners = [registrant_at() for _ in range(3)]
    incident = incident_at(by=deputy)
    incidents.assign(incident=incident, user=supervisor, by=supervisor)
    canvass = canvasses.send(canvass=draft_of(incident), by=deputy)
    gives, has_none, decides = (FootageRequest.objects.get(registrant=owner, canvass=canvass) for owner in owners)
    given(gives)
    requests.answer_none(request=has_none, by=link_actor(has_none))
    return World(deputy, supervisor, incident, canvass, decides)


def decline(world: World) -> None:
    """Say "rather not" by the link, over HTTP."""
    answer = Client().post(reverse("reply_decline", args=[token_for(world.deciding)]))
    assert answer.status_code == 302


def begin_and_decline(world: World) -> None:
    """Begin to send a file, say when it starts, and take it back: rather not."""
    upload = begun(world.deciding, content=b"a picture", name="a.jpg")
    said = {f"{upload.pk}-camera": "", f"{upload.pk}-starts_at": "2026-03-02T08:00"}
    page = Client().post(reverse("reply_files", args=[token_for(world.deciding)]), said)
    assert page.status_code == 302
    uploads.remove(upload=upload, by=link_actor(world.deciding))
    decline(world)


def ignore(world: World) -> None:
    """Never open the message."""


def open_and_leave(world: World) -> None:
    """Open the message, look at every answer, and give none."""
    for name in ("reply", "reply_decline", "reply_none"):
        assert Client().get(reverse(name, args=[token_for(world.deciding)])).status_code == 200


def nothing(world: World) -> None:
    """Let no more than time pass."""


def take_back(world: World) -> None:
    """Take back what waits, in the console."""
    sign_in(world.deputy).post(reverse("canvass_withdraw", args=[world.canvass.pk]))


def close_canvass(world: World) -> None:
    """Close the canvass in the console."""
    sign_in(world.deputy).post(reverse("canvass_close", args=[world.canvass.pk]))


def close_incident(world: World) -> None:
    """Close the incident in the console."""
    sign_in(world.supervisor).post(reverse("incident_close", args=[world.incident.pk]))


MOMENTS: dict[str, tuple[tuple[timedelta, Callable[[World], None]], ...]] = {
    "the days pass, and all of it is closed": (
        (timedelta(hours=1), nothing),
        (timedelta(days=3, hours=1), nothing),
        (timedelta(days=10, hours=1), nothing),
        (timedelta(days=11), close_canvass),
    ),
    "it is taken back before the first reminder": (
        (timedelta(days=1), take_back),
        (timedelta(days=2), close_canvass),
    ),
    "it is closed after the first reminder": ((timedelta(days=4), close_canvass),),
    "the incident is closed while owners may still answer": ((timedelta(days=4), close_incident),),
}


@pytest.mark.parametrize(
    ("silence", "story"),
    [*((ignore, story) for story in MOMENTS), (open_and_leave, "it is closed after the first reminder")],
)
def test_declining_and_silence_look_alike(
    deputy: User, supervisor: User, silence: Callable[[World], None], story: str
) -> None:
    with time_machine.travel(BEGINNING, tick=False):
        world = build(deputy, supervisor)
    declined, silent = watch(world, decline, story), watch(world, silence, story)
    assert declined.keys() == silent.keys()
    different = [key for key, seen in declined.items() if seen != silent[key]]
    assert not different, explained(different[0], declined, silent)
    opened = {key[2] for key, seen in declined.items() if seen[0] == 200}
    assert {"console", "incident", "canvass", "canvass_replies", "evidence"} <= opened


def test_a_file_that_was_begun_and_taken_back_looks_like_silence_too(deputy: User, supervisor: User) -> None:
    with time_machine.travel(BEGINNING, tick=False):
        world = build(deputy, supervisor)
    story = "it is closed after the first reminder"
    declined, silent = watch(world, begin_and_decline, story), watch(world, ignore, story)
    different = [key for key, seen in declined.items() if seen != silent[key]]
    assert not different, explained(different[0], declined, silent)


def explained(key: tuple[Any, ...], one: dict[tuple[Any, ...], Any], other: dict[tuple[Any, ...], Any]) -> str:
    """Return the first lines that differ."""
    texts = (
        [str(part).splitlines() for part in (*one[key], "---")],
        [str(part).splitlines() for part in (*other[key], "---")],
    )
    left, right = ([line for part in parts for line in part] for parts in texts)
    return f"{key}: " + "\n".join(list(unified_diff(left, right, lineterm="", n=0))[:20])


def test_an_answer_that_is_told_does_not_look_like_silence(deputy: User, supervisor: User) -> None:
    """The comparison sees what differs: "no footage" is told, and found."""
    with time_machine.travel(BEGINNING, tick=False):
        world = build(deputy, supervisor)

    def say_none(told: World) -> None:
        requests.answer_none(request=told.deciding, by=link_actor(told.deciding))

    story = "it is closed after the first reminder"
    told, silent = watch(world, say_none, story), watch(world, ignore, story)
    different = {key[2] for key, seen in told.items() if seen != silent[key]}
    assert {"canvass", "canvass_replies", "incident", "messages"} <= different


def watch(world: World, answer: Callable[[World], None], story: str) -> dict[tuple[Any, ...], Any]:
    """Return all that people of the agency can see of one story, and undo it."""
    with undone():
        with time_machine.travel(BEGINNING + timedelta(minutes=10), tick=False):
            answer(world)
        seen: dict[tuple[Any, ...], Any] = {}
        for number, (after, act) in enumerate(MOMENTS[story]):
            with time_machine.travel(BEGINNING + after, tick=False):
                for task in (remind, expire_requests, expire_canvasses):
                    task()
                act(world)
                for role in ROLES:
                    seen |= {(number, role, *key): value for key, value in walked(world, role).items()}
                seen[number, "", "messages"] = letters()
    return seen


@contextmanager
def undone() -> Iterator[None]:
    """Roll back whatever happens inside."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def walked(world: World, role: str) -> dict[tuple[str, str], Any]:
    """Open the watched addresses, and return what each answer shows."""
    browser, things = sign_in(getattr(world, role)), objects(world)
    answers = {}
    for address in watched():
        for chosen in worth_asking(address, role, browser, things):
            path = path_of(address, [things[number] for number in chosen])
            answers[address.name, path] = look(browser, path)
    return answers


KNOWN: dict[tuple[str, str], list[tuple[int, ...]]] = {}
"""For each address and role which of the `objects` it shows something of, found out once by asking for all of them."""


def worth_asking(address: Address, role: str, browser: Client, things: list[Any]) -> list[tuple[int, ...]]:
    """Return which objects to ask an address for: those that it shows, or all where it shows none so far."""
    places = [i for i, kind in enumerate(address.values.values()) if kind == "uuid"]
    every = [chosen for chosen in product(range(len(things)), repeat=len(places)) if len(set(chosen)) == len(chosen)]
    if len(places) > 1:  # what lies below something lies below an incident or a canvass
        every = [chosen for chosen in every if chosen[0] in {0, 1}]
    if (address.name, role) not in KNOWN:
        shown = [(chosen, look(browser, path_of(address, [things[n] for n in chosen]))[0]) for chosen in every]
        if all(status == 405 for _chosen, status in shown):
            every = []
        KNOWN[address.name, role] = [chosen for chosen, status in shown if status not in NOT_THERE] or every
    return KNOWN[address.name, role]


def path_of(address: Address, chosen: list[Any]) -> str:
    """Return the path of an address with these objects."""
    left = list(chosen)
    values = {name: left.pop(0) if kind == "uuid" else MADE_UP[kind] for name, kind in address.values.items()}
    return reverse(address.name, kwargs=values)


def watched() -> list[Address]:
    """Return the addresses that a deputy or supervisor may open, among them those that nobody thought of here."""
    return [
        address for address in addresses() if address.route.startswith(WATCHED) and ROWS[address.name].who & set(ROLES)
    ]


def objects(world: World) -> list[Any]:
    """Return the id of an object of each kind that an address could name; of those of owners, the deciding one's."""
    camera = Camera.objects.select_related("premises").get(requests__request=world.deciding)
    file, purpose = Evidence.objects.get(request__canvass=world.canvass), world.canvass.purpose
    rows = (world.incident, world.canvass, world.deciding, camera, camera.premises, file, purpose, world.supervisor)
    return [*(row.pk for row in rows), camera.premises.registrant_id]


def look(browser: Client, path: str) -> tuple[Any, ...]:
    """Return status, text, headers and the queries without their values of one answer; undo what the look did."""
    queries: list[str] = []

    def note(execute: Callable[..., Any], sql: str, *arguments: Any) -> Any:
        queries.append(sql)
        return execute(sql, *arguments)

    with undone(), connection.execute_wrapper(note):
        answer: Any = browser.get(path)
        body = b"".join(answer) if answer.streaming else answer.content
    headers = sorted((name, value) for name, value in answer.headers.items() if name not in NEVER_THE_SAME)
    shapes = [re.sub(r'"s\d+_x\d+"', "savepoint", sql) for sql in queries]
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
