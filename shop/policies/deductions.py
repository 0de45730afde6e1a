"""What may be published about deductions."""

from collections.abc import Mapping, Sequence

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from shop.policies.texts import check_text
from shop.rules import HIGHEST_DEDUCTION, MOST_PARTS, MOST_STEPS

Part = tuple[str, str, int]
"""The name in English and in Spanish, and hundredths of a percent."""

LEAST, ALL = 1_000, 10_000
LONGEST_AGE = 240


def check_lowest(basis_points: int) -> int:
    """Return what goes back at least. Raises ValidationError on "lowest"."""
    if not LEAST <= basis_points <= ALL:
        raise ValidationError({"lowest": _("At least 10 % and at most 100 % goes back.")})
    return basis_points


def check_steps(steps: Mapping[int, int]) -> dict[int, int]:
    """Return the steps by month, in order. Raises ValidationError on "steps": an older CORE is never worth more."""
    if len(steps) > MOST_STEPS or any(not 0 <= month <= LONGEST_AGE for month in steps):
        raise ValidationError({"steps": _("Write at most 24 steps, of at most 240 months.")})
    if any(not 0 <= off <= HIGHEST_DEDUCTION for off in steps.values()):
        raise ValidationError({"steps": _("A step takes off 0 % to 90 %.")})
    tidy = dict(sorted(steps.items()))
    if list(tidy.values()) != sorted(tidy.values()):
        raise ValidationError({"steps": _("A later step takes off at least as much as the one before.")})
    return tidy


def check_parts(parts: Sequence[Part]) -> list[Part]:
    """Return the parts. Raises ValidationError on "parts"."""
    if len(parts) > MOST_PARTS or any(not 0 < off <= HIGHEST_DEDUCTION for _name, _name_es, off in parts):
        raise ValidationError({"parts": _("Write at most 20 parts, each above 0 % and at most 90 %.")})
    return [(check_text("parts", name), check_text("parts", name_es), off) for name, name_es, off in parts]
