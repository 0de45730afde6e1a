"""Every address of the portal, and a path to each."""

import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tests.access.urls import Fixture, Row

MADE_UP: dict[str, Any] = {
    "uuid": uuid.UUID("00000000-0000-4000-8000-000000000001"),
    "int": 999_999,
    "str": "made-up",
    "slug": "made-up",
    "path": "made/up",
    "uidb36": "0",
    "key": "0-0",
}


@dataclass(frozen=True)
class Address:
    """One address: its name, its view, the kind of each value in its path, or its name where a pattern says it."""

    name: str
    route: str
    view: Callable[..., Any]
    values: dict[str, str]

    @property
    def words(self) -> list[str]:
        """The part of the address before each value: what the value names."""
        parts = self.route.split("/")
        return [
            parts[next(i for i, part in enumerate(parts) if f":{name}>" in part or f"<{name}>" in part) - 1]
            for name in self.values
        ]

    def path(self, row: Row, fixture: Fixture) -> str:
        """Return a path, with the row's values where it gives some and made-up ones elsewhere."""
        made_up = {name: MADE_UP[kind] for name, kind in self.values.items()}
        given = {name: make(fixture) for name, make in row.path.items()}
        return reverse(self.name, kwargs={**made_up, **given})


def addresses(urlconf: str | None = None) -> list[Address]:
    """Return all addresses of the portal, third-party ones included, unnamed ones too."""
    return list(_addresses_of(get_resolver(urlconf)))


@cache
def _addresses_of(resolver: URLResolver) -> list[Address]:
    return list(_walk(resolver.url_patterns, "", {}))


def _walk(patterns: list[URLPattern | URLResolver], route: str, values: dict[str, str]) -> Iterator[Address]:
    for pattern in patterns:
        found = {**values, **_values(pattern)}
        whole = route + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _walk(pattern.url_patterns, whole, found)
        else:
            yield Address(pattern.name or "", whole, pattern.callback, found)


def _values(pattern: URLPattern | URLResolver) -> dict[str, str]:
    converters = getattr(pattern.pattern, "converters", {})
    groups = () if converters else pattern.pattern.regex.groupindex
    return {name: name for name in groups} | {
        name: type(kind).__name__.removesuffix("Converter").lower().replace("string", "str")
        for name, kind in converters.items()
    }
