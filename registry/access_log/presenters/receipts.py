from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from audit.ledger.receipts import Seal, ready_from, seals_of
from audit.log.models import AuditEntry
from registry.access_log.presenters.standing import Proof, proof_of
from registry.footage.models.files import Evidence


@dataclass(frozen=True, slots=True)
class ReceiptLine:
    """An entry that has, or will have, a receipt. place: in the list, from 1. about: a file's number, or ""."""

    place: int
    entry: AuditEntry
    about: str
    seal: Seal | None

    @property
    def proof(self) -> Proof:
        return proof_of(self.seal)

    @property
    def state(self) -> str:
        return checkable(self.seal)


def lines_of(entries: Sequence[AuditEntry], files: Mapping[str, Evidence]) -> list[ReceiptLine]:
    seals = seals_of(entry.pk for entry in entries)
    return [
        ReceiptLine(place, entry, _number(files.get(entry.subject_id)), seals.get(entry.pk))
        for place, entry in enumerate(entries, start=1)
    ]


def checkable(seal: Seal | None) -> str:
    return _("Anyone can check this.") if seal and seal.is_public else ready_from(seal)


def _number(file: Evidence | None) -> str:
    return file.number if file else ""
