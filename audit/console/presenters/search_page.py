"""The page of a search: its meaning, its results, how far it looked, and possible acts."""

from collections.abc import Iterable
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.utils.translation import gettext as _

from audit.console.entry.folds import folds_of
from audit.console.entry.rows import local, rows_of
from audit.console.models import MailTimes, SavedFilter
from audit.console.presenters.chart import chart
from audit.console.presenters.suggestions import suggestions
from audit.console.search.query import Wanted
from audit.console.services.searches import LogPosition, Page
from audit.log.models import AuditEntry

SEARCH = "search"


class Chip(NamedTuple):
    """One part of a search. query: the search without it."""

    name: str
    value: str
    query: str


def carried(search: str) -> str:
    return urlencode({SEARCH: search}) if search else ""


def search_page(
    wanted: Wanted, page: Page, place: LogPosition, *, saved: Iterable[SavedFilter], here: str, before: str = ""
) -> dict[str, Any]:
    """Return the page of a search, without its form. here: the search as a query. before: the wider search, or ""."""
    kept = list(saved)
    return {
        "folds": folds_of(rows_of(page.entries)),
        "chart": chart(page.timeline),
        "understood": [meaning.said for meaning in (*wanted.meanings, *wanted.also_meanings)],
        "is_understood": wanted.is_understood,
        "is_everything": wanted.is_everything,
        "is_first": place.is_first,
        "here": here,
        "carried": carried(here),
        "before": before,
        "kept": f"{carried(before)}&" if before else "",
        "saved": kept,
        "mail_times": MailTimes.choices,
        "suggestions": suggestions([each.name for each in kept]),
        **around(page),
    }


def around(page: Page) -> dict[str, Any]:
    return {
        "older": urlencode({"before": page.older}) if page.older is not None else "",
        "newer": urlencode({"after": page.newer}) if page.newer is not None else "",
        "looked_to": looked_to(page),
    }


def looked_to(page: Page) -> str:
    if page.looked_to is None:
        return ""
    edge = AuditEntry.objects.filter(id__gte=page.looked_to).order_by("id").first()
    when = f"{local(edge.at)}, {edge.at:%Y}" if edge else ""
    sentence = _("Looked back as far as entry %(entry)s of %(when)s. Older entries may fit, too.")
    return sentence % {"entry": f"{page.looked_to:,}", "when": when}
