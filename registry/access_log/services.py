from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from audit.log.actors import Actor, ActorKind, Subject
from audit.log.events import Event
from audit.log.selectors import cameras_in, was_recorded
from audit.log.services import Line, record, record_many
from fusus_portal.ground.access.permissions import Permission, demand
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.database.writing import in_batches
from fusus_portal.ground.lifecycle import Other
from fusus_portal.ground.notifications.kinds import MessageKind
from fusus_portal.ground.notifications.services import outbox as notifications
from fusus_portal.ground.rows import InLog
from registry.access_log import policies, selectors
from registry.access_log.models import LookDelay, LooksRead, NoticeSettings, Rhythm
from registry.access_log.selectors import DIGESTS, Channel
from registry.canvasses.policies import may_delay
from registry.incidents import locks as incident_locks
from registry.incidents.models import Incident
from registry.incidents.policies import incidents
from registry.places.models import Camera
from registry.places.services.cameras import line_of
from registry.registrants import locks
from registry.registrants.models import Registrant
from registry.rules import LOOKS_SETTLE


def copy_looks(*, registrant: Registrant, by: User) -> None:
    """Record that an owner takes a copy of their list of looks, which is made after the commit (promise R5)."""
    with transaction.atomic():
        locked = locks.own_registrant(registrant.pk, by=by)
        record(event=Event.LOOKS_COPIED, actor=by.actor, subject=locked.subject)


def delay_looks(*, incident: Incident, camera: Camera, by: User, days: int, reason: str) -> LookDelay:
    """Let a camera's owner read for some days only that entries about an incident exist, not what they say.

    camera: one that was shown to this supervisor for the incident. The owner sees the entry of this act at once, and
    reads it with its reason after the delay. Raises Refused, NotYours or Stale by the policy, ValidationError on "days"
    and "reason".
    """
    with transaction.atomic():
        locked = incident_locks.incident(incident.pk)
        incidents.must_be_open(locked)
        may_delay(by, locked)
        policies.must_be_delayable(by, camera, locked)
        return _place_delay(locked, camera, by, days=days, reason=reason)


def renew_delay(*, delay: LookDelay, by: User, days: int, reason: str) -> LookDelay:
    """Delay looks once more from now, ending the first delay. Raises as `delay_looks`; Stale if over or renewed."""
    with transaction.atomic():
        incident, first = _locked_delay(delay)
        incidents.must_be_open(incident)
        may_delay(by, incident)
        policies.must_be_renewable(first)
        policies.must_be_secret(first.camera, incident)
        return _place_delay(incident, first.camera, by, days=days, reason=reason, first=first)


def end_delay(*, delay: LookDelay, by: User) -> LookDelay:
    """End a delay early: the owner reads everything at once. Any supervisor may. Raises Stale if it is over."""
    with transaction.atomic():
        incident, locked = _locked_delay(delay)
        demand(by, Permission.DELAY_LOOKS, subject=incident.subject)
        policies.must_run(locked)
        locked.ends_at = locked.ended_at = timezone.now()
        locked.ended_by = by
        locked.save(update_fields=["ends_at", "ended_at", "ended_by"])
        _record_delay(Event.LOOKS_DELAY_ENDED, locked, by)
    return locked


def _place_delay(
    incident: Incident, camera: Camera, by: User, *, days: int, reason: str, first: LookDelay | None = None
) -> LookDelay:
    """Begin a delay, or the renewal that ends the `first` one, with its entries."""
    now, lasting = timezone.now(), policies.check_days(days)
    if first is not None:
        first.ends_at = now
        first.save(update_fields=["ends_at"])
    placed = LookDelay.objects.create(
        registrant_id=camera.premises.registrant_id,
        incident=incident,
        camera=camera,
        number=first.number + 1 if first else 1,
        reason=policies.check_why(reason, incident=incident, first=first),
        placed_by=by,
        starts_at=now,
        ends_at=now + lasting,
    )
    event = Event.LOOKS_DELAY_RENEWED if first else Event.LOOKS_DELAYED
    _record_delay(event, placed, by, reason=placed.reason)
    return placed


def _locked_delay(delay: LookDelay) -> tuple[Incident, LookDelay]:
    incident = incident_locks.incident(delay.incident_id)
    rows = LookDelay.objects.select_for_update(of=("self",), no_key=True).select_related("camera__premises")
    return incident, rows.get(pk=delay.pk)


