from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import takewhile
from typing import Any, Final
from uuid import UUID

from django.core.signing import BadSignature, Signer
from django.db import DatabaseError, transaction
from django.db.models import Count, Exists, F, Max, Min, OuterRef, Q, QuerySet, Sum, TextChoices
from django.utils import timezone
from django.utils.translation import gettext as _, gettext_lazy

from audit.ledger.receipts import seals_of
from audit.log.actors import ActorKind
from audit.log.events import Event
from audit.log.models import AuditEntry
from audit.log.selectors import OWNER_EVENTS, TIMES, entries_about, entries_of_cameras, reasons_of
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.lifecycle import NotYours, find_or_refuse
from registry.access_log.models import LookDelay, NoticeSettings, Rhythm
from registry.access_log.policies import SHOWN_REASONS, TYPED_REASONS
from registry.canvasses.models import Canvass, FootageRequest
from registry.incidents import selectors as incidents
from registry.incidents.models import Incident
from registry.limits.models import Limits
from registry.places.models import Camera
from registry.registrants.models import Registrant
from registry.rules import LOOKS_SETTLE


@dataclass(frozen=True, slots=True)
class Withheld:
    """Entries that an owner can't read yet. until: when the entries of an incident open, by its id.

    unknown: the delays could not be read, so all entries about incidents are withheld. at: when the delays were read. A
    refused view is withheld for a quarter of an hour.
    """

    until: Mapping[str, datetime] = field(default_factory=dict)
    unknown: bool = False
    at: datetime = field(default_factory=timezone.now)

    def hides(self, entry: AuditEntry) -> bool:
        """True if the owner may know only that this entry exists."""
        delayed = entry.incident_id in self.until or (self.unknown and entry.incident_id != "")
        return delayed or self._is_young(entry)

    def opens(self, entry: AuditEntry) -> datetime | None:
        """Return when the owner can read a withheld entry, None while it is unknown."""
        until = self.until.get(entry.incident_id)
        return entry.at + LOOKS_SETTLE if until is None and self._is_young(entry) and not self.unknown else until

    @property
    def entries(self) -> Q:
        delayed = Q(incident_id__isnull=False) if self.unknown else Q(incident_id__in=list(self.until))
        return delayed | Q(event=Event.VIEW_REFUSED.value, at__gt=self.at - LOOKS_SETTLE)

    def _is_young(self, entry: AuditEntry) -> bool:
        return entry.event == Event.VIEW_REFUSED and entry.at > self.at - LOOKS_SETTLE


def delays_running(now: datetime) -> QuerySet[LookDelay]:
    """Return the delays in force. A delay ends after its days, and as soon as its owner is asked for footage."""
    asked = FootageRequest.objects.filter(incident=OuterRef("incident"), registrant=OuterRef("registrant"))
    return LookDelay.objects.filter(~Exists(asked), starts_at__lte=now, ends_at__gt=now)


def withheld_from(registrant: Registrant) -> Withheld:
    """Return the incidents that an owner reads nothing of yet, and until when; every one after a database error."""
    try:
        with transaction.atomic():
            delays = delays_running(timezone.now()).filter(registrant=registrant)
            return Withheld({str(incident): until for incident, until in delays.values_list("incident_id", "ends_at")})
    except DatabaseError:
        return Withheld(unknown=True)


def delays_of_incident(incident: Incident) -> QuerySet[LookDelay]:
    delays = LookDelay.objects.filter(incident=incident).select_related("camera", "placed_by", "ended_by")
    return delays.order_by("registrant_id", "-number")


def delay(by: User, pk: UUID) -> LookDelay:
    """Return a delay of an incident that this person may see. Raises NotYours."""
    visible = incidents.visible_to(by)
    found = LookDelay.objects.select_related("incident__type", "camera").filter(pk=pk, incident__in=visible)
    return find_or_refuse(found, _("There is no such delay."), subject=("look_delay", str(pk)))


