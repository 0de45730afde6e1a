"""What an alarm of the ledger means, and what to do about it, for those who are told."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from audit.ledger.alarms import AlarmKind


@dataclass(frozen=True, slots=True)
class AlarmText:
    """title: what was found. to_do: what to do about it."""

    title: str | Promise
    to_do: str | Promise


KEEP = _(
    "Treat it as evidence: change nothing, have the database copied as it is, and compare with a backup and with "
    "receipts that people hold. `manage.py ledger verify` names each entry."
)
RESTART = _("Ask the operator whether the sealer runs. Entries wait and are not lost.")

TEXTS: dict[AlarmKind, AlarmText] = {
    AlarmKind.ENTRY_MISSING: AlarmText(_("An entry of the log is gone"), KEEP),
    AlarmKind.ENTRY_CHANGED: AlarmText(_("An entry of the log was changed"), KEEP),
    AlarmKind.ENTRY_UNSEALED: AlarmText(_("An entry of the log was put in past its seal"), KEEP),
    AlarmKind.TREE_BROKEN: AlarmText(_("The sealed log does not add up"), KEEP),
    AlarmKind.ROLLED_BACK: AlarmText(
        _("The log is older than what was signed"),
        _(
            "Was the database restored from a backup? Then restore a newer one: nothing is sealed until the log holds "
            "what was signed, and new entries wait. If nobody restored it, treat it as evidence."
        ),
    ),
    AlarmKind.WITNESS_REFUSED: AlarmText(
        _("A witness refuses the log"),
        _(
            "The witness has seen another log than this one. Nothing is published until it agrees. Ask the witness "
            "which checkpoint it has, and keep both."
        ),
    ),
    AlarmKind.WITNESS_SILENT: AlarmText(
        _("A witness does not answer"),
        _("Checkpoints are published without its signature. Ask its operator. It settles itself when it answers."),
    ),
    AlarmKind.SEALING_LATE: AlarmText(_("Entries wait for their seal"), RESTART),
    AlarmKind.SEALING_FAILED: AlarmText(_("Sealing stopped"), RESTART),
    AlarmKind.PUBLISHING_LATE: AlarmText(
        _("The public checkpoint is behind"),
        _("Ask the operator whether the sealer runs, and look for an alarm of a witness."),
    ),
    AlarmKind.CLOCK: AlarmText(
        _("The clock was set back"),
        _("Have the time of the database's machine checked (NTP). Sealing continues; publishing waits for the time."),
    ),
    AlarmKind.DISK: AlarmText(
        _("A disk is full"), _("Ask the operator to make room. Nothing is lost: acts without an entry do not happen.")
    ),
    AlarmKind.GUARD: AlarmText(
        _("The guard of the log is open"),
        _(
            "A table is not sealed, or somebody may change it. That is so for minutes while the operator updates the "
            "portal, and there is an entry of it. If there is none, treat it as evidence."
        ),
    ),
    AlarmKind.WATCHED_LONG: AlarmText(
        _("A camera was viewed live for long"),
        _(
            "Look at the watch-hours and at the entries of the camera: for which incident, by whom, and with which "
            "reasons. Write down what you found; supervisors have a mail too."
        ),
    ),
    AlarmKind.WATCHED_UNEVENLY: AlarmText(
        _("An area or a kind of place was viewed live more than others"),
        _(
            "Look at the watch-hours of the area: was it one critical incident, or many views without one reason? "
            "Write down what you found; supervisors have a mail too."
        ),
    ),
    AlarmKind.WATCH_FIGURES: AlarmText(
        _("The watch-hours differ from the log"),
        _(
            "The log is the evidence, and it is as it was sealed. Somebody or something changed the sums. Ask the "
            "operator, and have them counted again from the log. It settles itself when they agree."
        ),
    ),
    AlarmKind.HOMES_SEARCHED: AlarmText(
        _("A person searches more than one may without a second one's word"),
        _(
            "Look at the person's canvasses in the log: are the incidents real, and did a supervisor verify them "
            "since? What goes beyond is shown only when a supervisor approves. Write down what you found."
        ),
    ),
}


def title_of(kind: str) -> str:
    """Return what was found, in a few words."""
    return str(TEXTS[AlarmKind(kind)].title)
