"""The page of a search: what was understood, what was found, how far it looked, and what can be done with it."""

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
"""The part of an address that carries a search."""


class Chip(NamedTuple):
    """One part of a search. name: what it is called. query: the search without it."""

    name: str
    value: str
    query: str


def carried(search: str) -> str:
    """Return what a link carries so that there is a way back to a search; "" for none."""
    return urlencode({SEARCH: search}) if search else ""


def search_page(
    wanted: Wanted, page: Page, place: LogPosition, *, saved: Iterable[SavedFilter], here: str, before: str = ""
) -> dict[str, Any]:
    """Return what the page of a search says, without its form.

    here: the search as an address has it. before: the search that this one narrows, "" for none.
    """
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
    """Return what leads to the pages around this one, and how far it looked when its time was up."""
    return {
        "older": urlencode({"before": page.older}) if page.older is not None else "",
        "newer": urlencode({"after": page.newer}) if page.newer is not None else "",
        "looked_to": looked_to(page),
    }


def looked_to(page: Page) -> str:
    """Return the sentence of a walk that ended for lack of time, "" for one that did not."""
    if page.looked_to is None:
        return ""
    edge = AuditEntry.objects.filter(id__gte=page.looked_to).order_by("id").first()
    when = f"{local(edge.at)}, {edge.at:%Y}" if edge else ""
    sentence = _("Looked back as far as entry %(entry)s of %(when)s. Older entries may fit, too.")
    return sentence % {"entry": f"{page.looked_to:,}", "when": when}
