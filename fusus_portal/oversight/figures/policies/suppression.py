"""Rules of publication: subtracting two publications never reveals fewer than five incidents.

docs/decisions/audit/public-figures.md has the rule, and the attacks that it withstands. In short: every published
number is a sum of blocks that share no entry, and each block is about FEWEST incidents or more. A day is a block alone,
or waits for its month. A breakdown of a month covers what that month published, and nothing else.
"""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from fusus_portal.oversight.figures.definitions import Dimension, Figure
from fusus_portal.oversight.figures.rules import FEWEST

ALL_OTHERS = ""
"""The value of a breakdown for all others together."""

Day = TypeVar("Day")


@dataclass(frozen=True, slots=True)
class Part:
    """A number, and its incidents. For kinds of places and areas: the number of cameras, if that is smaller."""

    number: int
    incidents: int


Count = Callable[[Sequence[date], Dimension | None], Mapping[str, Part]]
"""Counts one figure over some days, by a dimension; None counts it whole, under the value ""."""


@dataclass(frozen=True, slots=True)
class Told:
    """A published number of a month beyond its days. value: "" for the rest, and for all others together."""

    dimension: Dimension
    value: str
    number: int


def is_told(figure: Figure, part: Part) -> bool:
    return figure.is_exact or part.incidents >= FEWEST


def rest_is_told(incidents: int, days: int) -> bool:
    """True if the days that waited are published together. days: their number in this month.

    Each is about fewer than FEWEST incidents, so too large a sum would reveal that none of them was empty.
    """
    return FEWEST <= incidents <= (days - 1) * (FEWEST - 1)


def named(values: Mapping[str, Part], *, salt: str) -> dict[str, int]:
    """Return a breakdown: all large values but one, and all others together; {} if fewer than two are large.

    A hash, which no entry can move, draws the one, so the others always hide a large value. salt: of the draw.
    """
    large = [value for value, part in values.items() if value != ALL_OTHERS and part.incidents >= FEWEST]
    if len(large) < 2:
        return {}
    large.sort(key=lambda value: hashlib.sha256(f"{salt} {value}".encode()).digest())
    shown = {value: values[value].number for value in sorted(large[1:])}
    return {**shown, ALL_OTHERS: sum(part.number for part in values.values()) - sum(shown.values())}


def month(
    figure: Figure, *, told: Sequence[date], waits: Sequence[date], earlier: Sequence[date], count: Count
) -> list[Told]:
    """Return the numbers that a finished month publishes of a figure beyond its days.

    told: its days published alone. waits: its other days. earlier: days of earlier months that still wait.
    """
    found: list[Told] = []
    blocks = list(told)
    waiting = [*earlier, *waits]
    rest = count(waiting, None).get(ALL_OTHERS) if waiting and not figure.is_exact else None
    if rest is not None and rest_is_told(rest.incidents, len(waits)):
        found.append(Told(Dimension.REST, ALL_OTHERS, rest.number))
        blocks += waiting
    if blocks:
        for dimension in figure.by:
            salt = f"{figure.key} {max([*told, *waits]):%Y-%m} {dimension}"
            parts = named(count(sorted(blocks), dimension), salt=salt)
            found += [Told(dimension, value, number) for value, number in parts.items()]
    return found
