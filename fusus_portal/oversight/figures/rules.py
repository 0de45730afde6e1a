"""The numbers that the public figures are held to."""

from datetime import timedelta
from typing import Final

FEWEST: Final = 5
"""A published number is about this many incidents or more (docs/decisions/audit/public-figures.md)."""

DAYS_SHOWN: Final = timedelta(days=62)
"""Days are published one by one for so long; later only their months are."""

MONTHS_SHOWN: Final = 12
"""Months in the tables of the page. The files have all of them."""

LONGEST_DELAY: Final = timedelta(days=30)
"""So long whoever reviews the figures may hold back newer days."""

LONGEST_NOTE: Final = 1_000
"""Characters of what the office writes beside the figures."""