def _record_delay(event: Event, delay: LookDelay, by: User, *, reason: str = "") -> None:
    """Write an entry for each camera of the owner that the incident's log names: each camera's log has the delay."""
    cameras = Camera.objects.filter(premises__registrant=delay.registrant_id).select_related("premises")
    by_id = {str(camera.pk): camera for camera in cameras}
    named = cameras_in(str(delay.incident_id), among=by_id) | {str(delay.camera_id)}
    facts: dict[str, int | str] = {"until": delay.ends_at.isoformat(), "delay": str(delay.pk)}
    lines: list[Line] = [line_of(by_id[pk], facts=facts) for pk in sorted(named)]
    record_many(event=event, actor=by.actor, lines=lines, **delay.incident.in_log, reason=reason)


ONE_LOOK: Final = timedelta(minutes=10)
"""A person who opens the same owner's page again within this time leaves no second entry."""


def see_owner(*, owner: UUID | None, by: User, subject: Subject, number: str, within: InLog | None = None) -> None:
    """Record that a person is about to read an owner's name, street or phone number, before the page (promise R5).

    owner: id of the registration, None after they left: then only auditors read the entry. subject, number: of the row
    whose page names the owner. within: the incident that the row belongs to.
    """
    since, whose = timezone.now() - ONE_LOOK, str(owner or "")
    if was_recorded(event=Event.OWNER_SEEN, actor=by.actor, subject=subject, since=since, camera=whose):
        return
    with transaction.atomic():
        record(
            event=Event.OWNER_SEEN,
            actor=by.actor,
            subject=subject,
            camera=whose,
            facts={"number": number},
            **(within or {}),
        )


LOOKS_TELLER = "registry.tell_looks"
TOLD_AT_ONCE = 500
READ_AT_ONCE = 5000
MESSAGE_KINDS = {Channel.SEARCHES: MessageKind.LOOKS_DIGEST, Channel.FOOTAGE: MessageKind.FOOTAGE_LOOKED_AT}


def change_notices(
    *, registrant: Registrant, by: User, searches: str, footage: str, monthly: bool = False
) -> NoticeSettings:
    """Set how often an owner gets mails about looks. Looks from a time without mails are not told afterwards.

    monthly: a summary of each month comes; the first is of the month in which it is turned on.
    """
    with transaction.atomic():
        locked = locks.own_registrant(registrant.pk, by=by)
        settings = _notices_of(locked)
        if monthly:
            ended = selectors.last_ended_month(timezone.now())
            settings.month_told = max(settings.month_told or ended, ended)
        settings.monthly = monthly
        _set_notices(settings, {Channel.SEARCHES: searches, Channel.FOOTAGE: footage})
        _record_notices(settings, by.actor)
    return settings


def stop_notices(*, registrant: Registrant, channel: Channel) -> NoticeSettings:
    """Stop one kind of mail to an owner, by the link in such a mail. Doing it twice has one effect."""
    with transaction.atomic():
        settings = _notices_of(Registrant.objects.select_for_update(no_key=True).get(pk=registrant.pk))
        is_wanted = settings.monthly if channel == Channel.MONTHLY else getattr(settings, channel) != Rhythm.NONE
        if is_wanted:
            settings.monthly = settings.monthly and channel != Channel.MONTHLY
            _set_notices(settings, {channel: Rhythm.NONE} if channel in DIGESTS else {})
            _record_notices(settings, Actor(ActorKind.LINK, str(registrant.pk), role=Other.LINK))
    return settings


def tell_looks() -> int:
    """Write due mails about looks, without delayed entries (promise B1); return how many. None is written twice."""
    written = _tell_each()
    _settle_notices(Registrant.objects.all())
    for channel in DIGESTS:
        while batch := _tell_looks_batch(channel):
            written += sum(batch)
    return written


@transaction.atomic
def _tell_looks_batch(channel: Channel) -> list[bool]:
    until = timezone.now() - LOOKS_SETTLE
    rows = selectors.notices_due(channel, until).select_for_update(of=("self",), no_key=True, skip_locked=True)
    return _write_notices(list(rows.select_related("registrant__user")[:TOLD_AT_ONCE]), channel, until)


