"""What nouns above do when the registry acts, and what they add to its pages: five contracts.

A noun of the registry or of an app above registers its answers at the start, from its `extensions`. An act calls them
inside its transaction, in the order in which they were registered: nouns of the registry first, then those of apps
above.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.utils.functional import Promise

from audit.log.actors import Actor
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.accounts.roles import Role
from fusus_portal.ground.hooks import Contract
from fusus_portal.ground.pages.maps import MappedArea
from fusus_portal.ground.pages.marks import Mark
from fusus_portal.ground.tables.archive import Cell
from registry.canvasses.models.canvasses import FootageRequest
from registry.incidents.models.incidents import Incident
from registry.people.models import Registrant
from registry.places.models import Camera, Premises

OwnTable = Callable[[Registrant], Sequence[Mapping[str, Cell]]]

Shown = tuple[str, object]
"""A template, and what it calls `page`."""


def _nothing(*_told: object) -> None:
    """Do nothing."""


def _no_lines(_row: object) -> list[str]:
    return []


def _no_text(_row: object) -> str:
    return ""


@dataclass(frozen=True, slots=True)
class Kept:
    """Something that outlives a registration. name: of the part that keeps it. until: its last moment."""

    name: str
    number: int
    until: datetime


@dataclass(frozen=True, slots=True)
class LeavingPart:
    """What a noun keeps of somebody who leaves.

    end: ends what depends on a locked registration, before anything else of it ends. kept: what of it stays.
    line: says so to the person, with the reason and `%(day)s`, from how many there are.
    """

    name: str
    end: Callable[[Registrant, Actor], None]
    kept: Callable[[Registrant], Kept | None]
    line: Callable[[int], str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Dependent:
    """What of a noun depends on a registration, its places and its cameras. Everything is locked that is handed to it.

    cameras_end: these leave the registry. cameras_pause: these are in no search for now. place_ends, place_moves: with
    the cameras at it. pin_moves: a place stays, and is somewhere else on the map. registration_ends: with all of it.
    told: what leaving means here, in sentences, for a person who is about to leave. told_ending, told_moving: what it
    means that a place ends here, or moves inside the boundary. why_business: why a business must stay one, "" when it
    need not. leaving: what is kept of somebody who left. tables: of the file of a person's own data, by name.
    next_page: where somebody continues who has just registered, a page without arguments, "" for none.
    registered, left, account_closed: somebody has just registered, left, or closed an account without a registration;
    the account of the last two is deleted, and they still have its e-mail address.
    """

    name: str
    cameras_end: Callable[[Sequence[Camera], Actor], None] = _nothing
    cameras_pause: Callable[[Sequence[Camera], Actor], None] = _nothing
    place_ends: Callable[[Premises, Actor], None] = _nothing
    place_moves: Callable[[Premises, Actor], None] = _nothing
    pin_moves: Callable[[Premises, Actor], None] = _nothing
    registration_ends: Callable[[Registrant, Actor], None] = _nothing
    told: Callable[[Registrant], list[str]] = _no_lines
    told_ending: Callable[[Premises], list[str]] = _no_lines
    told_moving: Callable[[Premises], list[str]] = _no_lines
    why_business: Callable[[Registrant], str] = _no_text
    leaving: LeavingPart | None = None
    tables: Mapping[str, OwnTable] = field(default_factory=dict)
    next_page: Callable[[HttpRequest], str] = _no_text
    registered: Callable[[User], None] = _nothing
    left: Callable[[User], None] = _nothing
    account_closed: Callable[[User], None] = _nothing


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentFollower:
    """What a noun does about an incident, which is locked.

    verified: a second person or dispatch says that it happened. confirmed: dispatch opened it, or says again what it
    is. changed: it is something else, or elsewhere, or at another time; what was verified is not any more, unless
    dispatch said so. closed: what runs for it ends, for good. settled: the closing can't be taken back any more, so
    what was asked for it ends too. unassigned: this person does not work on it any more.
    closing: what closing it would end, in sentences.
    """

    name: str
    verified: Callable[[Incident, Actor], None] = _nothing
    confirmed: Callable[[Incident, Actor], None] = _nothing
    changed: Callable[[Incident, Actor], None] = _nothing
    closed: Callable[[Incident, Actor], None] = _nothing
    settled: Callable[[Incident, Actor], None] = _nothing
    unassigned: Callable[[Incident, User, Actor], None] = _nothing
    closing: Callable[[Incident], Sequence[str]] = _no_lines


@dataclass(frozen=True, slots=True)
class ProfileCard:
    """A card of a business's profile. name: of its page, which takes no arguments. place: lowest first."""

    name: str
    title: str | Promise
    text: str | Promise
    label: str | Promise
    place: int


@dataclass(frozen=True, slots=True)
class IncidentSection:
    """A section of an incident's page. page: what its template calls `section`, of an incident, for a person."""

    name: str
    template: str
    page: Callable[[Incident, User], Mapping[str, Any]]
    place: int


@dataclass(frozen=True, slots=True)
class Offer:
    """A way to answer a request. text: what it is, in a sentence. label: of the link to it, behind the sign-in."""

    text: str
    label: str
    url: str


