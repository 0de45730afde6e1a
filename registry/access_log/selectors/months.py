from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Count, F, QuerySet, Sum
from django.utils.timezone import localdate, make_aware

from audit.log.events import Event
from audit.log.models import AuditEntry
from audit.log.selectors import TIMES
from registry.access_log.models import NoticeSettings
from registry.access_log.selectors.delays import withheld_from
from registry.access_log.selectors.looks import entries_about
from registry.people.models import Registrant
from registry.places.models import Camera
from registry.rules import LOOKS_SETTLE

LOOKS = (
    Event.CAMERA_SHOWN,
    Event.PREMISES_READ,
    Event.CAMERA_EXPORTED,
    Event.EVIDENCE_VIEWED,
    Event.EVIDENCE_DOWNLOADED,
    Event.VIEW_OFFERED,
    Event.VIEW_STARTED,
)


@dataclass(frozen=True, slots=True)
class MonthCount:
    """Numbers of one month of the agency's clock. searches, asked: canvasses that found a camera, or asked for footage.

    looks: times, one for each camera. refused: views that the owner's own rules refused. later: entries that the owner
    can't read yet, which no other number counts.
    """

    searches: int
    asked: int
    looks: int
    refused: int
    later: int


def last_ended(now: datetime) -> date:
    """Return the first day of the latest month that has ended, and settled."""
    return _before(localdate(now - LOOKS_SETTLE).replace(day=1))


def due(month: date) -> QuerySet[NoticeSettings]:
    return NoticeSettings.objects.filter(monthly=True, month_told__lt=month).order_by("month_told", "pk")


def counted(registrant: Registrant, month: date) -> MonthCount:
    """Return the numbers of a month. month: its first day. Entries delayed now count only as `later`."""
    withheld = withheld_from(registrant)
    cameras = Camera.objects.filter(premises__registrant=registrant)
    since, until = (_moment(day) for day in (month, (month + timedelta(days=31)).replace(day=1)))
    entries = entries_about(cameras).filter(at__gte=since, at__lt=until).order_by()
    readable = entries.exclude(withheld.entries)
    return MonthCount(
        searches=_canvasses(readable, Event.CAMERA_FOUND),
        asked=_canvasses(readable, Event.CAMERA_ASKED),
        looks=readable.filter(event__in=LOOKS).aggregate(number=Sum(TIMES, default=0))["number"],
        refused=readable.filter(event=Event.VIEW_REFUSED).count(),
        later=entries.filter(withheld.entries).count(),
    )


def _canvasses(entries: QuerySet[AuditEntry], event: Event) -> int:
    found = entries.filter(event=event).aggregate(number=Count(F("facts__canvass"), distinct=True))
    return int(found["number"])


def _before(first: date) -> date:
    return (first - timedelta(days=1)).replace(day=1)


def _moment(day: date) -> datetime:
    return make_aware(datetime.combine(day, time.min))
