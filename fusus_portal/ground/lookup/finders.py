"""Finders of things by number, registered from each noun's `extensions`. Registrants, homes and cameras have no finder.

A finder returns only rows that the person may open; other people's rows and unknown numbers cost the same queries.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any, Final, NamedTuple
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from fusus_portal.ground import look_alikes, numbers
from fusus_portal.ground.access.permissions import Permission, has
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.hooks import Contract

LONGEST: Final = 60
"""Characters of the longest number (a carrier's), with spaces and dashes."""

DIGITS: Final = str.maketrans("OIL", "011")
"""Letters that people type for digits. Our own numbers have no O, I or L (`numbers.ALPHABET`)."""

BARCODE_KIND: Final = re.compile(r"^\s*\][A-Za-z]\d")
"""The kind of barcode that some scanners send first, "]C1" (ISO/IEC 15424)."""

MINUS: Final = "\u2212"
"""The minus sign, pasted as a dash although Unicode does not class it as one."""


@dataclass(frozen=True)
class Typed:
    text: str

    @cached_property
    def is_too_long(self) -> bool:
        return len(self.text) > LONGEST

    @cached_property
    def tidy(self) -> str:
        """The typed text with upper-case Latin letters in place of look-alikes, single spaces and plain dashes."""
        text = BARCODE_KIND.sub("", self.text)
        dashes = "".join("-" if unicodedata.category(each) == "Pd" or each == MINUS else each for each in text)
        return " ".join(look_alikes.plain(dashes).upper().split())

    @cached_property
    def bare(self) -> str:
        return "".join(each for each in self.tidy if each.isalnum())

    @cached_property
    def digits(self) -> str:
        return self.bare.translate(DIGITS)

    def number(self, letter: str) -> str:
        """Return the typed number if it begins with this letter, "R-7K2MQX4P" for "r 7k2m qx4p"; "" if not."""
        meant = f"{letter}-{self.digits[1:]}"
        return meant if self.digits[:1] == letter.translate(DIGITS) and numbers.is_number(meant) else ""


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
    """A kind of things with numbers. permission: needed to open one. find: returns those that the person may open.

    logged: returns all matching numbers, for auditors, who search the log for them; None for numbers not in the log.
    """

    name: str
    kind: str | Promise
    permission: Permission
    example: Callable[[], str]
    find: Find
    logged: Logged | None = None


finders = Contract[Finder]()


def finders_of(by: User) -> list[Finder]:
    """Return the finders for this person. Auditors may not open the pages and search the log instead."""
    if has(by.role, Permission.AUDIT):
        return [each for each in finders if each.logged]
    return [each for each in finders if has(by.role, each.permission)]


def hits_of(by: User, typed: Typed) -> list[tuple[str, Found]]:
    """Return the things that this person may open with their kinds, each page once. The log records the opening."""
    if typed.is_too_long or not typed.bare:
        return []
    found = {each.url: (str(finder.kind), each) for finder in finders_of(by) for each in _found(finder, by, typed)}
    return list(found.values())


def _found(finder: Finder, by: User, typed: Typed) -> list[Found]:
    if finder.logged is not None and has(by.role, Permission.AUDIT):
        return [Found(number, f"{reverse('audit')}?{urlencode({'word': number})}") for number in finder.logged(typed)]
    return list(finder.find(by, typed))


def among(letter: str, rows: Callable[[User], QuerySet[Any]], page: Callable[[Any], str]) -> Find:
    def find(by: User, typed: Typed) -> list[Found]:
        number = typed.number(letter)
        return [Found(each.number, page(each)) for each in rows(by).filter(number=number)] if number else []

    return find


def of_another_year(at: datetime, state: str) -> str:
    """Return a note with year and state of a row from an earlier year; "" for one of this year."""
    year = timezone.localtime(at).year
    if year == timezone.localdate().year:
        return ""
    return _("It is of %(year)d: %(state)s.") % {"year": year, "state": state}


def among_all(letter: str, rows: QuerySet[Any]) -> Logged:
    def found(typed: Typed) -> list[str]:
        number = typed.number(letter)
        return list(rows.filter(number=number).values_list("number", flat=True)) if number else []

    return found
