"""Limits that an agency sets within fixed bounds."""

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
    default: Amount
    least: Amount
    most: Amount
    unit: str | Promise

    @property
    def options(self) -> dict[str, Any]:
        validators = [MinValueValidator(self.least), MaxValueValidator(self.most)]
        return {"default": self.default, "validators": validators}


def within(bounds: Mapping[str, Bounds], *, table: str) -> list[CheckConstraint]:
    inside = {name: Q(**{f"{name}__gte": each.least, f"{name}__lte": each.most}) for name, each in bounds.items()}
    return [CheckConstraint(name=f"{table}_{name}_range", condition=condition) for name, condition in inside.items()]
