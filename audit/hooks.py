"""What audit asks of the apps above it. They register in `AppConfig.ready`, since audit knows none of them.

- What was typed into the search box is asked of each resolver: a deputy, an owner, an incident, cameras at an address.
- What things are called is asked of the namer of their kind, by their ids.
- Alarms of the ledger are handed to the teller, who writes to staff.
- The pseudonyms of staff are asked for, and suggested in the search box.
- Searches that an auditor has mailed are handed to the mailer, who knows whether they still are an auditor.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from audit.ledger.models import Alarm
from audit.log.actors import Subject
from fusus_portal.ground.hooks import Hook

SLOTS = ("actors", "cameras", "incidents", "subjects", "addresses")


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a word means. said: in words, as people call it.

    actors, cameras, incidents: opaque ids. subjects: (kind, id) each. addresses: of the network.
    Whatever has to do with one of them is meant; facts: of the incidents, only what says this. since, until: only
    between these moments.
    """

    said: str
    actors: tuple[str, ...] = ()
    cameras: tuple[str, ...] = ()
    incidents: tuple[str, ...] = ()
    subjects: tuple[tuple[str, str], ...] = ()
    addresses: tuple[str, ...] = ()
    facts: tuple[tuple[str, str], ...] = ()
    since: datetime | None = None
    until: datetime | None = None

    @property
    def names_something(self) -> bool:
        """Whether it means more than a stretch of time."""
        return any(getattr(self, slot) for slot in SLOTS)


Resolver = Callable[[str], Iterable[Meaning]]
Namer = Callable[[Iterable[str]], Mapping[str, str]]
Teller = Callable[[Sequence[Alarm]], None]
"""Writes the mails about alarms to staff, in the transaction of their entries."""


@dataclass(frozen=True, slots=True)
class Report:
    """A saved search that is due. search: its row. owner: the account that saved it. first, last: days to look at."""

    search: Subject
    owner: str
    first: date
    last: date


Pseudonyms = Callable[[], Sequence[str]]
Mailer = Callable[[Report], bool]
"""Writes the mail about a report in the caller's transaction, and returns whether its owner may still read the log."""

resolvers: list[Resolver] = []
_namers: dict[str, Namer] = {}
teller = Hook[Teller]("audit.hooks.teller")
pseudonyms = Hook[Pseudonyms]("audit.hooks.pseudonyms")
mailer = Hook[Mailer]("audit.hooks.mailer")


def understand(resolver: Resolver) -> None:
    """Let a resolver be asked what words mean."""
    if resolver not in resolvers:
        resolvers.append(resolver)


def name_by(kind: str, namer: Namer) -> None:
    """Let a namer say what things of a kind ("incident", "camera") are called."""
    _namers[kind] = namer


def field(rows: QuerySet[Any], name: str) -> Namer:
    """Return a namer that calls rows by one of their fields; a text that is no id of ours is passed over."""

    def named(ids: Iterable[str]) -> Mapping[str, str]:
        found = rows.filter(pk__in=[each for each in ids if is_id(each)])
        return {str(pk): called for pk, called in found.values_list("pk", name)}

    return named


def names(kind: str, ids: Iterable[str]) -> Mapping[str, str]:
    """Return what things of a kind are called, by id; whatever nobody knows (any more) is absent."""
    wanted = sorted({each for each in ids if each})
    return _namers[kind](wanted) if wanted and kind in _namers else {}


def is_id(text: str) -> bool:
    """Tell whether a text can be an id of ours."""
    try:
        UUID(text)
    except ValueError:
        return False
    return True
