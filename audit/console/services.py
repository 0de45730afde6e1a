"""Acts of auditors on the log: searches, entries, copies, prints, and saved searches with their mails.

Each act is an entry itself, committed before anything is shown: a search reveals an intent. A worker makes a print for
one auditor, who has a day to download it. A mail about a saved search is a link, about yesterday or the week before.
"""

import logging
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from typing import BinaryIO
from uuid import UUID

from celery import current_app
from django.core.exceptions import ValidationError
from django.core.files.storage import Storage, storages
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _, gettext_lazy
from kombu.exceptions import OperationalError

from audit.console.copies import CopyForm, LogCopy
from audit.console.entry import Verdict, VerdictKind, verdict_on
from audit.console.models import LogPrint, MailTimes, SavedFilter
from audit.console.search.query import LogQuery
from audit.console.search.steps import Timeline, Way, timeline_of, walk
from audit.hooks import Report, mailer
from audit.ledger import alarms
from audit.ledger.models import Checkpoint
from audit.log.actors import Actor, ActorKind, Subject
from audit.log.events import Event
from audit.log.models import AuditEntry
from audit.log.services import record
from fusus_portal.ground.lifecycle import Stale, find_or_refuse

PAGE_ENTRIES = 50
SEARCH_SECONDS = 1.0
"""Most seconds of a search for one page; the page then says how far the search came."""

LOG = Subject("log", "all")


@dataclass(frozen=True, slots=True)
class LogPosition:
    """Place of a page among the results. before: only entries below this id. after: or only those above this id."""

    before: int | None = None
    after: int | None = None

    @property
    def is_first(self) -> bool:
        return self.before is None and self.after is None


@dataclass(frozen=True, slots=True)
class ResultPage:
    """A page of results, newest first. older, newer: where other pages begin. looked_to: id at which time ran out."""

    entries: list[AuditEntry]
    older: int | None = None
    newer: int | None = None
    looked_to: int | None = None
    timeline: Timeline | None = None


def search_log(*, wanted: LogQuery, by: Actor, place: LogPosition) -> ResultPage:
    """Return one page of results, the first with a timeline. The log keeps the search as it keeps a typed reason."""
    event = Event.LOG_OPENED if wanted.is_everything else Event.LOG_SEARCHED
    with transaction.atomic():
        facts = {"before": place.before or 0, "after": place.after or 0}
        record(event=event, actor=by, subject=LOG, reason=wanted.said(), facts=facts)
    newest_first = place.after is None
    start = place.before if newest_first else place.after
    found = walk(wanted, Way(most=PAGE_ENTRIES, seconds=SEARCH_SECONDS, newest_first=newest_first, start=start))
    drawn = timeline_of(wanted, found) if place.is_first else None
    looked_to = None if found.is_full else found.go_on
    if newest_first:
        newer = place.before - 1 if place.before is not None else None
        return ResultPage(found.entries, older=found.go_on, newer=newer, looked_to=looked_to, timeline=drawn)
    older = found.entries[0].pk if found.entries else None
    return ResultPage(found.entries[::-1], older=older, newer=found.go_on, looked_to=looked_to, timeline=drawn)


def open_entry(*, pk: int, by: Actor) -> AuditEntry:
    """Return one entry of the log. Raises NotYours if there is no such entry."""
    entry = _one_entry(pk)
    with transaction.atomic():
        record(event=Event.ENTRY_OPENED, actor=by, subject=_entry_subject(entry))
    return entry


def check_entry(*, pk: int, by: Actor) -> tuple[AuditEntry, Verdict]:
    """Return an entry and the verdict of a new check. If it is not as sealed, an alarm is raised. Raises NotYours."""
    entry = _one_entry(pk)
    verdict = verdict_on(entry.pk)
    with transaction.atomic():
        if verdict.kind is VerdictKind.WRONG:
            alarms.raise_alarm(kind=alarms.AlarmKind.ENTRY_CHANGED, what=f"Entry {pk} is not what was sealed.")
        facts = {"verdict": verdict.kind.value, "size": verdict.size}
        record(event=Event.ENTRY_CHECKED, actor=by, subject=_entry_subject(entry), facts=facts)
    return entry, verdict


def _one_entry(pk: int) -> AuditEntry:
    rows = AuditEntry.objects.filter(pk=pk)
    return find_or_refuse(rows, _("The log has no entry of this number."), subject=("entry", str(pk)[:64]))


def _entry_subject(entry: AuditEntry) -> Subject:
    return Subject("entry", str(entry.pk))


COPY_SECONDS = 20.0
"""Most seconds to find the entries of an export; the server gives a request up after 30."""

MOST_COPIED = {CopyForm.TABLE: 100_000, CopyForm.SEALED: 100_000, CopyForm.PAPER: 2_000}
"""Most entries of one export, by its form."""

