"""An auditor's search: all that CJIS AU-3 names. Registered apps say what typed words mean (`audit.hooks`)."""

import ipaddress
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import datetime

from django.db.models import Q
from django.utils import timezone
from django.utils.dateformat import format as formatted
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from audit.console.search import days
from audit.hooks import Meaning, resolvers
from audit.log.selectors import by_actor


@dataclass(frozen=True, slots=True)
class Branch:
    """A condition with an index. by_id: the index continues by id, so it can be walked in steps."""

    lead: Q
    by_id: bool = True


@dataclass(frozen=True, slots=True)
class Wanted:
    """A search of the log. "" and None match everything.

    word: as typed into the box. meanings: of the word; any of them matches. also: a second word, for "this deputy" and
    "that camera" at once: both must match. address: of the network. since, until: from the first moment to before the
    second.
    """

    word: str = ""
    also: str = ""
    event: str = ""
    outcome: str = ""
    actor: str = ""
    actor_kind: str = ""
    actor_role: str = ""
    camera: str = ""
    incident: str = ""
    subject_kind: str = ""
    subject: str = ""
    sign_in: str = ""
    area: str = ""
    premises_type: str = ""
    offence_type: str = ""
    address: str = ""
    since: datetime | None = None
    until: datetime | None = None
    meanings: tuple[Meaning, ...] = field(default=(), compare=False)
    also_meanings: tuple[Meaning, ...] = field(default=(), compare=False)

    @property
    def is_everything(self) -> bool:
        return not any(getattr(self, each.name) for each in fields(self))

    @property
    def is_understood(self) -> bool:
        """True if each typed word has a meaning."""
        return (not self.word or bool(self.meanings)) and (not self.also or bool(self.also_meanings))

    @property
    def addresses(self) -> tuple[str, ...]:
        """The network addresses to match, any of them; () for all."""
        meant = tuple(address for meaning in self._understood for address in meaning.addresses)
        return (self.address,) if self.address else meant

    @property
    def begin(self) -> datetime | None:
        return max((each for each in (self.since, *(m.since for m in self._understood)) if each), default=None)

    @property
    def end(self) -> datetime | None:
        return min((each for each in (self.until, *(m.until for m in self._understood)) if each), default=None)

    @property
    def _understood(self) -> tuple[Meaning, ...]:
        return (*self.meanings, *self.also_meanings)

    def conditions(self) -> Q:
        """Return the conditions on each entry, except network address, time, and the first word's meanings."""
        plain = {COLUMNS.get(name, name): getattr(self, name) for name in PLAIN}
        also = Q()
        for meaning in self.also_meanings:
            for branch in _branches_of(meaning):
                also |= branch.lead
        return Q(**{column: value for column, value in plain.items() if value}) & also

    def branches(self) -> list[Branch]:
        """Return the ways in, alternatives to each other; [] if no condition has an index."""
        meant = [branch for meaning in self.meanings for branch in _branches_of(meaning)]
        return meant or self._own_branch()

    def _own_branch(self) -> list[Branch]:
        if self.incident:
            return [Branch(Q(incident_id=self.incident))]
        if self.camera:
            return [Branch(Q(camera_id=self.camera), by_id=False)]
        if self.subject and self.subject_kind and self.subject_kind != "camera":
            return [Branch(Q(subject_kind=self.subject_kind, subject_id=self.subject))]
        return [Branch(by_actor(self.actor))] if self.actor else []

    def said(self) -> str:
        """Return the search in words, for the log and for readers of the export."""
        parts = [f"{NAMES[name]}: {_written(getattr(self, name))}" for name in NAMES if getattr(self, name)]
        return "; ".join(parts)


PLAIN = (
    "event", "outcome", "actor", "actor_kind", "actor_role", "camera", "incident", "subject_kind", "subject", "sign_in",
    "area", "premises_type", "offence_type",
)  # fmt: skip
COLUMNS = {"actor": "actor_id", "camera": "camera_id", "incident": "incident_id", "subject": "subject_id"}

NAMES: Mapping[str, str | Promise] = {
    "word": _("Search"),
    "also": _("And"),
    "event": _("What"),
    "outcome": _("Outcome"),
    "actor_kind": _("Kind of actor"),
    "actor_role": _("Role"),
    "actor": _("Id of the actor"),
    "subject_kind": _("Kind of object"),
    "subject": _("Id of the object"),
    "camera": _("Id of the camera"),
    "incident": _("Id of the incident"),
    "area": _("Area (ZIP code)"),
    "premises_type": _("Kind of place"),
    "offence_type": _("Crime or emergency"),
    "address": _("Network address"),
    "sign_in": _("Sign-in"),
    "since": _("From"),
    "until": _("Until"),
}


def meanings(text: str) -> tuple[Meaning, ...]:
    """Return the meanings of the typed text, () for none. A day or span may accompany the rest: both must match."""
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


def _written(value: str | datetime) -> str:
    return formatted(timezone.localtime(value), "Y-m-d H:i T") if isinstance(value, datetime) else value


def _branches_of(meaning: Meaning) -> Iterable[Branch]:
    for actor in meaning.actors:
        yield Branch(by_actor(actor))
    said = Q(facts__contains=dict(meaning.facts)) if meaning.facts else Q()
    for incident in meaning.incidents:
        yield Branch(Q(incident_id=incident) & said)
    for kind, subject in meaning.subjects:
        yield Branch(Q(subject_kind=kind, subject_id=subject))
    if meaning.cameras:
        yield Branch(Q(camera_id__in=meaning.cameras), by_id=False)


def _named(text: str) -> tuple[Meaning, ...]:
    found = [meaning for resolver in (_network, *resolvers) for meaning in resolver(text.strip())]
    return tuple(meaning for meaning in found if meaning.names_something)


def _network(text: str) -> Iterable[Meaning]:
    try:
        address = str(ipaddress.ip_address(text))
    except ValueError:
        return
    yield Meaning(address, addresses=(address,))
