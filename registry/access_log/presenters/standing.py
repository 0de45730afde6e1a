from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from audit.ledger.receipts import Seal


class Proof(StrEnum):
    """PUBLIC: in the published state of the log. NEWER: not yet. LATER: the entry opens later."""

    PUBLIC = "public"
    NEWER = "newer"
    LATER = "later"


def proof_of(seal: Seal | None, *, is_open: bool = True) -> Proof:
    if not is_open:
        return Proof.LATER
    return Proof.PUBLIC if seal is not None and seal.is_public else Proof.NEWER


@dataclass(frozen=True, slots=True)
class Standing:
    public: int
    newer: int
    later: int

    @classmethod
    def of(cls, proofs: Iterable[Proof]) -> "Standing":
        found = list(proofs)
        return cls(*(found.count(proof) for proof in Proof))

    @property
    def can(self) -> str:
        sentence = ngettext(
            "%(public)d of %(total)d entry can be checked now.",
            "%(public)d of %(total)d entries can be checked now.",
            self._total,
        )
        return self._with_rest(sentence)

    @property
    def checked(self) -> str:
        sentence = ngettext(
            "%(public)d of %(total)d entry was checked.", "%(public)d of %(total)d entries were checked.", self._total
        )
        return self._with_rest(sentence)

    @property
    def right(self) -> str:
        """Verdict if nothing was wrong: on everything, or on what could be checked."""
        if self.public == self._total:
            verdict = _("Everything here is right: no entry is missing, and each is in the log as you read it.")
        else:
            verdict = _("What could be checked is right: no entry is missing, and each is in the log as you read it.")
        return f"{verdict} {self.checked}"

    @property
    def _total(self) -> int:
        return self.public + self.newer + self.later

    def _with_rest(self, sentence: str) -> str:
        newer = ngettext(
            "%(number)d is newer than the published state of the log.",
            "%(number)d are newer than the published state of the log.",
            self.newer,
        )
        later = ngettext("%(number)d opens later.", "%(number)d open later.", self.later)
        rest = [words % {"number": number} for words, number in ((newer, self.newer), (later, self.later)) if number]
        return " ".join([sentence % {"public": self.public, "total": self._total}, *rest])
