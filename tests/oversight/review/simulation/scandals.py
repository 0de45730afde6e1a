"""Four scandals that newspapers found, planted with their numbers, as far as this portal lets anybody do the same.

Kansas: one officer, 228 searches with invented reasons, in some four months. Austin: a fifth of searches without a case
number. Toledo: 18,751 hours of watching public housing in a year. Chicago: 27,000 cameras, and nobody could tell who
had used them. docs/decisions/audit/flags.md says what each of them is here.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from django.db import transaction
from django.utils import timezone

from audit.log.actors import Source, Subject
from audit.log.events import Event
from audit.log.services import record_at_once
from fusus_portal.oversight.review.week import Week
from integration.watch_hours import services as watch_hours
from registry.canvasses.services import canvasses
from registry.incidents.models import IncidentType
from registry.incidents.services import incidents
from tests.factories import LINN_PARK, registrant_at, wanted_of
from tests.oversight.review.simulation import journal
from tests.oversight.review.simulation.county import Officer, Spot
from tests.oversight.review.simulation.journal import Row
from tests.oversight.review.simulation.work import CLOSER, DAY, DISPATCH, HOUR, MINUTE, NOWHERE, Work

SEARCHES = 228
INVENTED = (
    "Suspicious man seen near the garage again last night.",
    "Drug deal reported, which car stops at this door.",
    "Missing child may have been driven past this house.",
)
HOURS_A_YEAR = 18_751
GRID = 9
CAMERAS = 27_000
ROOMS = 3
"""Accounts that are shared, each by four people at desks of their own."""

AT_ONCE = 300


@dataclass
class Kansas:
    """One officer opens an incident that never was, each day, to look at one home twice; nobody verifies it."""

    work: Work
    officer: Officer

    def plan(self, begin: datetime) -> int:
        """Plan all of it from a day on; return on how many days."""
        self.work.at(begin, partial(registrant_at, cameras=2))
        for day in range(SEARCHES // 2):
            at = begin + 8 * HOUR + day * (DAY + 3 * MINUTE)
            self.work.at(at, partial(self._look, day))
            self.work.at(at + DAY + 2 * MINUTE, incidents.close_unverified)
        return SEARCHES // 2

    def _look(self, day: int) -> None:
        by, now = self.officer.account, timezone.now()
        opened = incidents.open(
            by=by,
            number=f"{now.year}-{900_000 + day:06}",
            type=IncidentType.objects.get(code="burglary"),
            place="Linn Park, 20th Street North",
            point=LINN_PARK,
            starts_at=now - HOUR,
            ends_at=now - 30 * MINUTE,
        )
        wanted = wanted_of(opened, reason=INVENTED[day % len(INVENTED)])
        canvass = canvasses.draft(incident=opened, by=by, wanted=wanted)
        canvasses.show(canvass=canvass, by=by)
        self.work.clock.lead_to(now + MINUTE)
        canvasses.show(canvass=canvasses.change(canvass=canvass, by=by, wanted=wanted), by=by)


def austin(work: Work, week: Week, *, searches: int) -> None:
    """Many officers search once each for an incident without a call, which nobody verifies."""
    for number, officer in enumerate(work.random.sample(work.county.officers, searches)):
        at = week.begin + work.random.uniform(0.3, 5.5) * DAY
        incident, canvass, spot = work.fresh_id(), work.fresh_id(), work.county.spots[officer.beat[0]][number % 9]
        subject = Subject("incident", incident)
        work.note(at, Row(Event.INCIDENT_OPENED, officer.actor, NOWHERE, subject, incident))
        flag = {"flag": "unverified"}
        work.note(at + DAY + HOUR, Row(Event.INCIDENT_CLOSED, CLOSER, NOWHERE, subject, incident, facts=flag))
        told: dict[str, Any] = {
            "incident": incident,
            "canvass": canvass,
            "spot": spot,
            "reason": f"Checking on house {number}",
        }
        work.at(at + HOUR, partial(journal.search, officer, officer.car, **told))


def toledo(work: Work, week: Week, officer: Officer) -> None:
    """One officer watches a page of nine cameras of public housing, shift after shift."""
    cameras = list(_ids(work, GRID))
    shared: dict[str, Any] = {
        "event": Event.VIEW_WATCHED,
        "actor": officer.actor,
        "incident": work.fresh_id(),
        "premises_type": "home",
        "area": "35207",
    }
    minutes = round(HOURS_A_YEAR * 60 / 52 / GRID)

    def watch() -> None:
        with transaction.atomic():
            for camera in cameras:
                watch_hours.note_minute(record_at_once(camera=camera, subject=Subject("camera", camera), **shared))

    for minute in range(minutes):
        shift, within = divmod(minute, 8 * 60)
        work.at(week.begin + shift * DAY + 9 * HOUR + within * MINUTE, watch)
    for day in range(7):
        work.at(week.begin + day * DAY + 22 * HOUR, watch_hours.flag)


def chicago(work: Work, week: Week, rooms: list[Officer]) -> None:
    """In each of three rooms four people use one account, at desks of their own, and look at 9,000 cameras."""
    searches = CAMERAS // ROOMS // AT_ONCE
    for room, officer in enumerate(rooms):
        for number in range(searches):
            at = week.begin + (number % 6) * DAY + (10 + room) * HOUR + (number // 6) * 12 * MINUTE
            seat = number // 6 % 4
            desk = Source(f"10.{seat}.0.{room}", f"Desk {seat}", f"{room}-{number % 6}-{seat}")
            spot = Spot("35210", tuple(_ids(work, AT_ONCE)))
            incident = work.fresh_id()
            opened = Row(Event.INCIDENT_OPENED, DISPATCH, NOWHERE, Subject("incident", incident), incident)
            work.note(at - HOUR, opened)
            reason = f"Operator {number} follows the call of the district, {work.random.randrange(10**6)}"
            told: dict[str, Any] = {"incident": incident, "canvass": work.fresh_id(), "spot": spot, "reason": reason}
            work.at(at, partial(journal.search, officer, desk, **told))


def _ids(work: Work, number: int) -> Iterator[str]:
    return (work.fresh_id() for _each in range(number))
