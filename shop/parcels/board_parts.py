"""Rows and sections of the clerks' board. Nouns above parcels add sections from their `extensions`."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from fusus_portal.ground.hooks import Contract
from fusus_portal.ground.pages import times


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardRow:
    """A row without name and street: opening the board is no access to personal data.

    city: destination or origin. text: contents. serials: of its COREs. since: when it came to this step. tag: kind and
    words of an oddity, ("", "") for none. can_tick: one press can pack it with others.
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
        return times.ago(self.since)

    @property
    def exactly(self) -> str:
        return times.moment(self.since)


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardSection:
    """Rows at one step. count: of all. rows: the oldest. url: of the whole list, "" if this is all."""

    name: str
    heading: str
    count: int
    rows: Sequence[BoardRow]
    url: str = ""

    @property
    def has_serials(self) -> bool:
        return any(row.serials for row in self.rows)


@dataclass(frozen=True, slots=True)
class BoardPart:
    """Sections of a noun above parcels. They follow those of the parcels."""

    name: str
    sections: Callable[[], Sequence[BoardSection]]


board_parts = Contract[BoardPart]()
