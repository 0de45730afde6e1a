"""What an owner reads of receipts from the log."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.formats import date_format
from django.utils.timezone import localdate, localtime
from django.utils.translation import gettext as _

from audit.ledger.receipts import Seal, seals_of
from audit.models import AuditEntry
from registry.models import Evidence


@dataclass(frozen=True, slots=True)
class ReceiptLine:
    """One entry that has, or will have, a receipt. place: in the list, from 1. about: a file's number, or ""."""

    place: int
    entry: AuditEntry
    about: str
    seal: Seal | None

    @property
    def state(self) -> str:
        """Who can check it, and from when on."""
        return checkable(self.seal)


def lines_of(entries: Sequence[AuditEntry], files: Mapping[str, Evidence]) -> list[ReceiptLine]:
    """Return a line for each entry. files: by id, for their numbers."""
    seals = seals_of(entry.pk for entry in entries)
    return [
        ReceiptLine(place, entry, _number(files.get(entry.subject_id)), seals.get(entry.pk))
        for place, entry in enumerate(entries, start=1)
    ]


def checkable(seal: Seal | None) -> str:
    """Return the sentence that says who can check an entry, and from when on."""
    if seal is None:
        return _("Is being sealed. Look again in a minute.")
    if seal.is_public:
        return _("Anyone can check this.")
    if seal.is_late:
        return _("Anyone can check this soon.")
    from_then = localtime(seal.public_from)
    time = f"{date_format(from_then, 'TIME_FORMAT')} {from_then:%Z}"
    if from_then.date() != localdate():
        time = f"{date_format(from_then, 'DATE_FORMAT')}, {time}"
    return _("Anyone can check this from %(time)s on.") % {"time": time}


def _number(file: Evidence | None) -> str:
    return file.number if file else ""
