from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from audit.log.actors import Actor, ActorKind
from audit.log.events import Event
from audit.log.services import record
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.lifecycle import Other
from fusus_portal.ground.notifications.kinds import MessageKind
from fusus_portal.ground.notifications.services import outbox as notifications
from fusus_portal.ground.notifications.services.outbox import Letter
from registry.access_log.models import LooksRead, NoticeSettings, Rhythm
from registry.access_log.selectors import months
from registry.access_log.selectors.notices import DIGESTS, Channel, due, fresh, newest, owners_of, with_something
from registry.people import locks
from registry.people.models import Registrant
from registry.rules import LOOKS_SETTLE

TELLER = "registry.tell_looks"
A_WEEK = timedelta(days=7)
TOLD_AT_ONCE = 500
READ_AT_ONCE = 5000
KINDS = {Channel.SEARCHES: MessageKind.LOOKS_DIGEST, Channel.FOOTAGE: MessageKind.FOOTAGE_LOOKED_AT}


def change(*, registrant: Registrant, by: User, searches: str, footage: str, monthly: bool = False) -> NoticeSettings:
    """Set how often mails come. Looks while the owner wanted no mail are not told afterwards.

    monthly: a summary of each month comes; the first is of the month in which it is turned on.
    """
    with transaction.atomic():
        locked = locks.own_registrant(registrant.pk, by=by)
        settings = _of(locked)
        if monthly:
            ended = months.last_ended(timezone.now())
            settings.month_told = max(settings.month_told or ended, ended)
        settings.monthly = monthly
        _set(settings, {Channel.SEARCHES: searches, Channel.FOOTAGE: footage})
        _record(settings, by.actor)
    return settings


def stop(*, registrant: Registrant, channel: Channel) -> NoticeSettings:
    """Stop one kind of mail, by the link in it. Doing it twice has one effect."""
    with transaction.atomic():
        settings = _of(Registrant.objects.select_for_update(no_key=True).get(pk=registrant.pk))
        is_wanted = settings.monthly if channel == Channel.MONTHLY else getattr(settings, channel) != Rhythm.NONE
        if is_wanted:
            settings.monthly = settings.monthly and channel != Channel.MONTHLY
            _set(settings, {channel: Rhythm.NONE} if channel in DIGESTS else {})
            _record(settings, Actor(ActorKind.LINK, str(registrant.pk), role=Other.LINK))
    return settings


def tell() -> int:
    """Write due mails without delayed entries (promise B1); return how many. Running it twice writes none twice."""
    written = _tell_each()
    _settle(Registrant.objects.all())
    for channel in DIGESTS:
        while batch := _tell_batch(channel):
            written += sum(batch)
    return written


@transaction.atomic
def _tell_batch(channel: Channel) -> list[bool]:
    until = timezone.now() - LOOKS_SETTLE
    rows = due(channel, until).select_for_update(of=("self",), no_key=True, skip_locked=True)
    return _write(list(rows.select_related("registrant__user")[:TOLD_AT_ONCE]), channel, until)


@transaction.atomic
def _tell_each() -> int:
    """Tell owners who want each mail. They are found by new entries of the log, since most owners have none."""
    LooksRead.objects.get_or_create(name="looks", defaults={"last_entry": newest(timezone.now())})
    read, until = LooksRead.objects.select_for_update().get(), timezone.now() - LOOKS_SETTLE
    found = list(fresh(after=read.last_entry, until=until)[:READ_AT_ONCE])
    owners = owners_of({camera for _entry, camera in found})
    _settle(Registrant.objects.filter(pk__in=owners))
    written = 0
    for channel in DIGESTS:
        rows = NoticeSettings.objects.select_for_update(of=("self",), no_key=True)
        wanting = rows.filter(registrant__in=owners, **{channel.value: Rhythm.EACH}).select_related("registrant__user")
        written += sum(_write(list(wanting.order_by("pk")), channel, until))
    reached = found[-1][0] if len(found) == READ_AT_ONCE else newest(until)
    read.last_entry = max(read.last_entry, reached)
    read.save(update_fields=["last_entry"])
    return written


def _write(settings: Sequence[NoticeSettings], channel: Channel, until: datetime) -> list[bool]:
    """Write to owners with something to tell, and store up to when; return for each if a mail was written."""
    having = with_something(settings, channel, until)
    letters = [_letter(one, channel, until) for one in settings if one.registrant_id in having]
    notifications.send_many(kind=KINDS[channel], letters=letters)
    rows = NoticeSettings.objects.filter(pk__in=[one.pk for one in settings])
    rows.update(**{f"{channel}_told_until": until})
    return [one.registrant_id in having for one in settings]


def _letter(settings: NoticeSettings, channel: Channel, until: datetime) -> Letter:
    registrant, since = settings.registrant, getattr(settings, f"{channel}_told_until")
    context = {"registrant": str(registrant.pk), "since": since.isoformat(), "until": until.isoformat()}
    return Letter(registrant, registrant.subject, context)


def _settle(registrants: QuerySet[Registrant]) -> None:
    """Give owners without settings the first ones; they are told the last week."""
    a_week_ago = timezone.now() - A_WEEK
    NoticeSettings.objects.bulk_create(
        [
            NoticeSettings(registrant=one, searches_told_until=begun, footage_told_until=begun)
            for one in registrants.filter(notices__isnull=True).order_by("pk")[:READ_AT_ONCE]
            if (begun := max(one.registered_at, a_week_ago))
        ],
        ignore_conflicts=True,
    )


def _of(registrant: Registrant) -> NoticeSettings:
    return NoticeSettings.objects.get_or_create(registrant=registrant)[0]


def _set(settings: NoticeSettings, wanted: "dict[Channel, str]") -> None:
    for channel, rhythm in wanted.items():
        if getattr(settings, channel) == Rhythm.NONE != rhythm:
            setattr(settings, f"{channel}_told_until", timezone.now())
        setattr(settings, channel, rhythm)
    settings.save()


def _record(settings: NoticeSettings, actor: Actor) -> None:
    facts: dict[str, int | str] = {name: str(getattr(settings, name)) for name in DIGESTS}
    facts["monthly"] = int(settings.monthly)
    record(event=Event.NOTICES_CHANGED, actor=actor, subject=settings.registrant.subject, facts=facts)
