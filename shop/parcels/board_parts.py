"""The clerks' board as pages name it; nouns above parcels add their sections from their `extensions`."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from fusus_portal.ground.hooks import Contract
from fusus_portal.ground.pages import times


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardRow:
    """One thing on the board: no name and no street, so that a look at the board is no look at anybody.

    city: where it goes to, or comes from. text: what it is about. serials: of its COREs. since: when it came to this
    step. tag: kind and words of what is odd about it, ("", "") for nothing. can_tick: it can be packed with others by
    one press.
    """

    number: str
    url: str
    city: str
    text: str
    serials: Sequence[str] = ()
    since: datetime
    tag: tuple[str, str] = ("", "")
    can_tick: bool = False

    @property
    def ago(self) -> str:
        """How long it has been there."""
        return times.ago(self.since)

    @property
    def exactly(self) -> str:
        """Since when."""
        return times.moment(self.since)


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardSection:
    """What waits at one step. count: of all of it. rows: the oldest of it. url: of the whole list, "" for this one."""

    name: str
    heading: str
    count: int
    rows: Sequence[BoardRow]
    url: str = ""

    @property
    def has_serials(self) -> bool:
        """Whether COREs are among it."""
        return any(row.serials for row in self.rows)


@dataclass(frozen=True, slots=True)
class BoardPart:
    """The sections of a noun above parcels. They follow those of the parcels."""

    name: str
    sections: Callable[[], Sequence[BoardSection]]


board_parts = Contract[BoardPart]()
