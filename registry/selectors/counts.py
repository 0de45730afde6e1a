"""How many there are by ZIP code. Counting reads the whole registry, so a worker does it, and pages read the result."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.core.cache import cache
from django.db.models import Count
from django.utils import timezone

from registry.models import Camera, ImportInvitation, Premises
from registry.rules import SMALLEST_COUNT

COUNTER = "registry.count"
KEY = "registry:counts"
KEPT = timedelta(hours=1)
"""Much longer than a worker takes to count again."""


@dataclass(frozen=True, slots=True)
class Counts:
    """What was counted, and when. lines: for each ZIP code the numbers, None for a small one."""

    at: datetime
    lines: list[dict[str, Any]]


def latest() -> Counts:
    """Return the counts of the last quarter of an hour; count now where there are none yet."""
    found: Counts | None = cache.get(KEY)
    return found or count()


def count() -> Counts:
    """Count, keep the result for the pages, and return it."""
    counted = Counts(timezone.now(), _by_zip_code())
    cache.set(KEY, counted, timeout=KEPT.total_seconds())
    return counted


def _by_zip_code() -> list[dict[str, Any]]:
    places = Premises.objects.registered().values("zip_code").annotate(people=Count("registrant", distinct=True))
    cameras = Camera.objects.registered().values("premises__zip_code").annotate(number=Count("pk"))
    invited = ImportInvitation.objects.values("zip_code").annotate(number=Count("pk"))
    found: dict[str, dict[str, int]] = {}
    for kind, rows in (
        ("people", places.values_list("zip_code", "people")),
        ("cameras", cameras.values_list("premises__zip_code", "number")),
        ("invitations", invited.values_list("zip_code", "number")),
    ):
        for code, number in rows:
            line = found.setdefault(code[:5], {"people": 0, "cameras": 0, "invitations": 0})
            line[kind] += number
    return [{"zip_code": code, **_veiled(found[code])} for code in sorted(found)]


def _veiled(line: dict[str, int]) -> dict[str, int | None]:
    few = line["people"] < SMALLEST_COUNT
    veiled = {kind: None if number < SMALLEST_COUNT else number for kind, number in line.items()}
    return {**veiled, "cameras": None} if few else dict(veiled)
