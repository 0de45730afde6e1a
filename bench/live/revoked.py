"""How soon a live picture is gone from the screen, by each act that takes a view away."""

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass

from django.db import transaction

from bench.live.behind import at_95
from bench.live.screen import Screen, screen
from bench.page import Found, Limit, Section, Table
from fusus_portal.demo.servers.postgres import Postgres
from fusus_portal.ground.accounts.roles import Role
from fusus_portal.ground.accounts.services import suspensions
from integration.critical import services as critical
from integration.live.models import ViewGrant
from integration.live.services import views
from integration.sharing import services as sharing
from registry.incidents.services import incidents
from tests.factories import person
from tests.integration.live.streaming import REASON, Scene
from tests.integration.sharing.consent import owner_of

ROUNDS = 12
SETTLES = 1.0
"""Seconds for which a picture moves before it is taken away."""

DARK_AT = """video => {
  sessionStorage.removeItem("darkAt");
  new MutationObserver(() => { if (video.hidden) sessionStorage.darkAt ||= Date.now(); })
    .observe(video, { attributes: true, attributeFilter: ["hidden"] });
}"""
"""Notes in the browser when the picture goes dark: once a sign-in has ended, the page is soon another one."""

DARK, WORST = "dark after, 95th percentile, ms", "dark after, worst, ms"
SECTION = Section(
    "How soon a view that is taken away is dark",
    f"""The demo's CORE, gunicorn, a relay, and the page in a headless Chromium. A deputy begins a view by the relay,
    and it is taken away: {ROUNDS} times by each act, in turn. From just before the commit to the picture's going from
    the screen, by the clock. Then the act is undone: a closing is taken back and the incident declared critical again,
    and after a suspension another deputy signs in. The bars are of all views together.""",
    {
        DARK: Limit("What takes a view away should be seen to do so at once.", most=300),
        WORST: Limit("The promise is two seconds.", most=2000),
    },
)


@dataclass(frozen=True)
class Act:
    """An act that takes a live view away. undone: lets the deputy of the scene begin another view."""

    name: str
    done: Callable[[Scene], object]
    undone: Callable[[Screen], object] = lambda _shown: None


def main(server: Postgres) -> Found:
    """Take a view away by each act in turn."""
    dark: dict[str, list[float]] = {act.name: [] for act in ACTS}
    with screen(server) as shown:
        for _round in range(ROUNDS):
            for act in ACTS:
                shown.begin()
                assert not shown.says_how
                time.sleep(SETTLES)
                dark[act.name].append(taken_away(shown, act))
    every = [each for found in dark.values() for each in found]
    rows = [(name, len(found), statistics.median(found), at_95(found), max(found)) for name, found in dark.items()]
    return Found(
        [Table(["taken away by", "views", "dark after, median ms", "95 %", "worst"], rows)],
        {DARK: at_95(every), WORST: max(every)},
    )


def taken_away(shown: Screen, act: Act) -> float:
    """Take the view away; return the milliseconds until the picture has gone. Then another one may be begun."""
    shown.page.locator("video").evaluate(DARK_AT)
    with transaction.atomic():
        act.done(shown.seen)
        commits = time.time() * 1000
    dark = float(shown.page.wait_for_function("() => sessionStorage.darkAt").json_value())
    shown.page.locator("video:visible").wait_for(state="hidden")
    act.undone(shown)
    return dark - commits


def pause(seen: Scene) -> None:
    sharing.pause_sharing(registrant=owner_of(seen.camera), by=seen.owner)


def resume(shown: Screen) -> None:
    sharing.resume_sharing(registrant=owner_of(shown.seen.camera), by=shown.seen.owner)


def unassign(seen: Scene) -> None:
    incidents.unassign(incident=seen.incident, user=seen.deputy, by=seen.supervisor)


def assign(shown: Screen) -> None:
    incidents.assign(incident=shown.seen.incident, user=shown.seen.deputy, by=shown.seen.supervisor)


def stop(seen: Scene) -> None:
    running = ViewGrant.objects.get(state="running")
    views.stop(grant=running, by=seen.supervisor, reason="The team at the door sees enough of this from where it is.")


def close(seen: Scene) -> None:
    incidents.close(incident=seen.incident, by=seen.supervisor)


def open_again(shown: Screen) -> None:
    incidents.reopen(incident=shown.seen.incident, by=shown.seen.supervisor)
    critical.declare_critical(incident=shown.seen.incident, by=shown.seen.supervisor, reason=REASON)


def suspend(seen: Scene) -> None:
    suspensions.suspend(account=seen.deputy, reason="It was stolen.", by=person(Role.ADMINISTRATOR))


def sign_in_another(shown: Screen) -> None:
    shown.is_of(shown.seen.colleague())


ACTS = (
    Act("the owner's pause", pause, resume),
    Act("closing the incident", close, open_again),
    Act("taking the deputy off the incident", unassign, assign),
    Act("suspending the deputy's account", suspend, sign_in_another),
    Act("a supervisor's stop of the view", stop),
)
