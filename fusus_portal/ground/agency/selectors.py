"""The agency's data: one query for each page and no cache, so that a change counts at once."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.db import Error as DatabaseError
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from fusus_portal.ground.agency.first_values import first_values
from fusus_portal.ground.agency.models import (
    OF_REGISTERING,
    Agency,
    Announcement,
    Document,
    DocumentKind,
    MessageText,
    OneRow,
)
from fusus_portal.ground.agency.sentences import Added
from fusus_portal.ground.geo.counties import own_county
from fusus_portal.ground.languages import local

_latest: Final[dict[str, Agency]] = {}
"""The agency's row as this process last read it, for error pages while the database is down."""

_held: ContextVar[list[Agency] | None] = ContextVar("agency_held", default=None)


@contextmanager
def read_once() -> Iterator[None]:
    """Read the agency's row at most once in this block, which is one request."""
    token = _held.set([])
    try:
        yield
    finally:
        _held.reset(token)


def shown() -> Agency:
    """Return the agency for pages and messages. While the database is down: the row last read, or the first values."""
    held = _held.get()
    if held:
        return held[0]
    try:
        _latest["row"] = Agency.current()
    except DatabaseError:
        return _latest.get("row") or Agency(**first_values())
    if held is not None:
        held.append(_latest["row"])
    return _latest["row"]


def read_anew() -> None:
    if held := _held.get():
        held.clear()


def words() -> dict[str, Any]:
    return words_of(shown())


def words_of(agency: Agency) -> dict[str, Any]:
    county = own_county()
    return {
        "name": agency.name,
        "short_name": agency.short_name,
        "in_text": local(agency.name, agency.name_es),
        "short_in_text": local(agency.short_name, agency.name_es),
        "phone": agency.phone,
        "help_phone": agency.help_phone or agency.phone,
        "email": agency.email,
        "news_url": agency.news_url,
        "social_urls": agency.social_urls,
        "payee": agency.payee or agency.name,
        "check_address": agency.check_address or agency.return_address,
        "return_address": agency.return_address,
        "seal_url": seal_url(agency),
        "revision": agency.revision,
        "county": county.name,
        "state": county.state,
    }


def history(model: type[OneRow] | type[MessageText]) -> QuerySet[Any]:
    rows: QuerySet[Any] = model.history.select_related("history_user")  # type: ignore[union-attr]
    return rows.order_by("-history_date", "-history_id")


def texts_of(kind: str) -> dict[str, Added]:
    rows = {row.language: Added(row.opening, row.closing) for row in MessageText.objects.filter(kind=kind)}
    return {language: rows.get(language, Added()) for language in ("en", "es")}


def edited_kinds() -> set[str]:
    rows = MessageText.objects.exclude(opening="", closing="")
    return set(rows.values_list("kind", flat=True))


def versions(kind: str) -> QuerySet[Document]:
    """Return the versions of a document, latest first, each with `holds_from`: None before it is announced."""
    return _dated().filter(kind=kind).select_related("publisher").order_by("-number")


def in_force() -> list[Document]:
    """Return the versions in force of the documents to which people agree when they register: one query."""
    return list(_holding().filter(kind__in=OF_REGISTERING).order_by("kind", "-number").distinct("kind"))


def sharing_terms() -> Document:
    """Return the sharing agreement in force. The first version ships with the portal."""
    return _holding().filter(kind=DocumentKind.SHARING).order_by("-number")[0]


def announced(name: str) -> QuerySet[Announcement]:
    return Announcement.objects.filter(name=name).order_by("-number")


def number_in_force(name: str) -> int:
    """Return the number of a text's version in force. A first version has no announcement."""
    return next((each.number for each in announced(name) if each.is_in_force), 1)


def unannounced(name: str, number: int) -> list[int]:
    """Return the numbers of a text's versions not yet announced. number: the latest version, for a text in the code."""
    told = set(announced(name).values_list("number", flat=True))
    documents = Document.objects.filter(kind=name).values_list("number", flat=True)
    return sorted({*documents, *range(2, number + 1)} - told)


def _holding() -> QuerySet[Document]:
    return _dated().filter(Exists(_told().filter(Q(told=0) | Q(holds_from__lte=timezone.now()))))


def _dated() -> QuerySet[Document]:
    return Document.objects.annotate(holds_from=Subquery(_told().values("holds_from")))


def _told() -> QuerySet[Announcement]:
    return Announcement.objects.filter(name=OuterRef("kind"), number=OuterRef("number"))


def seal_url(agency: Agency) -> str:
    if agency.seal:
        return reverse("seal", args=[agency.seal])
    return agency.seal_address or static("img/seal.svg")


LONGEST_REPORT: Final = 64
"""Bytes read of the backup's report: a time is shorter."""

CLOCKS_APART: Final = timedelta(hours=1)
"""A report further in the future is no time of a backup."""


def last_backup() -> datetime | None:
    """Return the time that the office's backup reported last, or None without a report that can be read."""
    path: Path | None = settings.BACKUP_REPORT
    if path is None:
        return None
    try:
        with path.open("rb") as file:
            reported = parse_datetime(file.read(LONGEST_REPORT).decode("ascii").strip())
    except (OSError, ValueError):
        return None
    if reported is None or reported.tzinfo is None or reported > timezone.now() + CLOCKS_APART:
        return None
    return reported
