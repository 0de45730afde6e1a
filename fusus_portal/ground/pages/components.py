"""Data of the components that pages share: buttons, marks, timelines, lists and their cursors."""

import base64
import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.forms import Form
from django.urls import reverse
from django.utils.translation import gettext as _

from audit.log.actors import ActorKind
from audit.log.models import AuditEntry


@dataclass(frozen=True, slots=True)
class Action:
    """A button. reason: why it is disabled, or "". is_link: a link that changes nothing. quiet: a secondary link.

    about: words after the label for screen readers, where a page has several such buttons.
    """

    name: str
    label: str
    url: str
    reason: str = ""
    is_link: bool = False
    primary: bool = False
    quiet: bool = False
    about: str = ""


@dataclass(frozen=True, slots=True)
class Mark:
    text: str
    label: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Moment:
    """A line of a timeline: one act. by: badge pseudonym of the person, or a detail, or "". url: of its page, or ""."""

    at: datetime
    text: str
    by: str = ""
    url: str = ""


def moments(entries: Iterable[AuditEntry]) -> list[Moment]:
    """Return a line for each act that entries record, in their order: an act on several cameras has several entries."""
    return list(dict.fromkeys(Moment(entry.at, f"{_who(entry)} {entry.sentence}") for entry in entries))


def _who(entry: AuditEntry) -> str:
    if entry.actor_kind == ActorKind.LINK:
        return _("An owner")
    if entry.actor_kind == ActorKind.TASK:
        return _("The portal")
    return entry.actor_pseudonym or _("The owner")


@dataclass(frozen=True, slots=True)
class Column:
    """A column's head. style: "number" to align right, "nowrap" to keep on one line, or "" for neither."""

    label: str
    style: str = ""


def number(label: str) -> Column:
    return Column(label, "number")


@dataclass(frozen=True, slots=True)
class Cell:
    """A table's cell. text: None for a dash. url: the text's link. soft: a detail beside it. tags: kind, text of each.

    lang: the text's language, if not that of the page.
    """

    text: object = ""
    url: str = ""
    tags: Sequence[tuple[str, object]] = ()
    soft: str = ""
    lang: str = ""


class Table:
    """A table. A cell that is only a text may be given as text; the first cell of a row names the row."""

    def __init__(
        self,
        caption: str,
        columns: Sequence[object],
        rows: Iterable[Sequence[object]],
        *,
        says_caption: bool = False,
    ) -> None:
        self.caption, self.says_caption = caption, says_caption
        self.columns = [each if isinstance(each, Column) else Column(str(each)) for each in columns]
        self.rows = [list(zip(self.columns, map(_cell, row), strict=True)) for row in rows]


def _cell(value: object) -> Cell:
    return value if isinstance(value, Cell) else Cell(None if value == "" else value)


def link(text: object, name: str, *arguments: object) -> Cell:
    """Return a cell with a link. name: of the URL pattern. arguments: for the pattern."""
    return Cell(text, reverse(name, args=arguments))


def tallies(name: str, counted: Iterable[tuple[str, object, int]]) -> list[tuple[str, int, str]]:
    """Return words, number of rows and address for each state that has rows. name: URL name of the list."""
    return [(str(words), total, f"{reverse(name)}?state={state}") for state, words, total in counted if total]


LIST = "console/list.html"


@dataclass(frozen=True, slots=True)
class ListPage:
    """A page of the console that is one list. nothing: heading and sentence instead of an empty table.

    action: the button beside the heading. tallies: words, number of rows and address of each state.
    """

    title: str
    table: Table
    nothing: tuple[str, str]
    back: Cell | None = None
    action: Cell | None = None
    intro: str = ""
    tallies: Sequence[tuple[str, int, str]] = ()
    more: Cell | None = None


def filtered_list(form: Form, rows: QuerySet[Any], size: int) -> dict[str, Any]:
    """Return a list's filter form, its rows on this page and the query of its other pages. size: rows of a page."""
    query = "".join(f"{urlencode({name: form.data[name]})}&" for name in form.fields if form.data.get(name))
    page = Paginator(rows, size).get_page(form.data.get("page"))
    return {"form": form, "page": page, "query": query, "is_filtered": bool(query)}


def cursor(entry: int) -> str:
    return _cipher().encrypt(str(entry).encode()).decode()


def entry_of_cursor(text: str) -> int | None:
    """Return the id of the entry at which a cursor stops, or None for a text that we did not write."""
    try:
        return int(_cipher().decrypt(text.encode()))
    except (InvalidToken, ValueError):
        return None


def _cipher() -> Fernet:
    key = hashlib.sha256(b"registry.cursors:" + settings.SECRET_KEY.encode()).digest()
    return Fernet(base64.urlsafe_b64encode(key))
