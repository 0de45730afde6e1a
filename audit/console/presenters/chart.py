"""The timeline as a chart: one bar for each hour, day or month, drawn by the server, and the same as a table."""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any

from django.utils.dateformat import format as formatted
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from audit.console.search.timeline import NEXT, Timeline, TimelineBar

HEIGHT = 96
"""Pixels of the highest bar. Horizontal positions are hundredths of the page's width."""

GAP = 0.15
"""Share of a bar's room that stays free."""

LABELS = 6
"""At most this many moments are written below the chart."""

FORMS = {"hour": "N j, g a", "day": "D, N j", "month": "N Y"}


def chart(timeline: Timeline | None) -> dict[str, Any] | None:
    if timeline is None or not timeline.bars:
        return None
    counts = [bar.count for bar in timeline.bars]
    top = highest(counts)
    bars: list[dict[str, Any]] = [
        {**place, "label": formatted(bar.begin, FORMS[timeline.unit]), "count": bar.count, **_days(bar, timeline.unit)}
        for bar, place in zip(timeline.bars, places(counts, top), strict=True)
    ]
    return {
        "bars": bars,
        "said": _said(timeline),
        "unit": UNITS[timeline.unit](),
        "labels": labelled(bars),
        "top": f"{top:,}",
        "half": f"{top // 2:,}" if top > 1 else "",
        "height": HEIGHT,
    }


def highest(counts: Sequence[int]) -> int:
    """Return the top of the axis: even, so that its half is a whole number, and with few digits."""
    most = max(counts, default=0)
    power = 10 ** (len(str(most)) - 1)
    return next((step * power for step in (1, 2, 4, 6, 8, 10) if step * power >= most), most)


def places(counts: Sequence[int], top: int) -> Iterator[dict[str, float]]:
    """Yield the position of each count's bar. room: beginning of its own room. A count above 0 has a visible bar."""
    room = 100 / len(counts)
    width = round(room * (1 - GAP), 3)
    for number, count in enumerate(counts):
        height = max(round(HEIGHT * count / top, 1), 1.5) if count else 0.0
        begin = number * room
        x = round(begin + room * GAP / 2, 3)
        yield {
            "x": x,
            "y": round(HEIGHT - height, 1),
            "width": width,
            "height": height,
            "begin": round(begin, 3),
            "room": round(room, 3),
        }


def top_of(bars: Sequence[dict[str, Any]]) -> Any:
    return max(bars, key=lambda bar: bar["height"])["number"]


def labelled(bars: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return labels for some bars, evenly spread, each at the middle of its bar."""
    every = -(-len(bars) // LABELS)
    return [{"x": round(bar["begin"] + bar["room"] / 2, 3), "label": bar["label"]} for bar in bars[every // 2 :: every]]


def _days(bar: TimelineBar, unit: str) -> dict[str, str]:
    begin = last = bar.begin
    if unit == "month":
        last = (begin + NEXT[unit]).replace(day=1) - timedelta(days=1)
    return {"since": f"{begin:%Y-%m-%d}", "until": f"{last:%Y-%m-%d}"}


def _said(timeline: Timeline) -> str:
    count = sum(bar.count for bar in timeline.bars)
    number = f"{count:,}"
    if timeline.is_whole:
        return ngettext("All of the one entry found", "All %(number)s entries found", count) % {"number": number}
    newest = ngettext("Only the newest entry found", "Only the newest %(number)s entries found", count)
    return _("%(newest)s; older ones are not in the picture") % {"newest": newest % {"number": number}}


UNITS = {"hour": lambda: _("per hour"), "day": lambda: _("per day"), "month": lambda: _("per month")}
