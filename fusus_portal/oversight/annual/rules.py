from typing import Final

LONGEST_TEXT: Final = 10_000
"""Characters of the office's own text in one part: four pages of paper."""

LONGEST_REASON: Final = 1_000
"""Characters that say why a report was corrected."""

YEARS_SHOWN: Final = 10
"""Years that the transparency page lists. Older reports keep their addresses."""