@dataclass(frozen=True, slots=True)
class Others:
    """Ways to answer a request besides files. offers: what waits for a press. given: what was given, in a sentence."""

    offers: Sequence[Offer] = ()
    given: str = ""


@dataclass(frozen=True, slots=True)
class NamedWith:
    """A kind of thing whose page names its owner. name: of its subject. words: what the owner reads, `%(number)s`."""

    name: str
    words: str | Promise


@dataclass(frozen=True, slots=True, kw_only=True)
class Panels:
    """What a noun adds to pages: sections, areas and marks of incidents, answers to requests, and what is shared.

    areas: on the incident's map, with nothing of a camera that would need an entry. marks: of incidents that this
    person may see, by id; few queries, however many there are. shared: on the profile of a registrant.
    """

    name: str
    sections: Sequence[IncidentSection] = ()
    areas: Callable[[Incident, User], Sequence[MappedArea]] = lambda _incident, _user: ()
    marks: Callable[[Sequence[Incident], User], Mapping[UUID, Mark]] = lambda _incidents, _user: {}
    answers: Callable[[FootageRequest], Others] = lambda _request: Others()
    shared: Callable[[Registrant], Shown | None] = _nothing


registrants = Contract[Dependent]()
incidents = Contract[IncidentFollower]()
cards = Contract[ProfileCard]()
panels = Contract[Panels]()
named_with = Contract[NamedWith]()


def told_leaving(registrant: Registrant) -> list[str]:
    """Return what else leaving means for a person."""
    return [sentence for dependent in registrants for sentence in dependent.told(registrant)]


def told_ending(premises: Premises) -> list[str]:
    """Return what else it means that a place ends here."""
    return [sentence for dependent in registrants for sentence in dependent.told_ending(premises)]


def told_moving(premises: Premises) -> list[str]:
    """Return what else it means that a place moves inside the boundary."""
    return [sentence for dependent in registrants for sentence in dependent.told_moving(premises)]


def why_business(registrant: Registrant) -> str:
    """Return why a business must stay one, "" when it need not."""
    return next(filter(None, (dependent.why_business(registrant) for dependent in registrants)), "")


def end_all(registrant: Registrant, *, actor: Actor) -> None:
    """End what depends on a locked registration and is kept for a while."""
    for part in _leaving():
        part.end(registrant, actor)


def kept_of(registrant: Registrant) -> list[Kept]:
    """Return what stays when this registration ends."""
    return [kept for part in _leaving() if (kept := part.kept(registrant)) is not None]


def line_of(kept: Kept) -> str:
    """Return the sentence about something that stays, without its day."""
    return {part.name: part for part in _leaving()}[kept.name].line(kept.number)


def tables_of(registrant: Registrant) -> dict[str, Sequence[Mapping[str, Cell]]]:
    """Return the tables of other nouns in which a person has rows."""
    tables = {name: table for dependent in registrants for name, table in dependent.tables.items()}
    found = {name: table(registrant) for name, table in sorted(tables.items())}
    return {name: rows for name, rows in found.items() if rows}


def after_registering(request: HttpRequest) -> str:
    """Return where somebody continues: at what waits for them, or else on their profile."""
    return next(filter(None, (dependent.next_page(request) for dependent in registrants)), "profile")


def incident_closed(incident: Incident, actor: Actor) -> None:
    """Let every noun end what it does for an incident, those above first: they rest on what is below."""
    for follower in reversed([*incidents]):
        follower.closed(incident, actor)


def incident_settled(incident: Incident, actor: Actor) -> None:
    """Let every noun end what was asked for a closed incident, those above first."""
    for follower in reversed([*incidents]):
        follower.settled(incident, actor)


def told_closing(incident: Incident) -> list[str]:
    """Return what closing an incident would end, in sentences."""
    return [sentence for follower in incidents for sentence in follower.closing(incident)]


def cards_of(role: str) -> list[ProfileCard]:
    """Return the cards that somebody of a role has, in order: a business has all, nobody else one."""
    return sorted(cards, key=lambda card: (card.place, card.name)) if role == Role.BUSINESS else []


def sections_of(incident: Incident, user: User) -> list[tuple[str, Mapping[str, Any]]]:
    """Return the sections of an incident's page, in order: the template of each, and what that calls `section`."""
    found = [section for each in panels for section in each.sections]
    ordered = sorted(found, key=lambda section: (section.place, section.name))
    return [(section.template, section.page(incident, user)) for section in ordered]


def areas_of(incident: Incident, user: User) -> list[MappedArea]:
    """Return what nouns add to an incident's map."""
    return [area for each in panels for area in each.areas(incident, user)]


def shared_of(registrant: Registrant) -> list[Shown]:
    """Return what nouns above share of a registrant."""
    return [shown for each in panels if (shown := each.shared(registrant)) is not None]


def others_of(request: FootageRequest) -> Others:
    """Return how else a request can be answered, and what was given so."""
    found = [each.answers(request) for each in panels]
    offers = [offer for others in found for offer in others.offers]
    return Others(offers, " ".join(others.given for others in found if others.given))


def _leaving() -> list[LeavingPart]:
    return [dependent.leaving for dependent in registrants if dependent.leaving is not None]