class LookKind(TextChoices):
    FOUND = "found", gettext_lazy("Searches that found a camera")
    SHOWN = "shown", gettext_lazy("Times a deputy saw a camera and its address")
    ASKED = "asked", gettext_lazy("Requests for footage")
    PLAYED = "played", gettext_lazy("Footage that was played")
    DOWNLOADED = "downloaded", gettext_lazy("Footage that was downloaded")
    VIEWED = "viewed", gettext_lazy("Live views")
    REFUSED = "refused", gettext_lazy("Views that your pause or rule refused")
    NAMED = "named", gettext_lazy("Times somebody saw your name or address")
    DELAYED = "delayed", gettext_lazy("Delays by a supervisor")
    LATER = "later", gettext_lazy("Entries that open later")
    OTHER = "other", gettext_lazy("Everything else")


EVENTS_OF: Final = {
    LookKind.FOUND: (Event.CAMERA_FOUND,),
    LookKind.SHOWN: (Event.CAMERA_SHOWN,),
    LookKind.ASKED: (Event.CAMERA_ASKED,),
    LookKind.PLAYED: (Event.EVIDENCE_VIEWED,),
    LookKind.DOWNLOADED: (Event.EVIDENCE_DOWNLOADED,),
    LookKind.VIEWED: (
        Event.VIEW_OFFERED,
        Event.VIEW_STARTED,
        Event.VIEW_EXTENDED,
        Event.VIEW_WATCHED,
        Event.VIEW_ENDED,
    ),
    LookKind.REFUSED: (Event.VIEW_REFUSED,),
    LookKind.NAMED: (Event.OWNER_SEEN,),
    LookKind.DELAYED: (Event.LOOKS_DELAYED, Event.LOOKS_DELAY_RENEWED, Event.LOOKS_DELAY_ENDED),
}
KIND_EVENTS: Final = frozenset(event for events in EVENTS_OF.values() for event in events)
LOOK_EVENTS: Final = tuple(
    event.value for event in (*KIND_EVENTS, Event.PREMISES_READ, Event.CAMERA_EXPORTED, Event.CLIP_ASKED)
)
"""Events by which the agency sees a camera, its address, footage or owner, or delays what the owner reads."""


@dataclass(frozen=True, slots=True)
class LookQuery:
    """An owner's choice of entries, `since` to before `until`. registrant: set to add those about the owner's name."""

    cameras: Sequence[Camera]
    registrant: Registrant | None = None
    kind: str = ""
    since: datetime | None = None
    until: datetime | None = None


def entries_of_owner(cameras: Iterable[Camera], registrant: Registrant | None = None) -> QuerySet[AuditEntry]:
    """Return the entries that an owner may read of cameras, and of the owner's name and address, newest first (B1)."""
    own = [registrant] if registrant else []
    return entries_of_cameras(str(each.pk) for each in (*own, *cameras))


def entries_of_others(cameras: Iterable[Camera], *, registrant: Registrant, withheld: Withheld) -> QuerySet[AuditEntry]:
    """Return looks of anyone but the owner, newest first, and all withheld entries, so that those hide their kind."""
    looked = entries_of_owner(cameras, registrant).filter(withheld.entries | Q(event__in=LOOK_EVENTS))
    return looked.exclude(actor_kind=ActorKind.LINK.value).exclude(actor_id=str(registrant.user_id))


def entries_wanted(wanted: LookQuery, withheld: Withheld) -> QuerySet[AuditEntry]:
    """Return the entries of a query, newest first.

    The kind of a withheld entry is withheld too: only a list of all kinds, or of those that open later, includes it.
    """
    entries = entries_of_owner(wanted.cameras, wanted.registrant)
    if wanted.since:
        entries = entries.filter(at__gte=wanted.since)
    if wanted.until:
        entries = entries.filter(at__lt=wanted.until)
    if wanted.kind == LookKind.LATER:
        return entries.filter(withheld.entries)
    if wanted.kind:
        entries = entries.exclude(withheld.entries).filter(event__in=_events_of_kind(LookKind(wanted.kind)))
    return entries


