"""Progress of a check of the ledger, from which the next check continues.

It is stored in the database, which a person who tampers with the log may control, so the portal signs it with
SECRET_KEY, which the database does not have. Nobody can move it forward with the database alone. An older one in its
place only makes a check read more, or ends it as one that began long ago.
"""

from dataclasses import asdict, dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any, Self

from django.core import signing
from django.utils import timezone

from audit.ledger.models import WIDTH
from audit.ledger.tree.merkle import HASH_BYTES, Frontier

SALT = "audit.ledger.checks"


class Stage(StrEnum):
    """Stages of a check of the whole log: the tree with its rows, rows without a place, numbers of cameras."""

    TREE = "tree"
    ROWS = "rows"
    CAMERAS = "cameras"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Reached:
    """Progress of a check.

    is_whole: from the first place on. is_good: no findings. places: compared, in full bundles. roots: height and hash
    of the perfect trees over them, left to right; None if hashes were lost. good, bad: the largest signed size whose
    root held, and the first after it whose root did not. entry: rows up to this number have a place. camera: the next
    one whose numbers are checked, "" for the first.
    """

    began: datetime
    is_whole: bool = False
    is_good: bool = True
    stage: Stage = Stage.TREE
    places: int = 0
    roots: tuple[tuple[int, bytes], ...] | None = ()
    good: int = 0
    bad: int | None = None
    entry: int = 0
    camera: str = ""

    @property
    def frontier(self) -> Frontier | None:
        return None if self.roots is None else Frontier(self.roots)

    @property
    def is_possible(self) -> bool:
        """True unless it is of the future, or its tree does not have these places."""
        fits = self.roots is None or (
            sum(1 << height for height, _root in self.roots) == self.places
            and all(len(root) == HASH_BYTES for _height, root in self.roots)
        )
        return fits and self.places % WIDTH == 0 and self.began <= timezone.now()

    def kept(self) -> str:
        roots = None if self.roots is None else [[height, root.hex()] for height, root in self.roots]
        return signing.dumps({**asdict(self), "began": self.began.isoformat(), "roots": roots}, salt=SALT)

    @classmethod
    def read(cls, kept: str) -> Self | None:
        """Return the stored progress, None if the portal did not sign it or it is impossible."""
        try:
            found: dict[str, Any] = signing.loads(kept, salt=SALT)
        except signing.BadSignature:
            return None
        roots = found["roots"] and tuple((height, bytes.fromhex(root)) for height, root in found["roots"])
        reached = cls(**found)
        began, stage = datetime.fromisoformat(found["began"]), Stage(found["stage"])
        reached = replace(reached, began=began, stage=stage, roots=() if roots == [] else roots)
        return reached if reached.is_possible else None
