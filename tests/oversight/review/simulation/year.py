"""An honest year, week by week, with what the review would be asked to look at."""

import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone

from audit.log.models import AuditEntry
from fusus_portal.oversight.review import flags, week as weeks
from fusus_portal.oversight.review.flags.kinds import Flag
from tests.oversight.review.simulation.county import OFFICERS, SUPERVISORS
from tests.oversight.review.simulation.work import Work

WEEKS = 52
HUNDREDS = (OFFICERS + SUPERVISORS) / 100
"""Hundreds of people who act, against whom cards are counted."""

MOST_CARDS = 10
"""Cards a week for each hundred that an honest year may ask for (the issue's bar)."""


@dataclass(frozen=True, slots=True)
class HonestWeek:
    """An honest week: its flags, all of them false; entries of the log so far; seconds to find the flags."""

    flags: list[Flag]
    entries: int
    seconds: float

    @property
    def kinds(self) -> Counter[str]:
        """The number of flags of each kind."""
        return Counter(str(flag.kind) for flag in self.flags)


def first_monday() -> datetime:
    """Return the first Monday that begins in the year after this one: migrations have written entries of today."""
    zone = timezone.get_current_timezone()
    day = datetime(timezone.localdate().year + 1, 1, 1, tzinfo=zone)
    return day + timedelta(days=-day.weekday() % 7)


def honest_weeks(work: Work, begin: datetime, *, number: int = WEEKS) -> Iterator[HonestWeek]:
    """Let week after week pass, and yield what is found in each."""
    week = weeks.of(begin)
    for _each in range(number):
        work.do(week)
        before = time.perf_counter()
        found = flags.found(week)
        yield HonestWeek(found, AuditEntry.objects.count(), time.perf_counter() - before)
        week = weeks.of(week.end)
