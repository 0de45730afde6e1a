"""Numbers that an agency sets for itself, each within bounds that no setting can pass."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db.models import CheckConstraint, Q
from django.utils.functional import Promise

Amount = int | Decimal


@dataclass(frozen=True, slots=True)
class Bounds:
    """What a limit begins with, the least and the most that it may be set to, and its unit."""

    default: Amount
    least: Amount
    most: Amount
    unit: str | Promise

    @property
    def options(self) -> dict[str, Any]:
        """What its column is told of that."""
        validators = [MinValueValidator(self.least), MaxValueValidator(self.most)]
        return {"default": self.default, "validators": validators}


def within(bounds: Mapping[str, Bounds], *, table: str) -> list[CheckConstraint]:
    """Return the constraints that hold each limit of a table to its bounds."""
    inside = {name: Q(**{f"{name}__gte": each.least, f"{name}__lte": each.most}) for name, each in bounds.items()}
    return [CheckConstraint(name=f"{table}_{name}_range", condition=condition) for name, condition in inside.items()]
