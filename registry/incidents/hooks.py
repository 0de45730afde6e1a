"""Contracts on incidents: nouns and apps above register what they do when one changes, and add to pages."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from operator import or_
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils.functional import Promise

from audit.log.actors import Actor
from fusus_portal.ground.access.permissions import Permission
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.hooks import Contract, no_lines, nothing
from fusus_portal.ground.pages import times
from fusus_portal.ground.pages.components import Mark
from fusus_portal.ground.pages.maps import MappedArea
from registry.incidents.models import Incident


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentFollower:
    """Functions of a noun for changes of an incident, which is locked.

    verified: a second person or dispatch confirms that it happened. confirmed: dispatch opened or changed it.
    changed: another type, place or time; its verification is void, unless dispatch made the change. closed: acts for it
    end, for good. settled: the closing can't be taken back any more, so requests and the like end too. unassigned: a
    person no longer works on it. closing: sentences that warn what closing it would end.
    """

    name: str
    verified: Callable[[Incident, Actor], None] = nothing
    confirmed: Callable[[Incident, Actor], None] = nothing
    changed: Callable[[Incident, Actor], None] = nothing
    closed: Callable[[Incident, Actor], None] = nothing
    settled: Callable[[Incident, Actor], None] = nothing
    unassigned: Callable[[Incident, User, Actor], None] = nothing
    closing: Callable[[Incident], Sequence[str]] = no_lines


@dataclass(frozen=True, slots=True)
class IncidentSection:
    """A section of a tab of an incident. page: returns its variable `section`, for an incident and a reader.

    tab: URL name of the tab.
    """

    name: str
    template: str
    page: Callable[[Incident, User], Mapping[str, Any]]
    place: int
    tab: str = "incident"


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentTab:
    """A page of an incident beside its overview. new: how many things on it this person has not seen."""

    url_name: str
    label: str | Promise
    permission: Permission
    place: int
    new: Callable[[Incident, User], int] = lambda _incident, _user: 0


@dataclass(frozen=True, slots=True)
class Offer:
    """A way to answer a request. text: sentences on it. label: of the link to its page, which needs a sign-in.

    is_quiet: its owner answered otherwise, so nothing waits.
    """

    text: str
    label: str
    url: str
    is_quiet: bool = False


@dataclass(frozen=True, slots=True)
class Others:
    """Answers to a request besides files, such as clips.

    offers: ways that its owner can still choose. given: a sentence on what answered it, so that its owner can't
    decline. note: a sentence on what was given besides, or failed to arrive, while the owner is or was asked.
    windows: of footage that waits for an answer besides that of the canvass. waits: some does, though its owner has
    answered the request.
    """

    offers: Sequence[Offer] = ()
    given: str = ""
    note: str = ""
    windows: Sequence[str] = ()
    waits: bool = False


@dataclass(frozen=True, slots=True)
class FootageWish:
    """Footage that somebody asked for by name, such as a clip: its own window and reason, beside its canvass's."""

    starts_at: datetime
    ends_at: datetime
    reason: str

    @property
    def window(self) -> str:
        return times.window(self.starts_at, self.ends_at)


@dataclass(frozen=True, slots=True, kw_only=True)
class Panels:
    """Additions of a noun to pages: tabs, sections, areas and marks of incidents, and answers to their requests.

    areas: on the incident's map, without camera data that would need an entry. marks: of incidents that this person may
    see, by id, in few queries however many there are. answers: to requests, by id, likewise. answered: the condition on
    rows of requests that were answered without their owner, who owes no further answer. promised: the same, even if the
    answer never came: their owner read that nothing is needed. askers: people who asked for a file by name and are told
    when it arrives, by the id of its upload. wishes: what they asked for, by the ids of uploads.
    """

    name: str
    tabs: Sequence[IncidentTab] = ()
    sections: Sequence[IncidentSection] = ()
    areas: Callable[[Incident, User], Sequence[MappedArea]] = lambda _incident, _user: ()
    marks: Callable[[Sequence[Incident], User], Mapping[UUID, Mark]] = lambda _incidents, _user: {}
    answers: Callable[[Collection[UUID]], Mapping[UUID, Others]] = lambda _requests: {}
    answered: Callable[[], Q] = lambda: Q(pk__in=())
    promised: Callable[[], Q] = lambda: Q(pk__in=())
    askers: Callable[[UUID], Sequence[User]] = lambda _upload: ()
    wishes: Callable[[Collection[UUID]], Mapping[UUID, FootageWish]] = lambda _uploads: {}


incidents = Contract[IncidentFollower]()
panels = Contract[Panels]()


def incident_closed(incident: Incident, actor: Actor) -> None:
    """Let every noun end its acts for a closed incident, apps above first: their acts depend on those below."""
    for follower in reversed([*incidents]):
        follower.closed(incident, actor)


def incident_settled(incident: Incident, actor: Actor) -> None:
    for follower in reversed([*incidents]):
        follower.settled(incident, actor)


def told_closing(incident: Incident) -> list[str]:
    return [sentence for follower in incidents for sentence in follower.closing(incident)]


def tabs() -> list[IncidentTab]:
    return sorted((tab for each in panels for tab in each.tabs), key=lambda tab: tab.place)


def sections_of(incident: Incident, user: User, tab: str) -> list[tuple[str, Mapping[str, Any]]]:
    found = [section for each in panels for section in each.sections if section.tab == tab]
    ordered = sorted(found, key=lambda section: (section.place, section.name))
    return [(section.template, section.page(incident, user)) for section in ordered]


def areas_of(incident: Incident, user: User) -> list[MappedArea]:
    return [area for each in panels for area in each.areas(incident, user)]


def others_of(request: UUID) -> Others:
    return others_among([request])[request]


def others_among(requests: Collection[UUID]) -> dict[UUID, Others]:
    """Return the other answers to each of these requests, in a number of queries that does not depend on how many."""
    found = [each.answers(requests) for each in panels]
    return {pk: _together([answers[pk] for answers in found if pk in answers]) for pk in requests}


def _together(found: Sequence[Others]) -> Others:
    offers = [offer for others in found for offer in others.offers]
    windows = [window for others in found for window in others.windows]
    given, note = ([getattr(others, name) for others in found] for name in ("given", "note"))
    waits = any(others.waits for others in found)
    return Others(offers, " ".join(filter(None, given)), " ".join(filter(None, note)), windows, waits)


def askers_of(upload: UUID) -> list[User]:
    return [asker for each in panels for asker in each.askers(upload)]


def wishes_among(uploads: Collection[UUID]) -> dict[UUID, FootageWish]:
    """Return what was asked for by name, by the id of its upload; nothing for a file that its owner chose."""
    return {upload: wish for each in panels for upload, wish in each.wishes(uploads).items()}


def answered_without_owner() -> Q:
    """Return the condition on rows of requests that a noun above answered, such as a rule for clips."""
    return reduce(or_, (each.answered() for each in panels), Q(pk__in=()))


def promised_without_owner() -> Q:
    return reduce(or_, (each.promised() for each in panels), Q(pk__in=()))
