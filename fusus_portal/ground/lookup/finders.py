"""Finders of things by number, registered from each noun's `extensions`. Registrants, homes and cameras have none.

A finder returns only rows that the person may open; other people's rows and unknown numbers cost the same queries.
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
    """A thing found by its number. note: a warning to show. page_says_it: its own page also shows the note."""

    number: str
    url: str
    note: str = ""
    page_says_it: bool = False


Find = Callable[[User, Typed], Iterable[Found]]
Logged = Callable[[Typed], Iterable[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Finder:
    """A kind of things with numbers. permission: needed to open one. example: a number of the kind.

    find: returns the things that the person may open. logged: returns all matching numbers, for auditors, who search
    the log for them; None for numbers not in the log.
    """

    name: str
    kind: str | Promise
    permission: Permission
    example: Callable[[], str]
    find: Find
    logged: Logged | None = None


finders = Contract[Finder]()


def among(letter: str, rows: Callable[[User], QuerySet[Any]], page: Callable[[Any], str]) -> Find:
    def find(by: User, typed: Typed) -> list[Found]:
        number = typed.number(letter)
        return [Found(each.number, page(each)) for each in rows(by).filter(number=number)] if number else []

    return find


def of_another_year(at: datetime, state: str) -> str:
    """Return a note about a row of an earlier year and its state, or ""."""
    year = timezone.localtime(at).year
    if year == timezone.localdate().year:
        return ""
    return _("It is of %(year)d: %(state)s.") % {"year": year, "state": state}


def among_all(letter: str, rows: QuerySet[Any]) -> Logged:
    def found(typed: Typed) -> list[str]:
        number = typed.number(letter)
        return list(rows.filter(number=number).values_list("number", flat=True)) if number else []

    return found
