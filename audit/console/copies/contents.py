"""What a copy holds, and in which form."""

from dataclasses import dataclass
from enum import StrEnum

from audit.ledger.models import Checkpoint


class Form(StrEnum):
    """The form in which a search is exported."""

    TABLE = "csv"
    SEALED = "jsonl"
    PAPER = "pdf"


@dataclass(frozen=True, slots=True)
class Taken:
    """What is exported. entries: their ids, newest first. checkpoint: the newest head, None before the first."""

    form: Form
    said: str
    entries: list[int]
    checkpoint: Checkpoint | None

    @property
    def size(self) -> int:
        """The size of that tree."""
        return self.checkpoint.size if self.checkpoint else 0