def entries_older_than(entries: QuerySet[AuditEntry], *, camera: str, number: int) -> QuerySet[AuditEntry]:
    """Return the entries before this number of a camera. An entry's own id would reveal how busy the log is."""
    found = AuditEntry.objects.filter(camera_id=camera, camera_number=number).values_list("id", flat=True).first()
    return entries.filter(id__lt=found) if found else entries.none()


def first_days(entries: Sequence[AuditEntry], number: int) -> list[AuditEntry]:
    """Return the beginning of a list, as far as it is of so many days of the agency's clock."""
    days = list(dict.fromkeys(timezone.localdate(entry.at) for entry in entries))[:number]
    return list(takewhile(lambda entry: timezone.localdate(entry.at) in days, entries))


def incidents_by_id(entries: Iterable[AuditEntry]) -> Mapping[str, Incident]:
    ids = {entry.incident_id for entry in entries if entry.incident_id}
    return {str(found.pk): found for found in Incident.objects.filter(pk__in=ids).select_related("type")}


def _events_of_kind(kind: LookKind) -> list[str]:
    if kind == LookKind.OTHER:
        return [event for event in OWNER_EVENTS if event not in KIND_EVENTS]
    return [event.value for event in EVENTS_OF[kind]]


DIGEST_LINES = 30
"""Lines of a mail about looks at most; the owner's page has all."""

DIGEST_EVERY: Final = {Rhythm.DAILY: timedelta(days=1), Rhythm.WEEKLY: timedelta(days=7)}


class Channel(TextChoices):
    """Kinds of mail that an owner sets and stops one by one. Values are columns of `NoticeSettings`."""

    SEARCHES = "searches", gettext_lazy("Searches that found your cameras")
    FOOTAGE = "footage", gettext_lazy("Footage that you gave, played or downloaded")
    MONTHLY = "monthly", gettext_lazy("A summary of each month")


DIGESTS: Final = (Channel.SEARCHES, Channel.FOOTAGE)

DIGEST_EVENTS: Final[Mapping[Channel, Sequence[Event]]] = {
    Channel.SEARCHES: (Event.CAMERA_FOUND, Event.CAMERA_SHOWN, *EVENTS_OF[LookKind.DELAYED]),
    Channel.FOOTAGE: (Event.EVIDENCE_VIEWED, Event.EVIDENCE_DOWNLOADED),
}
"""Events that each kind of mail tells of. A request for footage has a mail of its own."""


def notices_due(channel: Channel, now: datetime) -> QuerySet[NoticeSettings]:
    over = Q()
    for rhythm, after in DIGEST_EVERY.items():
        over |= Q(**{channel.value: rhythm, f"{channel}_told_until__lte": now - after})
    return NoticeSettings.objects.filter(over).order_by(f"{channel}_told_until", "pk")


def owners_with_news(settings: Iterable[NoticeSettings], channel: Channel, until: datetime) -> set[UUID]:
    entries = AuditEntry.objects.filter(
        camera_id=OuterRef("pk"),
        event__in=DIGEST_EVENTS[channel],
        at__gt=OuterRef(f"premises__registrant__notices__{channel}_told_until"),
        at__lte=until,
    )
    registrants = [one.registrant_id for one in settings]
    cameras = Camera.objects.filter(Exists(entries), premises__registrant__in=registrants)
    return set(cameras.values_list("premises__registrant_id", flat=True))


def fresh_entries(*, after: int, until: datetime) -> "QuerySet[AuditEntry, tuple[int, str]]":
    """Return id and camera of each entry that mails tell of, after the entry `after` up to `until`, oldest first."""
    events = [event.value for told in DIGEST_EVENTS.values() for event in told]
    found = AuditEntry.objects.filter(id__gt=after, at__lte=until, event__in=events, camera_id__isnull=False)
    return found.order_by("id").values_list("id", "camera_id")


