"""Sections of the public report that apps add. Each is computed from the log, and says from which checkpoint.

Each app registers once, in its `AppConfig.ready`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from audit.models import Publication


@dataclass(frozen=True, slots=True)
class ReportSection:
    """One section. template: gets what `context` returns for what is public of the log. place: its rank on the page."""

    name: str
    template: str
    context: Callable[[Publication | None], Mapping[str, object]]
    place: int


@dataclass(frozen=True, slots=True)
class Shown:
    """A section with what it says now."""

    template: str
    context: Mapping[str, object]


_sections: dict[str, ReportSection] = {}


def register(section: ReportSection) -> None:
    """Add a section. Doing it twice has one effect."""
    _sections[section.name] = section


def shown(published: Publication | None) -> list[Shown]:
    """Return the sections in their order, each with what it says of this checkpoint."""
    ordered = sorted(_sections.values(), key=lambda section: (section.place, section.name))
    return [Shown(section.template, section.context(published)) for section in ordered]
