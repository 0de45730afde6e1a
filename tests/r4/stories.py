"""Stories after an owner has decided: days pass, the office takes back, asks others, closes; the owner leaves."""

from collections.abc import Callable, Iterable
from datetime import timedelta

import time_machine
from django.urls import reverse
from django.utils import timezone

from registry.canvasses.models import FootageRequest
from registry.canvasses.tasks import expire_canvasses, expire_requests, remind
from registry.incidents.services import incidents
from registry.people.services import registrants
from registry.rules import CLOSING_TAKEN_BACK_WITHIN
from tests.people import sign_in
from tests.r4.comparing import Shown
from tests.r4.walk import ABOUT_REQUESTS, FIELD, NOTHING, TABS, Walk, console_of
from tests.r4.world import BEGINNING, World

Act = Callable[[World], None]


def nothing(world: World) -> None:
    """Let no more than time pass."""


def take_back(world: World) -> None:
    """Take back what waits, in the console."""
    sign_in(world.deputy).post(reverse("canvass_withdraw", args=[world.canvass.pk]))


def search_again(world: World) -> None:
    """Send the second canvass too, in the console: it asks the two who came since."""
    sign_in(world.deputy).post(reverse("canvass_send", args=[world.second.pk]))
    assert FootageRequest.objects.filter(canvass=world.second).count() == 2


def close_canvass(world: World) -> None:
    """Close the canvass in the console."""
    sign_in(world.deputy).post(reverse("canvass_close", args=[world.canvass.pk]))


def close_incident(world: World) -> None:
    """Close the incident in the console, take that back, close it again, and let it be carried out."""
    browser = sign_in(world.supervisor)
    for name in ("incident_close", "incident_reopen", "incident_close"):
        browser.post(reverse(name, args=[world.incident.pk]))
    with time_machine.travel(timezone.now() + CLOSING_TAKEN_BACK_WITHIN):
        incidents.settle_closings()


def leave(world: World) -> None:
    """Let the owner leave the registry."""
    owner = world.deciding.registrant
    assert owner is not None
    registrants.leave(registrant=owner, by=owner.user)


HOUR, DAY = timedelta(hours=1), timedelta(days=1)
STORIES: dict[str, tuple[tuple[timedelta, Act], ...]] = {
    "the days pass, and all of it is closed": (
        (3 * DAY + HOUR, nothing),
        (10 * DAY + HOUR, nothing),
        (11 * DAY, close_canvass),
    ),
    "it is taken back while the incident is critical": ((HOUR, take_back), (2 * HOUR, close_canvass)),
    "the same place is searched again": ((4 * DAY, search_again),),
    "it is closed after the first reminder": ((4 * DAY, close_canvass),),
    "the incident is closed while owners may still answer": ((4 * DAY, close_incident),),
    "the owner leaves the registry": ((HOUR, leave),),
}


SHORT = ("the days pass, and all of it is closed", "the same place is searched again")
"""Stories for answers that are rarer than "rather not" itself: time, what reaches others, and what is over."""

READ_AFTER_ACTS = (*TABS, "incident_clips", "canvass")
"""Pages that tell of requests; an act in a story is followed by these alone."""


def told(world: World, story: str, *, roles: Iterable[str] = FIELD) -> Shown:
    """Return what a deputy sees at each moment of a story, what comes of what they do, and what all see at its end.

    Of the deputy's acts those that reach an owner who was asked; the walk of the first hour does all of them, and reads
    more pages after each.
    """
    seen: Shown = {}
    for number, (after, act) in enumerate(STORIES[story]):
        with time_machine.travel(BEGINNING + after, tick=False):
            for task in (remind, expire_requests, expire_canvasses):
                task()
            act(world)
            for role in roles if number == len(STORIES[story]) - 1 else ["deputy"]:
                sent = ABOUT_REQUESTS if role == "deputy" else NOTHING
                walk = Walk(world, role, only=console_of(role), sent_from=sent, telling=READ_AFTER_ACTS).run()
                seen |= {(*key, role, str(number)): shown for key, shown in walk.seen.items()}
    return seen