def newest_entry(until: datetime) -> int:
    return AuditEntry.objects.filter(at__lte=until).order_by("-id").values_list("id", flat=True).first() or 0


def owners_of_cameras(cameras: Iterable[str]) -> set[UUID]:
    return set(Camera.objects.filter(pk__in=list(cameras)).values_list("premises__registrant_id", flat=True))


def digest_content(registrant: Registrant, channel: Channel, *, since: datetime, until: datetime) -> dict[str, Any]:
    """Return the content of a mail about looks after `since` to `until`. Entries delayed now are only counted.

    groups: rows of who, event and incident_id with how often, first and last. later: numbers of withheld entries by the
    time they open, None while unknown. more: True if only the owner's page lists the rest. public, newer: numbers of
    readable entries in the published state of the log, and not yet in it.
    """
    withheld = withheld_from(registrant)
    cameras = Camera.objects.filter(premises__registrant=registrant)
    entries = entries_of_owner(cameras).filter(event__in=DIGEST_EVENTS[channel], at__gt=since, at__lte=until).order_by()
    readable = entries.exclude(withheld.entries)
    grouped = readable.values("actor_pseudonym", "event", "incident_id")
    counted = grouped.annotate(times=Sum(TIMES), first=Min("at"), last=Max("at")).order_by("-last")
    groups = list(counted[: DIGEST_LINES + 1])
    later: dict[datetime | None, int] = {}
    hidden = entries.filter(withheld.entries).values("incident_id").annotate(times=Count("id"))
    for row in hidden:
        opens = withheld.until.get(str(row["incident_id"]))
        later[opens] = later.get(opens, 0) + row["times"]
    ids = list(readable.values_list("id", flat=True))
    public = sum(seal.is_public for seal in seals_of(ids).values())
    counts = {"later": later, "public": public, "newer": len(ids) - public}
    return {"groups": groups[:DIGEST_LINES], "more": len(groups) > DIGEST_LINES, **counts}


def notice_settings_of(registrant: Registrant) -> NoticeSettings:
    return NoticeSettings.objects.filter(registrant=registrant).first() or NoticeSettings(registrant=registrant)


MONTH_EVENTS = (
    Event.CAMERA_SHOWN,
    Event.PREMISES_READ,
    Event.CAMERA_EXPORTED,
    Event.EVIDENCE_VIEWED,
    Event.EVIDENCE_DOWNLOADED,
    Event.VIEW_OFFERED,
    Event.VIEW_STARTED,
)


def last_ended_month(now: datetime) -> date:
    """Return the first day of the latest month that ended a quarter of an hour ago or before."""
    first = timezone.localdate(now - LOOKS_SETTLE).replace(day=1)
    return (first - timedelta(days=1)).replace(day=1)


def months_due(month: date) -> QuerySet[NoticeSettings]:
    return NoticeSettings.objects.filter(monthly=True, month_told__lt=month).order_by("month_told", "pk")


def count_month(registrant: Registrant, month: date) -> dict[str, int]:
    """Return an owner's numbers of a month, given by its first day.

    searches, asked: canvasses that found a camera, or asked for footage. looks: how often an address, footage or a live
    view was seen, for each camera. refused: views refused by the owner's own rules. later: entries that the owner can't
    read now, which no other number counts.
    """
    withheld = withheld_from(registrant)
    cameras = Camera.objects.filter(premises__registrant=registrant)
    days = (month, (month + timedelta(days=31)).replace(day=1))
    since, until = (timezone.make_aware(datetime.combine(day, time.min)) for day in days)
    entries = entries_of_owner(cameras).filter(at__gte=since, at__lt=until).order_by()
    readable = entries.exclude(withheld.entries)
    return {
        "searches": _canvasses(readable, Event.CAMERA_FOUND),
        "asked": _canvasses(readable, Event.CAMERA_ASKED),
        "looks": readable.filter(event__in=MONTH_EVENTS).aggregate(number=Sum(TIMES, default=0))["number"],
        "refused": readable.filter(event=Event.VIEW_REFUSED).count(),
        "later": entries.filter(withheld.entries).count(),
    }


