"""What is found by its number: each noun registers a finder, from its `extensions`.

A finder finds what a person may open, and nothing else: what is somebody else's and what does not exist are the same
to it, found by the same questions. Registrants, their homes and their cameras have none.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from fusus_portal.ground.access.permissions import Permission
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.hooks import Contract
from fusus_portal.ground.lookup.typed import Typed


class Found(NamedTuple):
    """Something that was found: its number as people write it, and its page.

    note: what is to be known of it now. page_says_it: whether its page says the note too.
    """

    number: str
    url: str
    note: str = ""
    page_says_it: bool = False


Find = Callable[[User, Typed], Iterable[Found]]
Logged = Callable[[Typed], Iterable[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Finder:
    """A kind of thing with numbers. name: of the noun that finds it. kind: what people call it.

    permission: whoever has it may open such things. example: a number as it is written.
    find: what somebody with the permission meant and may open.
    logged: the numbers that were meant, of all that there is, for auditors, who search the log for them; None for what
    its search does not know.
    """

    name: str
    kind: str | Promise
    permission: Permission
    example: Callable[[], str]
    find: Find
    logged: Logged | None = None


finders = Contract[Finder]()


def among(letter: str, rows: Callable[[User], QuerySet[Any]], page: Callable[[Any], str]) -> Find:
    """Return how things are found whose numbers begin with a letter: among the rows that a person may open."""

    def find(by: User, typed: Typed) -> list[Found]:
        number = typed.number(letter)
        return [Found(each.number, page(each)) for each in rows(by).filter(number=number)] if number else []

    return find


def of_another_year(at: datetime, state: str) -> str:
    """Return that something is of another year, and how it is; "" for something of this year."""
    year = timezone.localtime(at).year
    if year == timezone.localdate().year:
        return ""
    return _("It is of %(year)d: %(state)s.") % {"year": year, "state": state}


def among_all(letter: str, rows: QuerySet[Any]) -> Logged:
    """Return how such things are found for auditors."""

    def found(typed: Typed) -> list[str]:
        number = typed.number(letter)
        return list(rows.filter(number=number).values_list("number", flat=True)) if number else []

    return found
