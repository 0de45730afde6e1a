"""What a word in the search box means. Audit knows no other app: each registers what it knows, in `AppConfig.ready`.

A resolver takes what was typed and returns what that can be: a deputy, an owner, an incident, cameras at an address.
A namer does the opposite: it takes ids of one kind and returns what people call them.
"""

import ipaddress
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from audit.console import days
from audit.console.wanted import Meaning

Resolver = Callable[[str], Iterable[Meaning]]
Namer = Callable[[Iterable[str]], Mapping[str, str]]

_resolvers: list[Resolver] = []
_namers: dict[str, Namer] = {}


def understand(resolver: Resolver) -> None:
    """Let a resolver be asked what words mean."""
    if resolver not in _resolvers:
        _resolvers.append(resolver)


def call(kind: str, namer: Namer) -> None:
    """Let a namer say what things of a kind ("incident", "camera") are called."""
    _namers[kind] = namer


def field(rows: QuerySet[Any], name: str) -> Namer:
    """Return a namer that calls rows by one of their fields; a text that is no id of ours is passed over."""

    def named(ids: Iterable[str]) -> Mapping[str, str]:
        found = rows.filter(pk__in=[each for each in ids if _is_id(each)])
        return {str(pk): called for pk, called in found.values_list("pk", name)}

    return named


def meanings(text: str) -> tuple[Meaning, ...]:
    """Return what was typed into the box as what it can mean: nothing when nobody knows it.

    A day or a span may stand beside the rest, "Deputy K7Q2 yesterday": then both are meant.
    """
    whole = _named(text)
    if whole:
        return whole
    span, rest = days.taken_out(text)
    if span is None:
        return ()
    time = Meaning(span.said, since=span.since, until=span.until)
    if not rest:
        return (time,)
    return tuple(
        replace(each, said=f"{each.said}, {span.said}", since=span.since, until=span.until) for each in _named(rest)
    )


def names(kind: str, ids: Iterable[str]) -> Mapping[str, str]:
    """Return what things of a kind are called, by id; whatever nobody knows (any more) is absent."""
    wanted = sorted({each for each in ids if each})
    return _namers[kind](wanted) if wanted and kind in _namers else {}


def _named(text: str) -> tuple[Meaning, ...]:
    found = [meaning for resolver in (_network, *_resolvers) for meaning in resolver(text.strip())]
    return tuple(meaning for meaning in found if meaning.names_something)


def _is_id(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True


def _network(text: str) -> Iterable[Meaning]:
    try:
        address = str(ipaddress.ip_address(text))
    except ValueError:
        return
    yield Meaning(address, addresses=(address,))
