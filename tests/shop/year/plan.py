"""Plans of businesses for the year, drawn by chance from a seed: plain data."""

import random
from dataclasses import dataclass
from enum import StrEnum, auto
from typing import TypeVar

Kind = TypeVar("Kind", bound=StrEnum)


class Pays(StrEnum):
    """How a business pays for what it buys."""

    AT_ONCE = auto()
    DECLINED_FIRST = auto()
    ASKED_BY_BANK = auto()
    NEVER = auto()
    TWO_TABS = auto()
    PURCHASE_ORDER = auto()
    DECLINED_ORDER = auto()


class Then(StrEnum):
    """Later fate of an order and its COREs."""

    STAYS = auto()
    CANCELS_ORDER = auto()
    CANCELS_NOW = auto()
    CANCELS_WITH_YEAR = auto()
    KEEPS_AFTER_ALL = auto()
    RETURNS = auto()
    RETURNS_WRONG_PARCEL = auto()
    CLAIMS = auto()
    CLAIMS_AND_KEEPS_OLD = auto()
    CLAIMS_AND_IS_LATE = auto()
    REFUNDED = auto()
    REFUNDED_OUTSIDE = auto()


CLAIMING = (Then.CLAIMS, Then.CLAIMS_AND_KEEPS_OLD, Then.CLAIMS_AND_IS_LATE)


class Card(StrEnum):
    """Fate of the card before the second year, and what its owner does about a charge that fails."""

    GOOD = auto()
    CHANGED = auto()
    FAILS_THEN_PAID_ON_PAGE = auto()
    FAILS_THEN_ANOTHER = auto()
    FAILS_FOR_GOOD = auto()
    FAILS_THEN_RECONNECTED = auto()
    BANK_ASKS = auto()
    REMOVED = auto()


PAYS = {
    Pays.AT_ONCE: 66,
    Pays.DECLINED_FIRST: 6,
    Pays.ASKED_BY_BANK: 5,
    Pays.NEVER: 3,
    Pays.TWO_TABS: 2,
    Pays.PURCHASE_ORDER: 16,
    Pays.DECLINED_ORDER: 2,
}
THEN = {
    Then.STAYS: 56,
    Then.CANCELS_ORDER: 4,
    Then.CANCELS_NOW: 6,
    Then.CANCELS_WITH_YEAR: 6,
    Then.KEEPS_AFTER_ALL: 3,
    Then.RETURNS: 9,
    Then.RETURNS_WRONG_PARCEL: 1,
    Then.CLAIMS: 6,
    Then.CLAIMS_AND_KEEPS_OLD: 1,
    Then.CLAIMS_AND_IS_LATE: 1,
    Then.REFUNDED: 5,
    Then.REFUNDED_OUTSIDE: 2,
}
CARD = {
    Card.GOOD: 72,
    Card.CHANGED: 6,
    Card.FAILS_THEN_PAID_ON_PAGE: 5,
    Card.FAILS_THEN_ANOTHER: 4,
    Card.FAILS_FOR_GOOD: 4,
    Card.FAILS_THEN_RECONNECTED: 2,
    Card.BANK_ASKS: 4,
    Card.REMOVED: 3,
}
"""Share of each case among a hundred businesses, here and in the two tables above."""

LAST_TO_JOIN = 20
"""Days from the first. A business that joined later would not see the end of a second year that is not paid."""

LATEST = 380
"""Days after a CORE began to work on which something may happen at the latest: also in its second year."""


LATEST_CLAIM = 320
"""Days in the same way, for a claim: an old CORE that does not come back takes three months more."""


@dataclass(frozen=True, slots=True)
class Life:
    """One business. joins, at: days from the first, and from then on. parts: positions of what is broken or missing."""

    joins: int
    pays: Pays
    pieces: int
    accessories: int
    then: Then
    at: int
    card: Card
    parts: tuple[int, ...]
    is_heard: bool
    language: str

    @property
    def is_on_account(self) -> bool:
        """True if the business buys by purchase order."""
        return self.pays in (Pays.PURCHASE_ORDER, Pays.DECLINED_ORDER)


def lives(chance: random.Random, size: int) -> list[Life]:
    """Return the plan of so many businesses."""
    return [_life(chance) for _number in range(size)]


def _life(chance: random.Random) -> Life:
    then = _one_of(chance, THEN)
    return Life(
        joins=chance.randint(0, LAST_TO_JOIN),
        pays=_one_of(chance, PAYS),
        pieces=chance.choice([1, 1, 1, 1, 1, 1, 1, 1, 2, 3]),
        accessories=chance.choice([0, 0, 0, 1, 4]),
        then=then,
        at=chance.randint(5, LATEST_CLAIM if then in CLAIMING else LATEST),
        card=_one_of(chance, CARD),
        parts=tuple(position for position in (1, 2) if chance.random() < 0.2),
        is_heard=chance.random() < 0.7,
        language=chance.choice(["en", "en", "en", "es"]),
    )


def _one_of(chance: random.Random, weights: dict[Kind, int]) -> Kind:
    return chance.choices(list(weights), list(weights.values()))[0]
