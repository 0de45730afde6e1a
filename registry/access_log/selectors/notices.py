from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.db.models import Count, Exists, Max, Min, OuterRef, Q, QuerySet, Sum, TextChoices
from django.utils.translation import gettext_lazy as _

from audit.ledger.receipts import seals_of
from audit.log.events import Event
from audit.log.models import AuditEntry
from audit.log.selectors import TIMES
from registry.access_log.models import NoticeSettings, Rhythm
from registry.access_log.selectors.delays import withheld_from
from registry.access_log.selectors.looks import EVENTS_OF, LookKind, entries_about
from registry.people.models import Registrant
from registry.places.models import Camera

LINES = 30
"""Lines of a mail at most; the page has all."""

EVERY: Final = {Rhythm.DAILY: timedelta(days=1), Rhythm.WEEKLY: timedelta(days=7)}


class Channel(TextChoices):
    """Kinds of mail that an owner sets and stops one by one. Values are columns of `NoticeSettings`."""

    SEARCHES = "searches", _("Searches that found your cameras")
    FOOTAGE = "footage", _("Footage that you gave, played or downloaded")
    MONTHLY = "monthly", _("A summary of each month")


DIGESTS: Final = (Channel.SEARCHES, Channel.FOOTAGE)

TOLD: Final[Mapping[Channel, Sequence[Event]]] = {
    Channel.SEARCHES: (Event.CAMERA_FOUND, Event.CAMERA_SHOWN, *EVENTS_OF[LookKind.DELAYED]),
    Channel.FOOTAGE: (Event.EVIDENCE_VIEWED, Event.EVIDENCE_DOWNLOADED),
}
"""Events of each kind. A request for footage has a mail of its own."""


@dataclass(frozen=True, slots=True)
class Told:
    """Content of one mail. groups: rows of who, event and incident_id with how often, first and last.

    later: numbers of entries by the time they open, None if nobody can tell. more: only the page has the rest.
    public, newer: number of open entries in the published state of the log, and of others.
    """

    groups: Sequence[Mapping[str, Any]]
    later: Mapping[datetime | None, int]
    more: bool
    public: int = 0
    newer: int = 0


def due(channel: Channel, now: datetime) -> QuerySet[NoticeSettings]:
    over = Q()
    for rhythm, after in EVERY.items():
        over |= Q(**{channel.value: rhythm, f"{channel}_told_until__lte": now - after})
    return NoticeSettings.objects.filter(over).order_by(f"{channel}_told_until", "pk")


def with_something(settings: Iterable[NoticeSettings], channel: Channel, until: datetime) -> set[UUID]:
    entries = AuditEntry.objects.filter(
        camera_id=OuterRef("pk"),
        event__in=TOLD[channel],
        at__gt=OuterRef(f"premises__registrant__notices__{channel}_told_until"),
        at__lte=until,
    )
    registrants = [one.registrant_id for one in settings]
    cameras = Camera.objects.filter(Exists(entries), premises__registrant__in=registrants)
    return set(cameras.values_list("premises__registrant_id", flat=True))


def fresh(*, after: int, until: datetime) -> "QuerySet[AuditEntry, tuple[int, str]]":
    """Return id and camera of each entry to tell of, after the entry `after`, oldest first."""
    events = [event.value for told in TOLD.values() for event in told]
    found = AuditEntry.objects.filter(id__gt=after, at__lte=until, event__in=events, camera_id__isnull=False)
    return found.order_by("id").values_list("id", "camera_id")


def newest(until: datetime) -> int:
    """Return the id of the log's last entry at a time, 0 for an empty log."""
    return AuditEntry.objects.filter(at__lte=until).order_by("-id").values_list("id", flat=True).first() or 0


def owners_of(cameras: Iterable[str]) -> set[UUID]:
    return set(Camera.objects.filter(pk__in=list(cameras)).values_list("premises__registrant_id", flat=True))


def told(registrant: Registrant, channel: Channel, *, since: datetime, until: datetime) -> Told:
    """Return the content of a mail about the time after `since` to `until`. Entries delayed now are only counted."""
    withheld = withheld_from(registrant)
    cameras = Camera.objects.filter(premises__registrant=registrant)
    entries = entries_about(cameras).filter(event__in=TOLD[channel], at__gt=since, at__lte=until).order_by()
    readable = entries.exclude(withheld.entries)
    grouped = readable.values("actor_pseudonym", "event", "incident_id")
    counted = grouped.annotate(times=Sum(TIMES), first=Min("at"), last=Max("at")).order_by("-last")
    groups = list(counted[: LINES + 1])
    later: dict[datetime | None, int] = {}
    hidden = entries.filter(withheld.entries).values("incident_id").annotate(times=Count("id"))
    for row in hidden:
        opens = withheld.until.get(str(row["incident_id"]))
        later[opens] = later.get(opens, 0) + row["times"]
    ids = list(readable.values_list("id", flat=True))
    public = sum(seal.is_public for seal in seals_of(ids).values())
    return Told(groups[:LINES], later, more=len(groups) > LINES, public=public, newer=len(ids) - public)


def settings_of(registrant: Registrant) -> NoticeSettings:
    return NoticeSettings.objects.filter(registrant=registrant).first() or NoticeSettings(registrant=registrant)
