from datetime import timedelta
from typing import Final

FEWEST: Final = 5
"""A published number is about this many incidents or more (docs/decisions/audit/public-figures.md)."""

DAYS_SHOWN: Final = timedelta(days=62)
"""Days are published singly this long; later only their months are."""

MONTHS_SHOWN: Final = 12
"""Months in the tables of the page. The files have all of them."""

LONGEST_DELAY: Final = timedelta(days=30)
"""A reviewer of figures may hold back newer days this long."""

LONGEST_NOTE: Final = 1_000
"""Characters of the office's note beside the figures."""
