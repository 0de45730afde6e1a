"""The auditors' pages: a search with its chart and suggestions, and alarms."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.utils.dateformat import format as formatted
from django.utils.functional import Promise
from django.utils.translation import gettext as _, gettext_lazy, ngettext

from audit import hooks
from audit.console.entry import carried, folds_of, local_time, rows_of, short_id
from audit.console.models import MailTimes, SavedFilter
from audit.console.search.query import LogQuery
from audit.console.search.steps import NEXT_BAR, Timeline
from audit.console.services import LogPosition, ResultPage
from audit.hooks import pseudonyms
from audit.ledger.alarms import AlarmKind
from audit.ledger.models import Alarm
from audit.log.actors import ActorKind
from audit.log.events import Event
from audit.log.models import AuditEntry
from fusus_portal.ground.charts import LOW_CHART, Bar, Chart, chart_of
from fusus_portal.ground.numbers import CAMERA, FLAG, VIEW

LABEL_FORMS = {"hour": "N j, g a", "day": "D, N j", "month": "N Y"}


def timeline_chart(timeline: Timeline | None) -> Chart | None:
    if timeline is None:
        return None
    unit = timeline.unit
    bars = [
        Bar(
            formatted(begin, LABEL_FORMS[unit]),
            count,
            f"{count:,}",
            since=f"{begin:%Y-%m-%d}",
            until=f"{_last_day(begin, unit):%Y-%m-%d}",
        )
        for begin, count in timeline.bars
    ]
    said = f"{_chart_summary(timeline)}, {UNIT_NAMES[unit]()}"
    return chart_of(bars, said=said, unit=_("entries"), columns=[_("When"), _("Entries")], plot=LOW_CHART)


def _last_day(begin: datetime, unit: str) -> datetime:
    return (begin + NEXT_BAR[unit]).replace(day=1) - timedelta(days=1) if unit == "month" else begin


def _chart_summary(timeline: Timeline) -> str:
    count = sum(count for _begin, count in timeline.bars)
    number = f"{count:,}"
    if timeline.is_whole:
        return ngettext("All of the one entry found", "All %(number)s entries found", count) % {"number": number}
    newest = ngettext("Only the newest entry found", "Only the newest %(number)s entries found", count)
    return _("%(newest)s; older ones are not in the picture") % {"newest": newest % {"number": number}}


UNIT_NAMES = {"hour": lambda: _("per hour"), "day": lambda: _("per day"), "month": lambda: _("per month")}


WORD_LIST = "log-words"


SUGGESTED_KINDS: tuple[tuple[str | Promise, str | Promise], ...] = (
    ("today", gettext_lazy("Day")),
    ("yesterday", gettext_lazy("Day")),
    ("this week", gettext_lazy("Days")),
    ("last week", gettext_lazy("Days")),
    ("last 30 days", gettext_lazy("Days")),
    ("last month", gettext_lazy("Days")),
    ("R-", gettext_lazy("Number of a request")),
    ("E-", gettext_lazy("Number of a file of footage")),
    (f"{VIEW}-", gettext_lazy("Number of a live view")),
    (f"{CAMERA}-", gettext_lazy("Number of a camera")),
    ("G-", gettext_lazy("Reference of an owner")),
    ("O-", gettext_lazy("Number of an order")),
    (f"{FLAG}-", gettext_lazy("Number of a flag")),
)
"""Words that the search box suggests to every auditor, and beginnings of numbers, each with its kind."""


def suggestions(saved: Iterable[str]) -> list[tuple[str | Promise, str | Promise]]:
    return [
        *((name, _("Saved search")) for name in saved),
        *SUGGESTED_KINDS,
        *((each, _("Staff")) for each in sorted(pseudonyms.answer())),
    ]


ACTOR_NAMES: Mapping[str, str | Promise] = {
    ActorKind.USER.value: gettext_lazy("A person with an account"),
    ActorKind.LINK.value: gettext_lazy("An owner, by link"),
    ActorKind.DEVICE.value: gettext_lazy("A CORE"),
    ActorKind.TASK.value: gettext_lazy("The portal itself"),
    ActorKind.VISITOR.value: gettext_lazy("A visitor"),
}


class Chip(NamedTuple):
    """A part of a search. name: of the filter, "" for a phrase of the box. query: the search without this part."""

    value: str
    name: str = ""
    query: str = ""
    is_known: bool = True


def shown_value(name: str, value: str, given: Mapping[str, str]) -> str:
    """Return the value of a filter in words: a thing by its number and a person by badge name, never by an id."""
    if name == "event" and value in set(Event):
        return str(Event(value).sentence)
    if name == "actor_kind":
        return str(ACTOR_NAMES.get(value, value))
    kinds = {"actor": ("account", "core"), "subject": (given.get("subject_kind", ""),)}.get(name, (name,))
    called = next((found[value] for kind in kinds if value in (found := hooks.names(kind, [value]))), "")
    if name == "actor" and not called and "." in value:
        return str(ACTOR_NAMES[ActorKind.TASK])
    return called or short_id(value)


def search_page(
    wanted: LogQuery, page: ResultPage, place: LogPosition, *, saved: Iterable[SavedFilter], here: str, before: str = ""
) -> dict[str, Any]:
    """Return a page of results, without its form. here: query of this search. before: of the one before it, or ""."""
    kept = list(saved)
    return {
        "folds": folds_of(rows_of(page.entries)),
        "chart": timeline_chart(page.timeline),
        "is_understood": wanted.is_understood,
        "unknown": ", ".join(f"“{words}”" for words in wanted.unknown),
        "is_first": place.is_first,
        "here": here,
        "carried": carried(here),
        "before": before,
        "kept": f"{carried(before)}&" if before else "",
        "saved": kept,
        "mail_times": MailTimes.choices,
        "suggestions": suggestions([each.name for each in kept]),
        "older": urlencode({"before": page.older}) if page.older is not None else "",
        "newer": urlencode({"after": page.newer}) if page.newer is not None else "",
        "looked_to": looked_to(page),
    }


def looked_to(page: ResultPage) -> str:
    if page.looked_to is None:
        return ""
    edge = AuditEntry.objects.filter(id__gte=page.looked_to).order_by("id").first()
    when = f"{local_time(edge.at)}, {edge.at:%Y}" if edge else ""
    sentence = _("Looked back as far as entry %(entry)s of %(when)s. Older entries may fit, too.")
    return sentence % {"entry": f"{page.looked_to:,}", "when": when}


def alarm_line(alarm: Alarm) -> Mapping[str, object]:
    """Return an alarm with its kind. passed: True if a task, not a person, settled it because the fault had ended."""
    return {"alarm": alarm, "kind": AlarmKind(alarm.kind), "passed": "." in alarm.settled_by}