def _canvasses(entries: QuerySet[AuditEntry], event: Event) -> int:
    found = entries.filter(event=event).aggregate(number=Count(F("facts__canvass"), distinct=True))
    return int(found["number"])


def readable_reasons(entries: Sequence[AuditEntry]) -> Mapping[bytes, str]:
    """Return the reasons that owners may read, by digest (docs/decisions/registry/typed-reasons.md).

    entries: none of them withheld. Expired reasons are absent. At most three queries.
    """
    shown = [entry for entry in entries if entry.event in SHOWN_REASONS]
    if typed := [entry for entry in entries if entry.event in TYPED_REASONS and entry.reason_digest]:
        shown += _settled_and_told(typed)
    return reasons_of(shown) if shown else {}


def _settled_and_told(entries: Sequence[AuditEntry]) -> list[AuditEntry]:
    """Return the settled entries (`LOOKS_SETTLE`) whose author was told at the field that owners read the reason."""
    limits, settled = Limits.current(), timezone.now() - LOOKS_SETTLE
    told = [entry for entry in entries if limits.owners_read(entry.at) and entry.at <= settled]
    before = _typed_before(limits.reasons_from, told)
    return [entry for entry in told if entry.facts.get("canvass") not in before]


def _typed_before(since: datetime | None, entries: Sequence[AuditEntry]) -> set[str]:
    """Return the ids of canvasses drafted before `since`: each act on a canvass has the reason of its draft."""
    canvasses = {str(entry.facts["canvass"]) for entry in entries if "canvass" in entry.facts}
    if not canvasses:
        return set()
    later = Canvass.objects.filter(pk__in=canvasses, created_at__gte=since).values_list("pk", flat=True)
    return canvasses - {str(pk) for pk in later}


REQUEST_EVENTS = (Event.REQUEST_SENT,)
FILE_EVENTS = (Event.EVIDENCE_RECEIVED, Event.EVIDENCE_DELETED)


def receipts_of_request(request: FootageRequest, registrant: Registrant) -> list[AuditEntry]:
    """Return the entries of a request sent and its files received and deleted, oldest first: one for each file and act.

    Deleting a file leaves one entry for each camera; the others are in the owner's own list of looks.
    """
    files = [file.subject for file in request.evidence.all()]
    entries = [*entries_about([request.subject], REQUEST_EVENTS), *entries_about(files, FILE_EVENTS)]
    withheld = withheld_from(registrant)
    first = {(entry.event, entry.subject_id): entry for entry in reversed(entries) if not withheld.hides(entry)}
    return sorted(first.values(), key=lambda entry: entry.pk)


def receipt_of_camera(cameras: Iterable[Camera], registrant: Registrant, camera: UUID, number: int) -> AuditEntry:
    """Return the entry of this number about one of an owner's cameras, or about the owner's name. Raises NotYours."""
    found = entries_of_owner(cameras, registrant).filter(camera_id=str(camera), camera_number=number)
    return find_or_refuse(found, _("There is no such entry about a camera of yours."), subject=("camera", str(camera)))


_signer = Signer(salt="registry.notices", sep=".")


def stop_token(registrant: str, channel: Channel) -> str:
    """Return the token by which a mail program stops one kind of mail to an owner (RFC 8058). Stored nowhere."""
    return _signer.sign(f"{registrant}.{channel}")


def stopped_by(token: str) -> tuple[Registrant, Channel]:
    """Return the owner and kind of mail of a token. Raises NotYours for a forged token or an unknown owner."""
    try:
        pk, _dot, channel = _signer.unsign(token).partition(".")
        return Registrant.objects.get(pk=pk), Channel(channel)
    except (BadSignature, Registrant.DoesNotExist):
        raise NotYours(_("There is no such registration.")) from None
