"""Contracts by which other nouns add to the agency's pages: texts on which people rely, parts of "Administration"."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from fusus_portal.ground.access.permissions import Permission
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


class Group(TextChoices):
    """A group of the page "Administration", in the page's order."""

    OFFICE = "office", _("People and office")
    PLACES = "places", _("Streets and counties")
    REQUESTS = "requests", _("Incidents and requests")
    REGISTRY = "registry", _("The registry")
    REPORTS = "reports", _("Reports and reviews")
    SHOP = "shop", _("COREs and shop")


@dataclass(frozen=True, slots=True)
class Section:
    """A row of the page "Administration". url_name: its page. place: order in its group, lowest first.

    note: a line on its state. words: further words by which people search for it.
    """

    url_name: str
    title: str | Promise
    text: str | Promise
    group: Group
    place: int
    note: Callable[[], str] = lambda: ""
    words: str | Promise = ""


_sections: dict[str, Section] = {}


def register_sections(*sections: Section) -> None:
    _sections.update({section.url_name: section for section in sections})


def all_sections() -> list[Section]:
    return sorted(_sections.values(), key=lambda section: (section.place, section.url_name))


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """Something that the portal needs, such as streets. lack: returns a sentence while it is missing, or "".

    there: a sentence while it is not. remedy: what to do, a sentence or more. command: for the server, or "".
    page: URL name of the page where administrators do it, or "". act: label of the link there. permission: of people
    who are warned besides administrators.
    """

    name: str
    title: str | Promise
    lack: Callable[[], str]
    there: Callable[[], str]
    remedy: str | Promise
    command: str = ""
    page: str = ""
    act: str | Promise = ""
    permission: Permission = Permission.ADMINISTER


needs: Final[Contract[Need]] = Contract()