@transaction.atomic
def _tell_each() -> int:
    """Write to owners who want a mail each time; return how many. It finds them by new entries: most have none."""
    LooksRead.objects.get_or_create(name="looks", defaults={"last_entry": selectors.newest_entry(timezone.now())})
    read, until = LooksRead.objects.select_for_update().get(), timezone.now() - LOOKS_SETTLE
    found = list(selectors.fresh_entries(after=read.last_entry, until=until)[:READ_AT_ONCE])
    owners = selectors.owners_of_cameras({camera for _entry, camera in found})
    _settle_notices(Registrant.objects.filter(pk__in=owners))
    written = 0
    for channel in DIGESTS:
        rows = NoticeSettings.objects.select_for_update(of=("self",), no_key=True)
        wanting = rows.filter(registrant__in=owners, **{channel.value: Rhythm.EACH}).select_related("registrant__user")
        written += sum(_write_notices(list(wanting.order_by("pk")), channel, until))
    reached = found[-1][0] if len(found) == READ_AT_ONCE else selectors.newest_entry(until)
    read.last_entry = max(read.last_entry, reached)
    read.save(update_fields=["last_entry"])
    return written


def _write_notices(settings: Sequence[NoticeSettings], channel: Channel, until: datetime) -> list[bool]:
    """Write to the owners with new looks, and store up to when all were told; return for each if a mail was written."""
    having = selectors.owners_with_news(settings, channel, until)
    told = f"{channel}_told_until"
    letters = [
        _letter(one, since=getattr(one, told).isoformat(), until=until.isoformat())
        for one in settings
        if one.registrant_id in having
    ]
    notifications.send_many(kind=MESSAGE_KINDS[channel], letters=letters)
    rows = NoticeSettings.objects.filter(pk__in=[one.pk for one in settings])
    rows.update(**{told: until})
    return [one.registrant_id in having for one in settings]


def _letter(settings: NoticeSettings, **context: str) -> notifications.Letter:
    registrant = settings.registrant
    return notifications.Letter(registrant, registrant.subject, {"registrant": str(registrant.pk), **context})


def _settle_notices(registrants: QuerySet[Registrant]) -> None:
    """Create settings of mails for owners without any; their first mail covers the week before."""
    a_week_ago = timezone.now() - timedelta(days=7)
    NoticeSettings.objects.bulk_create(
        [
            NoticeSettings(registrant=one, searches_told_until=begun, footage_told_until=begun)
            for one in registrants.filter(notices__isnull=True).order_by("pk")[:READ_AT_ONCE]
            if (begun := max(one.registered_at, a_week_ago))
        ],
        ignore_conflicts=True,
    )


def _notices_of(registrant: Registrant) -> NoticeSettings:
    return NoticeSettings.objects.get_or_create(registrant=registrant)[0]


def _set_notices(settings: NoticeSettings, wanted: "dict[Channel, str]") -> None:
    for channel, rhythm in wanted.items():
        if getattr(settings, channel) == Rhythm.NONE != rhythm:
            setattr(settings, f"{channel}_told_until", timezone.now())
        setattr(settings, channel, rhythm)
    settings.save()


def _record_notices(settings: NoticeSettings, actor: Actor) -> None:
    facts: dict[str, int | str] = {name: str(getattr(settings, name)) for name in DIGESTS}
    facts["monthly"] = int(settings.monthly)
    record(event=Event.NOTICES_CHANGED, actor=actor, subject=settings.registrant.subject, facts=facts)


MONTHS_TELLER = "registry.tell_months"


@in_batches
def tell_months() -> int:
    """Write the summaries of the month that ended last; return how many. Running it twice writes none twice."""
    month = selectors.last_ended_month(timezone.now())
    rows = selectors.months_due(month).select_for_update(of=("self",), no_key=True, skip_locked=True)
    wanting = list(rows.select_related("registrant__user")[:TOLD_AT_ONCE])
    letters = [_letter(one, month=month.isoformat()) for one in wanting]
    notifications.send_many(kind=MessageKind.MONTH_SUMMARY, letters=letters)
    NoticeSettings.objects.filter(pk__in=[one.pk for one in wanting]).update(month_told=month)
    return len(wanting)
