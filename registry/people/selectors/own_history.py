from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import CharField, OuterRef, QuerySet, Subquery, Value

from registry.people.models import Registrant
from registry.places.models import Camera, Premises

THINGS: dict[str, Any] = {"registrant": Registrant, "place": Premises, "camera": Camera}
Key = tuple[str, int]


@dataclass(frozen=True, slots=True)
class Version:
    """A version of one row, and the version before it, if any. thing: registrant, place or camera."""

    thing: str
    at: datetime
    now: Any
    before: Any


def versions_of(registrant: Registrant) -> "QuerySet[Any, tuple[str, int, datetime]]":
    """Return (thing, history id, time) of each version, newest first: one query a page, and one for their number."""
    rows = {
        "registrant": Registrant.history.filter(id=registrant.pk),
        "place": Premises.history.filter(registrant_id=registrant.pk),
        "camera": Camera.history.filter(premises_id__in=registrant.premises.values("pk")),
    }
    parts = [
        found.order_by().annotate(thing=Value(thing, CharField())).values_list("thing", "history_id", "history_date")
        for thing, found in rows.items()
    ]
    versions: QuerySet[Any, tuple[str, int, datetime]] = parts[0].union(*parts[1:], all=True)
    return versions.order_by("-history_date", "-history_id")


def load(keys: Iterable[tuple[str, int, datetime]]) -> list[Version]:
    """Return the versions of these keys in their order, each with the one before. Two queries a kind of thing."""
    wanted = list(keys)
    found: dict[Key, Any] = {}
    before: dict[Key, Any] = {}
    for thing, model in THINGS.items():
        ids = [pk for kind, pk, _at in wanted if kind == thing]
        if ids:
            earlier = model.history.filter(id=OuterRef("id"), history_id__lt=OuterRef("history_id"))
            previous = Subquery(earlier.order_by("-history_id").values("history_id")[:1])
            rows = list(
                model.history.filter(history_id__in=ids).select_related("history_user").annotate(previous=previous)
            )
            known = model.history.in_bulk([row.previous for row in rows if row.previous], field_name="history_id")
            found |= {(thing, row.history_id): row for row in rows}
            before |= {(thing, row.history_id): known.get(row.previous) for row in rows}
    return [Version(thing, at, found[thing, pk], before[thing, pk]) for thing, pk, at in wanted if (thing, pk) in found]
