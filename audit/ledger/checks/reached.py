"""How far a check of the ledger came, for the next one to continue from.

It is kept in the database, which whoever tampers with the log may hold, and signed with the portal's own key
(SECRET_KEY), which the database does not hold. So nobody can move it forward who has the database alone. An older one
put in its place only makes a check look at more, or ends it as one that began long ago.
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
    """What a check of the whole log looks at now: the tree with its rows, rows without a place, numbers of cameras."""

    TREE = "tree"
    ROWS = "rows"
    CAMERAS = "cameras"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Reached:
    """How far a check came.

    began: when. is_whole: from the first place on. is_good: nothing was found. places: compared, in full bundles.
    roots: height and hash of the perfect trees over them, left to right; None where hashes were lost. good, bad: the
    largest signed size whose root held, and the first after it whose did not. entry: rows up to this number have a
    place. camera: the one whose numbers come next, "" for the first.
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
        """The tree over the places compared, to grow from here; None where hashes were lost."""
        return None if self.roots is None else Frontier(self.roots)

    @property
    def is_possible(self) -> bool:
        """Whether a check can have come there: not in the future, and with a tree of just these places."""
        fits = self.roots is None or (
            sum(1 << height for height, _root in self.roots) == self.places
            and all(len(root) == HASH_BYTES for _height, root in self.roots)
        )
        return fits and self.places % WIDTH == 0 and self.began <= timezone.now()

    def kept(self) -> str:
        """Return it as it is kept: signed."""
        roots = None if self.roots is None else [[height, root.hex()] for height, root in self.roots]
        return signing.dumps({**asdict(self), "began": self.began.isoformat(), "roots": roots}, salt=SALT)

    @classmethod
    def read(cls, kept: str) -> Self | None:
        """Return what was kept, None for what the portal did not sign, or what can't be."""
        try:
            found: dict[str, Any] = signing.loads(kept, salt=SALT)
        except signing.BadSignature:
            return None
        roots = found["roots"] and tuple((height, bytes.fromhex(root)) for height, root in found["roots"])
        reached = cls(**found)
        began, stage = datetime.fromisoformat(found["began"]), Stage(found["stage"])
        reached = replace(reached, began=began, stage=stage, roots=() if roots == [] else roots)
        return reached if reached.is_possible else None
