"""A week of the log: from Monday, 00:00, to the next Monday, on the agency's clock."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import connection
from django.db.models import QuerySet
from django.utils import timezone

from audit.log.actors import ActorKind
from audit.log.events import Event
from audit.log.models import AuditEntry

DAYS = 7


@dataclass(frozen=True, slots=True)
class Week:
    """From `begin` to before `end`: seven days, but not always 168 hours."""

    begin: datetime
    end: datetime

    def acts(self, *events: Event) -> QuerySet[AuditEntry]:
        return AuditEntry.objects.filter(at__gte=self.begin, at__lt=self.end, event__in=events, outcome="done")

    def rows(self, statement: str, **asked: Any) -> list[tuple[Any, ...]]:
        """Return the rows of an SQL statement, which may name the begin and end, and the kind of people's entries."""
        with connection.cursor() as cursor:
            cursor.execute(statement, {"begin": self.begin, "end": self.end, "kind": ActorKind.USER.value, **asked})
            return list(cursor.fetchall())

    def previous(self) -> "Week":
        return _from(self.monday - timedelta(days=DAYS))

    def next(self) -> "Week":
        return _from(self.monday + timedelta(days=DAYS))

    @property
    def monday(self) -> date:
        return timezone.localdate(self.begin)


def of(moment: datetime) -> Week:
    day = timezone.localdate(moment)
    return _from(day - timedelta(days=day.weekday()))


def _from(monday: date) -> Week:
    begin, end = (datetime.combine(day, time.min) for day in (monday, monday + timedelta(days=DAYS)))
    return Week(timezone.make_aware(begin), timezone.make_aware(end))
