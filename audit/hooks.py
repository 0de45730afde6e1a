"""Questions that audit asks the apps above it. They register answers in `AppConfig.ready`; audit imports none of them.

- Resolvers get a phrase of the search box: a deputy, an owner, an incident, cameras at an address.
- The namer of a kind gets ids and returns names.
- `pseudonyms` returns the badge pseudonyms of staff, for the search box.
- The mailer gets due searches, and knows whether their owner still is an auditor.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from audit.log.actors import Subject
from fusus_portal.ground.hooks import Hook

LED_SLOTS = ("actors", "cameras", "incidents", "subjects")
SLOTS = (*LED_SLOTS, "addresses", "events", "roles", "outcomes")


@dataclass(frozen=True, slots=True)
class Meaning:
    """A meaning of a typed phrase. said: the meaning, in people's words.

    actors, cameras, incidents: opaque ids. subjects: (kind, id) each. addresses: network addresses. events, roles,
    outcomes: as entries have them. An entry matches if it names any of these. facts: an entry found by incident has
    them too. since, until: time of every match. shared: the words for an address of the log if what was typed is a
    name, an e-mail address or where somebody lives.
    """

    said: str
    actors: tuple[str, ...] = ()
    cameras: tuple[str, ...] = ()
    incidents: tuple[str, ...] = ()
    subjects: tuple[tuple[str, str], ...] = ()
    addresses: tuple[str, ...] = ()
    events: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    outcomes: tuple[str, ...] = ()
    facts: tuple[tuple[str, str], ...] = ()
    since: datetime | None = None
    until: datetime | None = None
    shared: str = ""

    @property
    def names_something(self) -> bool:
        """True if the phrase means more than a span of time."""
        return any(getattr(self, slot) for slot in SLOTS)

    @property
    def is_led(self) -> bool:
        """True if an index of the log serves each thing that is named."""
        named = {slot for slot in SLOTS if getattr(self, slot)}
        return bool(named) and named <= set(LED_SLOTS)

    def is_within(self, other: "Meaning") -> bool:
        """True if the other one names all that this one does, and more."""
        pairs = [(set(getattr(self, slot)), set(getattr(other, slot))) for slot in SLOTS]
        is_part = all(one <= more for one, more in pairs) and any(one < more for one, more in pairs)
        return is_part and not self.facts and not other.facts


Resolver = Callable[[str], Iterable[Meaning]]
Namer = Callable[[Iterable[str]], Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class Report:
    """A saved search whose mail is due. owner: id of the account that saved it. first, last: days of the mail."""

    search: Subject
    owner: str
    first: date
    last: date


Pseudonyms = Callable[[], Sequence[str]]
Mailer = Callable[[Report], bool]
"""Writes the mail about a due search in the caller's transaction; returns True if its owner may still read the log."""

resolvers: list[Resolver] = []
_namers: dict[str, Namer] = {}
pseudonyms = Hook[Pseudonyms]("audit.hooks.pseudonyms")
mailer = Hook[Mailer]("audit.hooks.mailer")


def understand(resolver: Resolver) -> None:
    if resolver not in resolvers:
        resolvers.append(resolver)


def name_by(kind: str, namer: Namer) -> None:
    _namers[kind] = namer


def field(rows: QuerySet[Any], name: str) -> Namer:
    """Return a namer that answers with one field of each row. It skips ids that are not UUIDs."""

    def named(ids: Iterable[str]) -> Mapping[str, str]:
        found = rows.filter(pk__in=[each for each in ids if is_id(each)])
        return {str(pk): called for pk, called in found.values_list("pk", name)}

    return named


def names(kind: str, ids: Iterable[str]) -> Mapping[str, str]:
    """Return names of objects of a kind, by id; unknown ids are absent."""
    wanted = sorted({each for each in ids if each})
    return _namers[kind](wanted) if wanted and kind in _namers else {}


def is_id(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True
