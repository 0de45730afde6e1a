from collections.abc import Callable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

OPEN = _("Open")


def _nothing() -> str:
    return ""


@dataclass(frozen=True, slots=True)
class Section:
    """A card. url_name: its page, without arguments. place: its order, lowest first. note: called with the page."""

    url_name: str
    title: str | Promise
    text: str | Promise
    place: int
    note: Callable[[], str] = _nothing
    label: str | Promise = OPEN


_sections: dict[str, Section] = {}


def register(*sections: Section) -> None:
    _sections.update({section.url_name: section for section in sections})


def all_sections() -> list[Section]:
    return sorted(_sections.values(), key=lambda section: (section.place, section.url_name))
