"""Contracts by which other nouns add to the agency's pages: texts on which people rely, cards of "Administration"."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from fusus_portal.ground.hooks import Contract
from fusus_portal.ground.notifications.selectors import Recipient


@dataclass(frozen=True, slots=True)
class Words:
    """A text on which people rely. name: a kind of document, or `PROMISES`.

    relied: returns the people who rely on the version in force. news: returns a version's changes, a sentence each.
    number: latest version. page: URL name. Both are for texts in the code; a document has an address for each version.
    """

    name: str
    label: str | Promise
    relied: Callable[[], Iterable[Recipient]]
    news: Callable[[int], list[str]]
    number: int = 0
    page: str = ""


words: Final[Contract[Words]] = Contract()


OPEN = _("Open")


@dataclass(frozen=True, slots=True)
class Section:
    """Card of the page "Administration". url_name: its page. place: order, lowest first. note: a line on its state."""

    url_name: str
    title: str | Promise
    text: str | Promise
    place: int
    note: Callable[[], str] = lambda: ""
    label: str | Promise = OPEN


_sections: dict[str, Section] = {}


def register_sections(*sections: Section) -> None:
    _sections.update({section.url_name: section for section in sections})


def all_sections() -> list[Section]:
    return sorted(_sections.values(), key=lambda section: (section.place, section.url_name))
