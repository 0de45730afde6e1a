"""What an alarm of the ledger means, and what to do about it, for those who are told."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from audit.ledger.alarms import Kind


@dataclass(frozen=True, slots=True)
class Words:
    """title: what was found. to_do: what to do about it."""

    title: str | Promise
    to_do: str | Promise


KEEP = _(
    "Treat it as evidence: change nothing, have the database copied as it is, and compare with a backup and with "
    "receipts that people hold. `manage.py ledger verify` names each entry."
)
RESTART = _("Ask the operator whether the sealer runs. Entries wait and are not lost.")

WORDS: dict[Kind, Words] = {
    Kind.ENTRY_MISSING: Words(_("An entry of the log is gone"), KEEP),
    Kind.ENTRY_CHANGED: Words(_("An entry of the log was changed"), KEEP),
    Kind.ENTRY_UNSEALED: Words(_("An entry of the log was put in past its seal"), KEEP),
    Kind.TREE_BROKEN: Words(_("The sealed log does not add up"), KEEP),
    Kind.ROLLED_BACK: Words(
        _("The log is older than what was signed"),
        _(
            "Was the database restored from a backup? Then restore a newer one: nothing is sealed until the log holds "
            "what was signed, and new entries wait. If nobody restored it, treat it as evidence."
        ),
    ),
    Kind.WITNESS_REFUSED: Words(
        _("A witness refuses the log"),
        _(
            "The witness has seen another log than this one. Nothing is published until it agrees. Ask the witness "
            "which checkpoint it has, and keep both."
        ),
    ),
    Kind.WITNESS_SILENT: Words(
        _("A witness does not answer"),
        _("Checkpoints are published without its signature. Ask its operator. It settles itself when it answers."),
    ),
    Kind.SEALING_LATE: Words(_("Entries wait for their seal"), RESTART),
    Kind.SEALING_FAILED: Words(_("Sealing stopped"), RESTART),
    Kind.PUBLISHING_LATE: Words(
        _("The public checkpoint is behind"),
        _("Ask the operator whether the sealer runs, and look for an alarm of a witness."),
    ),
    Kind.CLOCK: Words(
        _("The clock was set back"),
        _("Have the time of the database's machine checked (NTP). Sealing goes on; publishing waits for the time."),
    ),
    Kind.DISK: Words(
        _("A disk is full"), _("Ask the operator to make room. Nothing is lost: acts without an entry do not happen.")
    ),
    Kind.GUARD: Words(
        _("The guard of the log is open"),
        _(
            "A table is not sealed, or somebody may change it. That is so for minutes while the operator updates the "
            "portal, and there is an entry of it. If there is none, treat it as evidence."
        ),
    ),
    Kind.WATCHED_LONG: Words(
        _("A camera was viewed live for long"),
        _(
            "Look at the watch-hours and at the entries of the camera: for which incident, by whom, and with which "
            "reasons. Write down what you found; supervisors have a mail too."
        ),
    ),
    Kind.WATCHED_UNEVENLY: Words(
        _("An area or a kind of place was viewed live more than others"),
        _(
            "Look at the watch-hours of the area: was it one critical incident, or many views without one reason? "
            "Write down what you found; supervisors have a mail too."
        ),
    ),
    Kind.WATCH_FIGURES: Words(
        _("The watch-hours differ from the log"),
        _(
            "The log is the evidence, and it is as it was sealed. Somebody or something changed the sums. Ask the "
            "operator, and have them counted again from the log. It settles itself when they agree."
        ),
    ),
    Kind.HOMES_SEARCHED: Words(
        _("A person searches more than one may without a second one's word"),
        _(
            "Look at the person's canvasses in the log: are the incidents real, and did a supervisor verify them "
            "since? What goes beyond is shown only when a supervisor approves. Write down what you found."
        ),
    ),
}


def title_of(kind: str) -> str:
    """Return what was found, in a few words."""
    return str(WORDS[Kind(kind)].title)
