from dataclasses import dataclass
from enum import StrEnum

from audit.ledger.models import Checkpoint


class Form(StrEnum):
    TABLE = "csv"
    SEALED = "jsonl"
    PAPER = "pdf"


@dataclass(frozen=True, slots=True)
class Taken:
    """An export. entries: ids, newest first. checkpoint: the newest head, None before the first."""

    form: Form
    said: str
    entries: list[int]
    checkpoint: Checkpoint | None

    @property
    def size(self) -> int:
        return self.checkpoint.size if self.checkpoint else 0