TOO_MANY = gettext_lazy(
    "That is more than %(most)s entries, the most that one file of this kind holds. Choose a shorter time, or one "
    "person."
)
TOO_LONG = gettext_lazy("Looking through so much takes too long. Name a person, an incident, or a shorter time.")


def take_copy(*, wanted: LogQuery, form: CopyForm, by: Actor) -> LogCopy:
    """Return the matches of a search, for a file to download. Raises ValidationError for no matches, or too many."""
    taken = _prepared_copy(wanted=wanted, form=form)
    with transaction.atomic():
        _note_copy(taken, by=by)
    return taken


def _prepared_copy(*, wanted: LogQuery, form: CopyForm) -> LogCopy:
    """Return the ids of the matches, without an entry in the log. Raises as `take_copy`."""
    most = MOST_COPIED[form]
    found = walk(wanted, Way(most=most, seconds=COPY_SECONDS, columns=("id",)))
    if found.is_full:
        raise ValidationError(TOO_MANY, params={"most": f"{most:,}"})
    if found.go_on is not None:
        raise ValidationError(TOO_LONG)
    if not found.entries:
        raise ValidationError(gettext_lazy("Nothing was found, so there is nothing to download."))
    ids = [entry.id for entry in found.entries]
    return LogCopy(form, wanted.said(), ids, Checkpoint.objects.order_by("-size").first())


def _note_copy(taken: LogCopy, *, by: Actor) -> None:
    ids = {"entries": len(taken.entries), "newest": taken.entries[0], "oldest": taken.entries[-1]}
    facts: dict[str, int | str] = {"form": taken.form.value, **ids, "size": taken.size}
    record(event=Event.LOG_EXPORTED, actor=by, subject=LOG, reason=taken.said, facts=facts)


MAKER = "audit.make_print"
SWEEPER = "audit.sweep_prints"
PRINTS_KEPT = timedelta(days=1)
PRINT_UNHEARD = timedelta(seconds=20)
"""A print that no worker began within this time is offered again."""

PRINT_GIVEN_UP = timedelta(minutes=10)
"""A print begun this long ago and still not made has failed."""

logger = logging.getLogger(__name__)


def ask_print(*, wanted: LogQuery, query: str, by: Actor) -> LogPrint:
    """Order a print of a search. Raises ValidationError for no matches, and for too many."""
    taken = _prepared_copy(wanted=wanted, form=CopyForm.PAPER)
    with transaction.atomic():
        _note_copy(taken, by=by)
        asked = LogPrint.objects.create(
            owner=by.id, said=taken.said, query=query, entries=taken.entries, checkpoint=taken.size
        )
        transaction.on_commit(partial(_offer_print, asked.pk), robust=True)
    return asked


def own_print(*, pk: UUID, by: Actor) -> LogPrint:
    rows = LogPrint.objects.filter(pk=pk, owner=by.id)
    return find_or_refuse(rows, _("There is no such print of yours, or not any more."), subject=("log_print", str(pk)))


def take_print(*, pk: UUID, by: Actor) -> BinaryIO:
    """Return the PDF of one's own print. Raises NotYours for others' prints, Stale until a worker made it."""
    found = own_print(pk=pk, by=by)
    if not found.key:
        raise Stale(_("This print is not ready yet."), subject=found.subject)
    with transaction.atomic():
        record(event=Event.PRINT_TAKEN, actor=by, subject=found.subject, facts={"entries": len(found.entries)})
    return print_storage().open(found.key, "rb")  # type: ignore[return-value]


def sweep_prints() -> int:
    """Offer prints again that no worker began, give up stuck ones, delete old ones; return the number deleted."""
    now = timezone.now()
    waiting = LogPrint.objects.filter(begun_at__isnull=True, asked_at__lt=now - PRINT_UNHEARD)
    for pk in waiting.values_list("pk", flat=True):
        _offer_print(pk)
    unfinished = LogPrint.objects.filter(made_at__isnull=True, failed_at__isnull=True)
    unfinished.filter(begun_at__lt=now - PRINT_GIVEN_UP).update(failed_at=now)
    with transaction.atomic():
        old = list(LogPrint.objects.select_for_update(skip_locked=True).filter(asked_at__lt=now - PRINTS_KEPT))
        if old:
            actor = Actor(ActorKind.TASK, SWEEPER, role="task")
            record(event=Event.PRINTS_EXPIRED, actor=actor, subject=LOG, facts={"prints": len(old)})
        for each in old:
            if each.key:
                transaction.on_commit(partial(print_storage().delete, each.key))
            each.delete()
    return len(old)


