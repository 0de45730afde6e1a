"""Alarms of the ledger, raised by checks and by the sealer. The worker writes their entries and tells staff."""

from collections.abc import Callable, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Self

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext, gettext_lazy as _

from audit.ledger.models import Alarm
from fusus_portal.ground.hooks import Hook
from fusus_portal.ground.lifecycle import find_or_refuse

Teller = Callable[[Sequence[Alarm]], None]
"""Writes the mails about alarms to staff, in the transaction of their entries."""

teller = Hook[Teller]("audit.ledger.alarms.teller")

KEEP = _(
    "Treat it as evidence: change nothing, have the database copied as it is, and compare with a backup and with "
    "receipts that people hold. `manage.py ledger verify` names each entry."
)
RESTART = _("Ask the operator whether the sealer runs. Entries wait and are not lost.")


class AlarmKind(StrEnum):
    """Kinds of alarms, by the check that raises them. sentence: the finding. to_do: advice for those who are told."""

    _value_: str
    sentence: str | Promise
    to_do: str | Promise

    def __new__(cls, name: str, sentence: str | Promise = "", to_do: str | Promise = "") -> Self:
        kind = str.__new__(cls, name)
        kind._value_, kind.sentence, kind.to_do = name, sentence, to_do
        return kind

    ENTRY_MISSING = "entry-missing", _("An entry of the log is gone"), KEEP
    ENTRY_CHANGED = "entry-changed", _("An entry of the log was changed"), KEEP
    ENTRY_UNSEALED = "entry-unsealed", _("An entry of the log was put in past its seal"), KEEP
    TREE_BROKEN = "tree-broken", _("The sealed log does not add up"), KEEP
    ROLLED_BACK = (
        "rolled-back",
        _("The log is older than what was signed"),
        _(
            "Was the database restored from a backup? Then restore a newer one: nothing is sealed until the log holds "
            "what was signed, and new entries wait. If nobody restored it, treat it as evidence."
        ),
    )
    WITNESS_REFUSED = (
        "witness-refused",
        _("A witness refuses the log"),
        _(
            "The witness has seen another log than this one. Nothing is published until it agrees. Ask the witness "
            "which checkpoint it has, and keep both."
        ),
    )
    WITNESS_SILENT = (
        "witness-silent",
        _("A witness does not answer"),
        _("Checkpoints are published without its signature. Ask its operator. It settles itself when it answers."),
    )
    SEALING_LATE = "sealing-late", _("Entries wait for their seal"), RESTART
    SEALING_FAILED = "sealing-failed", _("Sealing stopped"), RESTART
    PUBLISHING_LATE = (
        "publishing-late",
        _("The public checkpoint is behind"),
        _("Ask the operator whether the sealer runs, and look for an alarm of a witness."),
    )
    CHECKING_LATE = (
        "checking-late",
        _("A check of the log is late"),
        _(
            "Until it has run, a change of the log stays unseen. Ask the operator whether worker and beat run, and "
            "whether the database is slow. It settles itself when the check has run."
        ),
    )
    CLOCK = (
        "clock",
        _("The clock was set back"),
        _("Have the time of the database's machine checked (NTP). Sealing continues; publishing waits for the time."),
    )
    DISK = (
        "disk",
        _("A disk is full"),
        _("Ask the operator to make room. Nothing is lost: acts without an entry do not happen."),
    )
    GUARD = (
        "guard",
        _("The guard of the log is open"),
        _(
            "A table is not sealed, or somebody may change it. That is so for minutes while the operator updates the "
            "portal, and there is an entry of it. If there is none, treat it as evidence."
        ),
    )
    WATCHED_LONG = (
        "watched-long",
        _("A camera was viewed live for long"),
        _(
            "Look at the watch-hours and at the entries of the camera: for which incident, by whom, and with which "
            "reasons. Write down what you found; supervisors got an e-mail too."
        ),
    )
    WATCHED_UNEVENLY = (
        "watched-unevenly",
        _("An area or a kind of place was viewed live more than others"),
        _(
            "Look at the watch-hours of the area: was it one critical incident, or many views without one reason? "
            "Write down what you found; supervisors got an e-mail too."
        ),
    )
    WATCH_FIGURES = (
        "watch-figures",
        _("The watch-hours differ from the log"),
        _(
            "The log is the evidence, and it is as it was sealed. Somebody or something changed the sums. Ask the "
            "operator, and have them counted again from the log. It settles itself when they agree."
        ),
    )
    PUBLIC_FIGURES = (
        "public-figures",
        _("A public figure differs from the log"),
        _(
            "The log is the evidence. The figure is not shown until it comes out the same again. Ask the operator who "
            "changed it, and run `manage.py figures check`. It settles itself when they agree."
        ),
    )
    HOMES_SEARCHED = (
        "homes-searched",
        _("Over the limit for unverified searches"),
        _(
            "Look at the person's canvasses in the log: are the incidents real, and did a supervisor verify them "
            "since? What goes beyond is shown only when a supervisor approves. Write down what you found."
        ),
    )
    INCIDENTS_OPENED = (
        "incidents-opened",
        _("Over the limit for open unverified incidents"),
        _(
            "Look at the person's open incidents in the log: are they real, and why did no supervisor verify them? The "
            "next one was refused. Write down what you found."
        ),
    )


PASSING = frozenset(
    {
        AlarmKind.WITNESS_SILENT,
        AlarmKind.SEALING_LATE,
        AlarmKind.SEALING_FAILED,
        AlarmKind.PUBLISHING_LATE,
        AlarmKind.CHECKING_LATE,
        AlarmKind.CLOCK,
        AlarmKind.DISK,
    }
)
"""Passing faults that hinder the ledger. Other kinds mean that somebody changed what must not change."""

WATCHING = frozenset(
    {
        AlarmKind.WATCHED_LONG,
        AlarmKind.WATCHED_UNEVENLY,
        AlarmKind.WATCH_FIGURES,
        AlarmKind.PUBLIC_FIGURES,
        AlarmKind.HOMES_SEARCHED,
        AlarmKind.INCIDENTS_OPENED,
    }
)
"""Alarms about the use of live view and search, and about sums of the log. The ledger itself is whole."""

LATEST_SETTLED = 50


def raise_alarm(*, kind: AlarmKind, what: str, recorded_at: datetime | None = None) -> None:
    """Raise an alarm, unless one with these words is open. recorded_at: if the act writes entry and mails itself."""
    alarm = Alarm(kind=kind.value, what=what, recorded_at=recorded_at)
    Alarm.objects.bulk_create([alarm], ignore_conflicts=True)


def clear(*, kind: AlarmKind, by: str, what: str | None = None) -> None:
    """Settle open alarms of a kind. by: the task that saw the fault end. what: words of the alarms, None for any."""
    over = Alarm.objects.filter(kind=kind.value, settled_at__isnull=True)
    if what is not None:
        over = over.filter(what=what)
    over.update(settled_at=timezone.now(), settled_by=by)


def open_alarms() -> QuerySet[Alarm]:
    return Alarm.objects.filter(settled_at__isnull=True).order_by("-pk")


def settled_alarms() -> QuerySet[Alarm]:
    return Alarm.objects.filter(settled_at__isnull=False).order_by("-settled_at")[:LATEST_SETTLED]


def one_alarm(pk: int) -> Alarm:
    return find_or_refuse(Alarm.objects.filter(pk=pk), gettext("There is no such alarm."))
