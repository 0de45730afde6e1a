"""R4: whatever a deputy or supervisor can open looks the same whether an owner declined or never answered.

Two stories begin in one and the same world and differ in one thing: an owner says "rather not", or does nothing.
Then time goes on: reminders, the last day, taking back, searching again, closing. At each moment every address of the
console is opened, with the objects that it shows, by a deputy and a supervisor of the incident; and once all that they
may open or send anywhere (whole_view.py).
Compared are status, headers, text, and each query without its values; and what is written to people of the agency.
A page that tells the two apart fails.
"""

from collections.abc import Callable
from datetime import timedelta
from difflib import unified_diff
from functools import partial
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from fusus_portal.accounts.models import User
from registry.links import token_for
from registry.models import FootageRequest
from registry.services import canvasses, incidents, requests, uploads
from registry.services.acting import link_actor
from registry.tasks import expire_canvasses, expire_requests, remind
from tests.factories import draft_of, incident_at, registrant_at
from tests.people import sign_in
from tests.registry.footage import begun, given
from tests.registry.whole_view import BEGINNING, ROLES, World, letters, queries_of, undone, walked

pytestmark = pytest.mark.django_db


def build(deputy: User, supervisor: User) -> World:
    """Let an incident happen and a canvass be sent."""
    owners = [registrant_at() for _ in range(3)]
    incident = incident_at(by=deputy)
    incidents.assign(incident=incident, user=supervisor, by=supervisor)
    canvass = canvasses.send(canvass=draft_of(incident), by=deputy)
    gives, has_none, decides = (FootageRequest.objects.get(registrant=owner, canvass=canvass) for owner in owners)
    given(gives)
    requests.answer_none(request=has_none, by=link_actor(has_none))
    registrant_at()
    return World(deputy, supervisor, incident, canvass, draft_of(incident), decides)


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


def search_again(world: World) -> None:
    """Send the second canvass too, in the console: it asks whoever was not asked."""
    sign_in(world.deputy).post(reverse("canvass_send", args=[world.second.pk]))
    assert FootageRequest.objects.filter(canvass=world.second).count() == 1


def close_canvass(world: World) -> None:
    """Close the canvass in the console."""
    sign_in(world.deputy).post(reverse("canvass_close", args=[world.canvass.pk]))


def close_incident(world: World) -> None:
    """Close the incident in the console."""
    sign_in(world.supervisor).post(reverse("incident_close", args=[world.incident.pk]))


EVERYTHING = "everything is asked an hour later"
MOMENTS: dict[str, tuple[tuple[timedelta, Callable[[World], None]], ...]] = {
    EVERYTHING: ((timedelta(hours=1), nothing),),
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
    "the same place is searched again": ((timedelta(days=4), search_again),),
    "it is closed after the first reminder": ((timedelta(days=4), close_canvass),),
    "the incident is closed while owners may still answer": ((timedelta(days=4), close_incident),),
}


@pytest.mark.long
@pytest.mark.parametrize(
    ("silence", "story"),
    [
        (ignore, EVERYTHING),
        *(pytest.param(ignore, story, marks=pytest.mark.long) for story in MOMENTS if story != EVERYTHING),
        pytest.param(open_and_leave, "it is closed after the first reminder", marks=pytest.mark.long),
    ],
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
    if story == EVERYTHING:
        done = {key[2] for key, seen in declined.items() if seen[0] == 302}
        assert {"canvass_withdraw", "canvass_close", "canvass_send", "incident_close"} <= done
        assert {"canvass_sheet", "account", "faq", "health_ready"} <= opened


@pytest.mark.long
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


@pytest.mark.long
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


def test_the_walk_follows_each_narrowing_that_a_page_offers() -> None:
    page = (
        '<a href="?page=2&amp;x=1">Next</a><a href="/here/?kind=a">A</a><a href="/there/?kind=b">B</a>'
        '<form method="get"><select id="s" name="state"><option value="">All</option><option value="kept">Kept</option>'
        '</select></form><form method="post"><select name="no"><option value="1">1</option></select></form>'
    )
    assert queries_of(page, "/here/") == ["kind=a", "page=2&x=1", "state=kept"]


def watch(world: World, answer: Callable[[World], None], story: str) -> dict[tuple[Any, ...], Any]:
    """Return all that people of the agency can see of one story, and undo it."""
    with undone():
        with time_machine.travel(BEGINNING + timedelta(minutes=10), tick=False):
            answer(world)
        seen: dict[tuple[Any, ...], Any] = {}
        walk = partial(walked, world, everything=story == EVERYTHING)
        for number, (after, act) in enumerate(MOMENTS[story]):
            with time_machine.travel(BEGINNING + after, tick=False):
                for task in (remind, expire_requests, expire_canvasses):
                    task()
                act(world)
                for role in ROLES:
                    seen |= {(number, role, *key): value for key, value in walk(role).items()}
                seen[number, "", "messages"] = letters()
    return seen
