"""Contracts on registrations, places and cameras: nouns and apps above register what they do when one changes.

A noun registers its functions in `extensions`. An act calls them in its transaction, in the order of registration:
nouns of the registry first, then those of the apps above.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.http import HttpRequest
from django.utils.functional import Promise

from audit.log.actors import Actor
from fusus_portal.ground.access import Permission
from fusus_portal.ground.access.permissions import has
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.geo.counties import County
from fusus_portal.ground.hooks import Contract, Hook, no_lines, nothing
from fusus_portal.ground.tables import Cell
from registry.places.models import Camera, Premises
from registry.registrants.models import Registrant

OwnTable = Callable[[Registrant], Sequence[Mapping[str, Cell]]]

Shown = tuple[str, object]
"""A template and its variable `page`, for a part of a profile."""


def _no_text(_row: object) -> str:
    return ""


@dataclass(frozen=True, slots=True)
class Kept:
    """Number of things that outlive a registration. name: of the part that keeps them. until: last day of any."""

    name: str
    number: int
    until: datetime


@dataclass(frozen=True, slots=True)
class LeavingPart:
    """Data that a noun keeps after somebody leaves.

    end: ends the dependents of a locked registration, before all else. kept: counts the data that stays. line: the
    sentence for the person who leaves, for a number of things, with the reason and `%(day)s`.
    """

    name: str
    end: Callable[[Registrant, Actor], None]
    kept: Callable[[Registrant], Kept | None]
    line: Callable[[int], str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Dependent:
    """Functions of a noun that depends on registrations, places and cameras. All rows passed in are locked.

    cameras_end: cameras leave the registry. cameras_pause: no search finds them for now. place_ends, place_moves: a
    place with its cameras. pin_moves: a place stays, with another point on the map. registration_ends: with all its
    places. told: sentences for a person who is about to leave. told_ending, told_moving: sentences on a place that
    ends, or that moves inside the boundary. why_business: the reason why a business must stay one, or "". leaving: data
    kept of somebody who left. tables: of the own-data file, by name. next_page: URL name of the page after registering,
    without arguments, or "". registered, left, account_closed: somebody has just registered, left, or closed an account
    without a registration; the last two get a deleted account that still has its e-mail address. shared: a section for
    a business's profile.
    """

    name: str
    cameras_end: Callable[[Sequence[Camera], Actor], None] = nothing
    cameras_pause: Callable[[Sequence[Camera], Actor], None] = nothing
    place_ends: Callable[[Premises, Actor], None] = nothing
    place_moves: Callable[[Premises, Actor], None] = nothing
    pin_moves: Callable[[Premises, Actor], None] = nothing
    registration_ends: Callable[[Registrant, Actor], None] = nothing
    told: Callable[[Registrant], list[str]] = no_lines
    told_ending: Callable[[Premises], list[str]] = no_lines
    told_moving: Callable[[Premises], list[str]] = no_lines
    why_business: Callable[[Registrant], str] = _no_text
    leaving: LeavingPart | None = None
    tables: Mapping[str, OwnTable] = field(default_factory=dict)
    next_page: Callable[[HttpRequest], str] = _no_text
    registered: Callable[[User], None] = nothing
    left: Callable[[User], None] = nothing
    account_closed: Callable[[User], None] = nothing
    shared: Callable[[Registrant], Shown | None] = nothing


@dataclass(frozen=True, slots=True)
class ProfileTab:
    """A tab of a profile, at an address of its own.

    name: URL name of its page, without arguments. place: sort order. permission: the tab is shown to accounts that have
    it. below: URL names of pages that its page leads to, and on which a pause ends. once: ids that the tab's parts had
    when the profile was one page, so that old links to them find the tab.
    """

    name: str
    label: str | Promise
    place: int
    permission: Permission
    below: tuple[str, ...] = ()
    once: tuple[str, ...] = ()


whom_to_ask = Hook[Callable[[County | None], object]]("whom to ask in another county")
"""Answers with the agency of another county, for registry/people/moves/elsewhere.html; None for no other county."""

registrants = Contract[Dependent]()
tabs = Contract[ProfileTab]()


def told_leaving(registrant: Registrant) -> list[str]:
    return [sentence for dependent in registrants for sentence in dependent.told(registrant)]


def told_ending(premises: Premises) -> list[str]:
    return [sentence for dependent in registrants for sentence in dependent.told_ending(premises)]


def told_moving(premises: Premises) -> list[str]:
    return [sentence for dependent in registrants for sentence in dependent.told_moving(premises)]


def why_business(registrant: Registrant) -> str:
    return next(filter(None, (dependent.why_business(registrant) for dependent in registrants)), "")


def end_all(registrant: Registrant, *, actor: Actor) -> None:
    for part in _leaving():
        part.end(registrant, actor)


def kept_of(registrant: Registrant) -> list[Kept]:
    return [kept for part in _leaving() if (kept := part.kept(registrant)) is not None]


def line_of(kept: Kept) -> str:
    return {part.name: part for part in _leaving()}[kept.name].line(kept.number)


def tables_of(registrant: Registrant) -> dict[str, Sequence[Mapping[str, Cell]]]:
    tables = {name: table for dependent in registrants for name, table in dependent.tables.items()}
    found = {name: table(registrant) for name, table in sorted(tables.items())}
    return {name: rows for name, rows in found.items() if rows}


def after_registering(request: HttpRequest) -> str:
    """Return the URL name of the page after registering: one where something waits, else the profile."""
    return next(filter(None, (dependent.next_page(request) for dependent in registrants)), "profile")


def tabs_of(role: str) -> list[ProfileTab]:
    """Return the tabs of a profile, in order. A person who can have no rows on a tab's page has no such tab."""
    return sorted((tab for tab in tabs if has(role, tab.permission)), key=lambda tab: tab.place)


def pages_of(role: str) -> list[str]:
    """Return the URL names of the tabs and of the pages below them, the first tab first."""
    return [name for tab in tabs_of(role) for name in (tab.name, *tab.below)]


def shared_of(registrant: Registrant) -> list[Shown]:
    return [shown for each in registrants if (shown := each.shared(registrant)) is not None]


def _leaving() -> list[LeavingPart]:
    return [dependent.leaving for dependent in registrants if dependent.leaving is not None]
