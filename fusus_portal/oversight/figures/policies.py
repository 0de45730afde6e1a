"""Who reviews figures, and what may be published: two publications never reveal fewer than five incidents.

docs/decisions/audit/public-figures.md has the rule, and the attacks that it withstands. In short: every published
number is a sum of blocks that share no entry, and each block is about FEWEST incidents or more. A day is a block of its
own, or waits for its month. A breakdown of a month covers what that month published, and nothing else.
"""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TypeVar

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from fusus_portal.ground.access.permissions import Permission, demand
from fusus_portal.ground.accounts.models import User
from fusus_portal.oversight.figures.definitions import FEWEST, LONGEST_DELAY, Dimension, Figure
from fusus_portal.oversight.figures.models import MonthFigure


def may_review(by: User) -> None:
    demand(by, Permission.RELEASE_FIGURES)


def check_note(note_en: str, note_es: str) -> None:
    """Raise ValidationError on "note_en" or "note_es" if only the other one is written."""
    if note_en and not note_es:
        raise ValidationError({"note_es": _("Write the note in Spanish too: the page is in both languages.")})
    if note_es and not note_en:
        raise ValidationError({"note_en": _("Write the note in English too: the page is in both languages.")})


def check_until(until: date, *, today: date) -> None:
    """Raise ValidationError on "until" unless the delay ends between tomorrow and thirty days from now."""
    if until <= today:
        raise ValidationError({"until": _("Choose a day after today.")})
    if until > today + LONGEST_DELAY:
        raise ValidationError({"until": _("Choose a day within 30 days.")})


def last_of_quarter_before(day: date) -> date:
    """Return the last day of the quarter that ended before a day."""
    first = date(day.year, (day.month - 1) // 3 * 3 + 1, 1)
    return first - timedelta(days=1)


ALL_OTHERS = ""
"""The value in a breakdown that means all other values together."""

Day = TypeVar("Day")


@dataclass(frozen=True, slots=True)
class FigureCount:
    """A count. incidents: how many it is about; in a breakdown by premises or area, how many cameras if fewer."""

    number: int
    incidents: int


Count = Callable[[Sequence[date], Dimension | None], Mapping[str, FigureCount]]
"""Counts a figure over some days, by the values of a dimension; without a dimension, under the value ""."""


def is_published(figure: Figure, part: FigureCount) -> bool:
    return figure.is_exact or part.incidents >= FEWEST


def is_rest_published(incidents: int, days: int) -> bool:
    """True if the days that waited are published together. days: their number in this month.

    Each is about fewer than FEWEST incidents, so too large a sum would reveal that none of them was empty.
    """
    return FEWEST <= incidents <= (days - 1) * (FEWEST - 1)


def published_breakdown(values: Mapping[str, FigureCount], *, salt: str) -> dict[str, int]:
    """Return a breakdown to publish: all large values but one, and all others together; {} if fewer than two are large.

    A hash of `salt` draws the large value that is left out: no entry can choose it. The others always hide a large one.
    """
    large = [value for value, part in values.items() if value != ALL_OTHERS and part.incidents >= FEWEST]
    if len(large) < 2:
        return {}
    large.sort(key=lambda value: hashlib.sha256(f"{salt} {value}".encode()).digest())
    shown = {value: values[value].number for value in sorted(large[1:])}
    return {**shown, ALL_OTHERS: sum(part.number for part in values.values()) - sum(shown.values())}


def numbers_of_month(
    figure: Figure, *, told: Sequence[date], waits: Sequence[date], earlier: Sequence[date], count: Count
) -> list[MonthFigure]:
    """Return the numbers that a finished month publishes of a figure besides its days, not saved.

    told: the month's days published alone. waits: its other days. earlier: days of earlier months that still wait.
    """
    found: list[MonthFigure] = []
    blocks = list(told)
    waiting = [*earlier, *waits]
    rest = count(waiting, None).get(ALL_OTHERS) if waiting and not figure.is_exact else None
    if rest is not None and is_rest_published(rest.incidents, len(waits)):
        found.append(MonthFigure(figure=figure.key, dimension=Dimension.REST, value=ALL_OTHERS, number=rest.number))
        blocks += waiting
    if blocks:
        for dimension in figure.by:
            salt = f"{figure.key} {max([*told, *waits]):%Y-%m} {dimension}"
            parts = published_breakdown(count(sorted(blocks), dimension), salt=salt)
            found += [
                MonthFigure(figure=figure.key, dimension=dimension, value=value, number=number)
                for value, number in parts.items()
            ]
    return found
