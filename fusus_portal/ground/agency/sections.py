"""What is on the page "Administration": one card for each feature, registered in its `AppConfig.ready`."""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

OPEN = _("Open")


def _nothing() -> str:
    return ""


@dataclass(frozen=True, slots=True)
class Section:
    """One card. url_name: its page, which takes no arguments. place: its order, lowest first.

    note: says what waits there now, "" for nothing; asked when the page is opened.
    """

    url_name: str
    title: str | Promise
    text: str | Promise
    place: int
    note: Callable[[], str] = _nothing
    label: str | Promise = OPEN


_sections: dict[str, Section] = {}


def register(*sections: Section) -> None:
    """Add cards. Doing it twice has one effect."""
    _sections.update({section.url_name: section for section in sections})


def all_sections() -> list[Section]:
    """Return the cards in order."""
    return sorted(_sections.values(), key=lambda section: (section.place, section.url_name))
