"""Sections that other apps add to the page of an incident, one for each feature: registered in `AppConfig.ready`."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from fusus_portal.accounts.models import User
from registry.models import Incident

Page = Callable[[Incident, User], Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class IncidentSection:
    """One section. template: what it is written with. page: what that is told of an incident, for a person."""

    name: str
    template: str
    page: Page
    place: int


@dataclass(frozen=True, slots=True)
class Shown:
    """A section of one page. told: what its template calls `section`."""

    template: str
    told: Mapping[str, Any]


_sections: dict[str, IncidentSection] = {}


def register(section: IncidentSection) -> None:
    """Add a section. Doing it twice has one effect."""
    _sections[section.name] = section


def of_page(incident: Incident, user: User) -> list[Shown]:
    """Return the sections of an incident's page, in order."""
    ordered = sorted(_sections.values(), key=lambda section: (section.place, section.name))
    return [Shown(section.template, section.page(incident, user)) for section in ordered]
