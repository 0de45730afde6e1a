"""Counts by ZIP code: the smallest that is told, and none of cameras where few people are."""

import pytest

from registry.imports.selectors import _veiled
from registry.rules import SMALLEST_COUNT

MANY, ENOUGH, FEW = SMALLEST_COUNT + 90, SMALLEST_COUNT, SMALLEST_COUNT - 1


@pytest.mark.parametrize(
    ("counted", "told"),
    [
        ((ENOUGH, ENOUGH, ENOUGH), (ENOUGH, ENOUGH, ENOUGH)),
        ((MANY, FEW, FEW), (MANY, None, None)),
        ((FEW, MANY, MANY), (None, None, MANY)),
    ],
)
def test_which_counts_are_told(counted: tuple[int, ...], told: tuple[int | None, ...]) -> None:
    kinds = ("people", "cameras", "invitations")
    assert _veiled(dict(zip(kinds, counted, strict=True))) == dict(zip(kinds, told, strict=True))
