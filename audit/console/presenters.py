"""The auditors' pages: a search with its chart and suggestions, and alarms."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.utils.dateformat import format as formatted
from django.utils.functional import Promise
from django.utils.translation import gettext as _, gettext_lazy, ngettext

from audit.console.entry import carried, folds_of, local_time, rows_of
from audit.console.models import MailTimes, SavedFilter
from audit.console.search.query import LogQuery
from audit.console.search.steps import NEXT_BAR, Timeline
from audit.console.services import LogPosition, ResultPage
from audit.hooks import pseudonyms
from audit.ledger.alarms import AlarmKind
from audit.ledger.models import Alarm
from audit.log.models import AuditEntry
from fusus_portal.ground.numbers import CAMERA, FLAG, VIEW

CHART_HEIGHT = 96
"""Height of the chart in pixels. Horizontal positions are percent of its width."""

BAR_GAP = 0.15
"""Share, from 0 to 1, of the width given to a bar that stays empty, as the gap to its neighbors."""

MOST_LABELS = 6
"""Most moments that are written below the chart."""

LABEL_FORMS = {"hour": "N j, g a", "day": "D, N j", "month": "N Y"}


def timeline_chart(timeline: Timeline | None) -> dict[str, Any] | None:
    if timeline is None or not timeline.bars:
        return None
    counts, unit = [count for _begin, count in timeline.bars], timeline.unit
    top = axis_top(counts)
    bars: list[dict[str, Any]] = [
        {**place, "label": formatted(begin, LABEL_FORMS[unit]), "count": count, **_bar_days(begin, unit)}
        for (begin, count), place in zip(timeline.bars, bar_places(counts, top), strict=True)
    ]
    return {
        "bars": bars,
        "said": _chart_summary(timeline),
        "unit": UNIT_NAMES[unit](),
        "labels": bar_labels(bars),
        "top": f"{top:,}",
        "half": f"{top // 2:,}" if top > 1 else "",
        "height": CHART_HEIGHT,
    }


def axis_top(counts: Sequence[int]) -> int:
    """Return the number at the top of the chart's axis: round, and above 1 even, so that its half is a whole number."""
    most = max(counts, default=0)
    power = 10 ** (len(str(most)) - 1)
    return next((step * power for step in (1, 2, 4, 6, 8, 10) if step * power >= most), most)


def bar_places(counts: Sequence[int], top: int) -> Iterator[dict[str, float]]:
    """Yield a bar for each count, of height 0 for 0. begin, room: left edge and width in percent, gap included."""
    room = 100 / len(counts)
    width = round(room * (1 - BAR_GAP), 3)
    for number, count in enumerate(counts):
        height = max(round(CHART_HEIGHT * count / top, 1), 1.5) if count else 0.0
        begin = number * room
        x = round(begin + room * BAR_GAP / 2, 3)
        yield {
            "x": x,
            "y": round(CHART_HEIGHT - height, 1),
            "width": width,
            "height": height,
            "begin": round(begin, 3),
            "room": round(room, 3),
        }


def top_of_bars(bars: Sequence[dict[str, Any]]) -> Any:
    return max(bars, key=lambda bar: bar["height"])["number"]


def bar_labels(bars: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return labels for MOST_LABELS bars at most, evenly spread, each at the middle of its bar."""
    every = -(-len(bars) // MOST_LABELS)
    return [{"x": round(bar["begin"] + bar["room"] / 2, 3), "label": bar["label"]} for bar in bars[every // 2 :: every]]


def _bar_days(begin: datetime, unit: str) -> dict[str, str]:
    last = begin
    if unit == "month":
        last = (begin + NEXT_BAR[unit]).replace(day=1) - timedelta(days=1)
    return {"since": f"{begin:%Y-%m-%d}", "until": f"{last:%Y-%m-%d}"}


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


def search_page(
    wanted: LogQuery, page: ResultPage, place: LogPosition, *, saved: Iterable[SavedFilter], here: str, before: str = ""
) -> dict[str, Any]:
    """Return a page of results, without its form. here: query of this search. before: of the one before it, or ""."""
    kept = list(saved)
    return {
        "folds": folds_of(rows_of(page.entries)),
        "chart": timeline_chart(page.timeline),
        "understood": [meaning.said for meaning in (*wanted.meanings, *wanted.also_meanings)],
        "is_understood": wanted.is_understood,
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
