"""Saved searches by mail: each morning about yesterday, or each Monday about the week before. The mail is a link."""

from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone

from audit.console.models import MailTimes, SavedFilter
from audit.hooks import Report, mailer
from audit.log.actors import Actor, ActorKind
from audit.log.events import Event
from audit.log.services import record

MAILER = "audit.mail_searches"
HOUR = 6
"""Mails are written from this hour on, on the agency's clock."""

LONGEST = timedelta(days=31)
"""After a standstill, a mail is about at most this many days."""


def told_until(times: MailTimes) -> date | None:
    """Return the last day that needs no mail, None for never. The first mail has the whole day or week of the order."""
    return None if times is MailTimes.NEVER else _last_whole_day(times, timezone.localdate())


def mail_due() -> int:
    """Mail the link of each saved search that is due; return the number of mails. Former auditors get none."""
    now = timezone.localtime()
    if now.hour < HOUR:
        return 0
    mailed = 0
    for times in (MailTimes.DAILY, MailTimes.WEEKLY):
        last = _last_whole_day(times, now.date())
        due = SavedFilter.objects.filter(mailed=times, mailed_until__lt=last)
        mailed += sum(_mail(pk, last) for pk in due.order_by("pk").values_list("pk", flat=True))
    return mailed


def _last_whole_day(times: MailTimes, today: date) -> date:
    return today - timedelta(days=1 if times is MailTimes.DAILY else today.weekday() + 1)


@transaction.atomic
def _mail(pk: int, last: date) -> bool:
    """Mail one, once: another worker may hold it, or its owner may just have turned it off."""
    rows = SavedFilter.objects.select_for_update(skip_locked=True).filter(pk=pk, mailed_until__lt=last)
    found = rows.exclude(mailed=MailTimes.NEVER).first()
    if found is None or found.mailed_until is None:
        return False
    first = max(found.mailed_until + timedelta(days=1), last - LONGEST)
    is_read = mailer.answer(Report(found.subject, found.owner, first, last))
    facts = {"first": first.isoformat(), "last": last.isoformat()} if is_read else {"mailed": MailTimes.NEVER.value}
    actor = Actor(ActorKind.TASK, MAILER, role="task")
    event = Event.FILTER_MAILED if is_read else Event.FILTER_TIMED
    record(event=event, actor=actor, subject=found.subject, facts=facts)
    found.mailed_until = last if is_read else None
    if not is_read:
        found.mailed = MailTimes.NEVER
    found.save(update_fields=["mailed", "mailed_until"])
    return is_read
