"""The county's honest work: shifts, calls, searches, live views, and the mistakes and habits that honest people have.

1,000 canvasses a month. Every number here is a guess of ours, said where it is used, and on the busy side: a false flag
has to come from somewhere.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from heapq import heappop, heappush
from itertools import count, pairwise
from random import Random
from typing import Any
from uuid import UUID

from audit.log.actors import Actor, ActorKind, Source, Subject
from audit.log.events import Event
from fusus_portal.ground.accounts.models import task_actor
from fusus_portal.oversight.review.week import Week
from tests.oversight.review.simulation import journal
from tests.oversight.review.simulation.clock import LedClock
from tests.oversight.review.simulation.county import SHIFTS, County, Officer, Spot
from tests.oversight.review.simulation.journal import Row
from tests.oversight.review.simulation.phrases import reason_of

CANVASSES = 1_000 * 12 / 52
"""A week."""

DISPATCH = Actor(ActorKind.DEVICE, "cad", role="dispatch")
CLOSER = task_actor("registry.close_unverified")
NOWHERE = Source()
STEP = timedelta(hours=1)
"""Everyday work is written in steps of an hour; searches and moves between networks at their minute."""

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
Act = Callable[[], object]


@dataclass
class Work:
    """The work of a county, week by week."""

    county: County
    clock: LedClock
    random: Random
    rows: list[tuple[datetime, int, Row]] = field(default_factory=list)
    acts: list[tuple[datetime, int, Act]] = field(default_factory=list)
    numbers: Iterator[int] = field(default_factory=count)
    series: dict[str, tuple[str, int]] = field(default_factory=dict)
    on_duty: dict[str, list[tuple[datetime, Source]]] = field(default_factory=dict)
    weeks: int = 0

    def do(self, week: Week) -> None:
        """Let a week pass."""
        self.plan(week)
        self.let_pass(week.end)

    def plan(self, week: Week) -> None:
        """Plan what begins in a week; some of it ends in the next."""
        self.on_duty.clear()
        if self.weeks and self.weeks % 13 == 0:
            self._rotate()
        for number, officer in enumerate((*self.county.officers, *self.county.supervisors)):
            for day in range(7):
                if (day + number + self.weeks) % 7 < 5:
                    self._shift(officer, week.begin + day * DAY)
        for _each in range(round(self.random.gauss(CANVASSES, CANVASSES**0.5))):
            self._call(week)
        for _each in range(2):
            self._critical(week)
        self.weeks += 1

    def let_pass(self, end: datetime) -> None:
        """Write what was planned until a moment, each at its time."""
        while self.rows or self.acts:
            next_row = self.rows[0][0] if self.rows else end
            next_act = self.acts[0][0] if self.acts else end
            if min(next_row, next_act) >= end:
                break
            if next_act <= next_row:
                moment, _number, act = heappop(self.acts)
                self.clock.lead_to(moment)
                act()
            else:
                self._step(min(next_row + STEP, next_act, end))
        self.clock.lead_to(end)

    def at(self, moment: datetime, act: Act) -> None:
        """Plan something that has a time of its own."""
        heappush(self.acts, (moment, next(self.numbers), act))

    def note(self, moment: datetime, row: Row) -> None:
        """Plan an entry of everyday work."""
        heappush(self.rows, (moment, next(self.numbers), row))

    def fresh_id(self) -> str:
        """Return an id as rows have it."""
        return str(UUID(int=self.random.getrandbits(128), version=4))

    def _step(self, until: datetime) -> None:
        there = []
        while self.rows and self.rows[0][0] < until:
            moment, _number, row = heappop(self.rows)
            there.append(row)
        self.clock.lead_to(moment)
        journal.write(there)

    def _rotate(self) -> None:
        """A third of all change their shift each quarter."""
        for officer in self.random.sample(self.county.officers, len(self.county.officers) // 3):
            officer.shift = self.random.choice(SHIFTS)

    def _shift(self, officer: Officer, day: datetime) -> None:
        """Sign in, do something, sign out. 3% of shifts are swapped, 10% last longer, some have a phone beside."""
        swapped = self.random.random() < 0.03
        begin = day + (self.random.choice(SHIFTS) if swapped else officer.shift) * HOUR
        begin += self.random.gauss(0, 10) * MINUTE
        end = begin + 8 * HOUR + (self.random.uniform(1, 4) * HOUR if self.random.random() < 0.1 else 0 * HOUR)
        sign_in = f"{self.random.getrandbits(256):064x}"
        first, second = self._places(officer, sign_in)
        change = begin + self.random.uniform(1, 7) * HOUR
        me = officer.account.subject
        self.note(begin, Row(Event.SIGNED_IN, officer.actor, first, me))
        self.note(begin + self.random.uniform(1, 3) * HOUR, self._listing(officer, first))
        self.note(begin + self.random.uniform(3, 7.5) * HOUR, self._listing(officer, second))
        self.note(end, Row(Event.SIGNED_OUT, officer.actor, second, me))
        self.on_duty.setdefault(officer.actor.id, []).extend([(begin, first), (change, second), (end, NOWHERE)])
        self._mistakes(officer, first, begin)
        if officer.busy > 3 and self.random.random() < 0.2:
            self._phone(officer, first, begin + 2 * HOUR)

    def _places(self, officer: Officer, sign_in: str) -> tuple[Source, Source]:
        """Return where a shift begins and ends: a quarter of them move between station and car."""
        places = [replace(officer.laptop, sign_in=sign_in), replace(officer.car, sign_in=sign_in)]
        self.random.shuffle(places)
        return places[0], places[1] if self.random.random() < 0.25 else places[0]

    def _mistakes(self, officer: Officer, source: Source, begin: datetime) -> None:
        """A refusal or two on 3% of the shifts, many on 1 in 2,000; a network that comes and goes on 1 in 100."""
        chance = self.random.random()
        times = self.random.randint(6, 10) if chance < 0.0005 else self.random.randint(1, 3) if chance < 0.03 else 0
        subject = Subject("page", "incident")
        for number in range(times):
            row = Row(Event.ACT_REFUSED, officer.actor, source, subject, outcome="refused")
            self.note(begin + HOUR + number * 2 * MINUTE, row)
        if self.random.random() < 0.01:
            other = replace(
                officer.car if source.address == officer.laptop.address else officer.laptop, sign_in=source.sign_in
            )
            for number in range(self.random.choice((3, 3, 3, 4))):
                row = self._listing(officer, (source, other)[number % 2])
                self.at(begin + HOUR + number * 9 * MINUTE, partial(journal.write, [row]))

    def _phone(self, officer: Officer, source: Source, begin: datetime) -> None:
        """Let an officer with a phone beside the laptop use both in turn for a while."""
        phone = replace(officer.phone, sign_in=f"{self.random.getrandbits(256):064x}")
        for number in range(3):
            row = self._listing(officer, (source, phone)[number % 2])
            self.at(begin + number * 6 * MINUTE, partial(journal.write, [row]))

    def _listing(self, officer: Officer, source: Source) -> Row:
        return Row(Event.INCIDENTS_LISTED, officer.actor, source, Subject("incidents", "all"))

    def _call(self, week: Week) -> None:
        """An incident with one search: 85% come from dispatch, of the others 3% are never verified."""
        officer, at, source = self._somebody(week)
        spot = self._spot(officer)
        incident, by_dispatch = self.fresh_id(), self.random.random() < 0.85
        subject = Subject("incident", incident)
        opener = DISPATCH if by_dispatch else officer.actor
        opened = at - self.random.uniform(0.1, 3 if by_dispatch else 0.5) * HOUR
        self.note(opened, Row(Event.INCIDENT_OPENED, opener, NOWHERE if by_dispatch else source, subject, incident))
        lapses = not by_dispatch and self.random.random() < 0.03
        if lapses:
            closed = Row(Event.INCIDENT_CLOSED, CLOSER, NOWHERE, subject, incident, facts={"flag": "unverified"})
            self.note(opened + DAY, closed)
        else:
            if not by_dispatch:
                verifier = self.random.choice(self.county.supervisors)
                verified = Row(Event.INCIDENT_VERIFIED, verifier.actor, NOWHERE, subject, incident)
                self.note(opened + self.random.uniform(0.2, 6) * HOUR, verified)
            self.note(
                at + self.random.uniform(1, 9) * DAY,
                Row(Event.INCIDENT_CLOSED, officer.actor, NOWHERE, subject, incident),
            )
        told: dict[str, Any] = {
            "incident": incident,
            "spot": spot,
            "canvass": self.fresh_id(),
            "reason": self._reason(officer),
        }
        self.at(at, partial(journal.search, officer, source, **told))

    def _somebody(self, week: Week) -> tuple[Officer, datetime, Source]:
        """Return somebody on duty, when they search, and from where."""
        while True:
            [officer] = self.random.choices(self.county.officers, [each.busy for each in self.county.officers])
            stretches = self.on_duty.get(officer.actor.id, [])
            spans = [
                (begin, end, source)
                for (begin, source), (end, _next) in pairwise(stretches)
                if source is not NOWHERE and week.begin <= begin < week.end
            ]
            if spans:
                begin, end, source = self.random.choice(spans)
                return officer, begin + self.random.random() * (end - begin), source

    def _spot(self, officer: Officer) -> Spot:
        """Return where it happened: 60% on the own beat, and at few corners more often than at the others."""
        zip_code = self.random.choice(officer.beat if self.random.random() < 0.6 else list(self.county.spots))
        spots = self.county.spots[zip_code]
        return self.random.choices(spots, [1 / (rank + 1) for rank in range(len(spots))])[0]

    def _reason(self, officer: Officer) -> str:
        """Return a reason; 8% begin a series of two to four incidents with one reason."""
        text, left = self.series.get(officer.actor.id, ("", 0))
        if left:
            self.series[officer.actor.id] = (text, left - 1)
            return text
        text = reason_of(self.random)
        if self.random.random() < 0.08:
            self.series[officer.actor.id] = (text, self.random.choice((1, 1, 1, 2, 2, 3)))
        return text

    def _critical(self, week: Week) -> None:
        """A critical incident: three people view two cameras each for 45 minutes in the middle; one in 26 is glass."""
        _officer, at, _source = self._somebody(week)
        incident, declaration = self.fresh_id(), Subject("declaration", self.fresh_id())
        self.note(at - HOUR, Row(Event.INCIDENT_OPENED, DISPATCH, NOWHERE, Subject("incident", incident), incident))
        chief = self.random.choice(self.county.supervisors)
        two = self.random.sample(self.county.officers, 2)
        if self.random.random() < 1 / 26:
            for number, (event, officer) in enumerate(zip((Event.GLASS_ASKED, Event.GLASS_BROKEN), two, strict=True)):
                self.note(at - (10 - number) * MINUTE, Row(event, officer.actor, NOWHERE, declaration, incident))
        else:
            self.note(at - 5 * MINUTE, Row(Event.CRITICAL_DECLARED, chief.actor, NOWHERE, declaration, incident))
        for number in range(self.random.choices((0, 1, 2, 3), (85, 10, 4, 1))[0]):
            renewed = Row(Event.CRITICAL_RENEWED, chief.actor, NOWHERE, declaration, incident)
            self.note(at + (3 + 3 * number) * HOUR, renewed)
        for officer in (*two, self.random.choice(self.county.officers)):
            for camera in self.random.sample(self._spot(officer).cameras, 2):
                self._view(officer, incident, camera, at)

    def _view(self, officer: Officer, incident: str, camera: str, at: datetime) -> None:
        minutes = min(240, round(self.random.lognormvariate(3.8, 0.6)))
        about: dict[str, Any] = {"incident": incident, "camera": camera, "area": officer.beat[0]}
        subject = Subject("camera", camera)
        self.note(at, Row(Event.VIEW_STARTED, officer.actor, NOWHERE, subject, **about))
        for minute in range(minutes):
            self.note(at + minute * MINUTE, Row(Event.VIEW_WATCHED, officer.actor, NOWHERE, subject, **about))
        for extension in range(minutes // 30):
            self.note(
                at + (29 + 30 * extension) * MINUTE, Row(Event.VIEW_EXTENDED, officer.actor, NOWHERE, subject, **about)
            )