def _offer_print(pk: UUID) -> None:
    """Hand a print to a worker. A lost message is harmless: the sweep finds the row."""
    try:
        current_app.send_task(MAKER, args=[str(pk)], retry=False)
    except OperationalError as fault:
        logger.warning("The broker does not answer (%s); a print waits for the sweep.", type(fault).__name__)


def print_storage() -> Storage:
    return storages["prints"]


MAILER = "audit.mail_searches"
MAIL_HOUR = 6
"""Mails are written from this hour on, on the agency's clock."""

LONGEST_MAILED = timedelta(days=31)
"""After the portal was down, a mail is about at most this many days."""


def mail_due_searches() -> int:
    """Mail the link of each saved search that is due; return the number of mails. Former auditors get none."""
    now = timezone.localtime()
    if now.hour < MAIL_HOUR:
        return 0
    mailed = 0
    for times in (MailTimes.DAILY, MailTimes.WEEKLY):
        last = _last_whole_day(times, now.date())
        due = SavedFilter.objects.filter(mailed=times, mailed_until__lt=last)
        mailed += sum(_mail_search(pk, last) for pk in due.order_by("pk").values_list("pk", flat=True))
    return mailed


def _last_whole_day(times: MailTimes, today: date) -> date:
    return today - timedelta(days=1 if times is MailTimes.DAILY else today.weekday() + 1)


@transaction.atomic
def _mail_search(pk: int, last: date) -> bool:
    """Mail one saved search, unless another worker does or its owner turned it off; return True if it was mailed."""
    rows = SavedFilter.objects.select_for_update(skip_locked=True).filter(pk=pk, mailed_until__lt=last)
    found = rows.exclude(mailed=MailTimes.NEVER).first()
    if found is None or found.mailed_until is None:
        return False
    first = max(found.mailed_until + timedelta(days=1), last - LONGEST_MAILED)
    is_read = mailer.answer(Report(found.subject, found.owner, first, last))
    event, facts = Event.FILTER_MAILED, {"first": first.isoformat(), "last": last.isoformat()}
    found.mailed_until = last
    if not is_read:
        event, facts = Event.FILTER_TIMED, {"mailed": MailTimes.NEVER.value}
        found.mailed, found.mailed_until = MailTimes.NEVER, None
    record(event=event, actor=Actor(ActorKind.TASK, MAILER, role="task"), subject=found.subject, facts=facts)
    found.save(update_fields=["mailed", "mailed_until"])
    return is_read


MOST_SAVED = 50


def own_searches(*, by: Actor) -> QuerySet[SavedFilter]:
    return SavedFilter.objects.filter(owner=by.id).order_by("name")


def own_search(*, pk: int, by: Actor, is_locked: bool = False) -> SavedFilter:
    rows = own_searches(by=by).select_for_update() if is_locked else own_searches(by=by)
    return find_or_refuse(rows.filter(pk=pk), _("You keep no such search."), subject=("log_filter", str(pk)[:64]))


def search_of_name(name: str, *, by: Actor) -> SavedFilter | None:
    return own_searches(by=by).filter(name=name).first()


def save_search(*, name: str, query: str, said: str, by: Actor) -> SavedFilter:
    """Save a search under a name. said: the search in words, for the log. Raises ValidationError on "name"."""
    if own_searches(by=by).count() >= MOST_SAVED:
        raise ValidationError({"name": _("You keep %(most)d searches. Delete one first.") % {"most": MOST_SAVED}})
    try:
        with transaction.atomic():
            saved = SavedFilter.objects.create(owner=by.id, name=name, query=query)
            record(event=Event.FILTER_SAVED, actor=by, subject=saved.subject, reason=f"{name}: {said}")
    except IntegrityError as error:
        raise ValidationError({"name": _("You keep a search of this name already.")}) from error
    return saved


def delete_search(*, pk: int, by: Actor) -> str:
    """Delete one's own saved search; return its name. Raises NotYours."""
    with transaction.atomic():
        found = own_search(pk=pk, by=by, is_locked=True)
        record(event=Event.FILTER_DELETED, actor=by, subject=found.subject, reason=f"{found.name}: {found.query}")
        found.delete()
    return found.name


def schedule_search(*, pk: int, times: MailTimes, by: Actor) -> SavedFilter:
    """Have the link to one's own saved search mailed each day or week, or never again. Raises NotYours."""
    with transaction.atomic():
        found = own_search(pk=pk, by=by, is_locked=True)
        if found.mailed == times:
            return found
        # The first mail has the whole day or week of the order.
        until = None if times is MailTimes.NEVER else _last_whole_day(times, timezone.localdate())
        found.mailed, found.mailed_until = times, until
        found.save(update_fields=["mailed", "mailed_until"])
        record(event=Event.FILTER_TIMED, actor=by, subject=found.subject, facts={"mailed": times.value})
    return found
