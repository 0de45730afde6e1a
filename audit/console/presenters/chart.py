"""The timeline as a picture: one bar for each hour, day or month, drawn by the server, and the same as a table."""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any

from django.utils.dateformat import format as formatted
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from audit.console.search.timeline import NEXT, Timeline, TimelineBar

HEIGHT = 80
WIDTH = 960
GAP = 0.15
"""What a bar leaves free of its own room."""

FORMS = {"hour": "M j, g a", "day": "D, M j", "month": "M Y"}


def chart(timeline: Timeline | None) -> dict[str, Any] | None:
    """Return the picture, or None where there is nothing to draw. said: what it shows, in one sentence."""
    if timeline is None or not timeline.bars:
        return None
    bars: list[dict[str, Any]] = [
        {**place, "label": formatted(bar.begin, FORMS[timeline.unit]), "count": bar.count, **_days(bar, timeline.unit)}
        for bar, place in zip(timeline.bars, places([bar.count for bar in timeline.bars]), strict=True)
    ]
    return {
        "bars": bars,
        "said": _said(timeline),
        "unit": UNITS[timeline.unit](),
        "first": bars[0]["label"],
        "last": bars[-1]["label"],
        "width": WIDTH,
        "height": HEIGHT,
    }


def places(counts: Sequence[int]) -> Iterator[dict[str, float]]:
    """Yield where the bar of each count is, in the picture's own units. What is not nothing is seen."""
    most, room = max(counts, default=0), WIDTH / len(counts)
    width = round(room * (1 - GAP), 2)
    for number, count in enumerate(counts):
        height = max(round(HEIGHT * count / most, 1), 1.5) if count else 0.0
        x = round(number * room + room * GAP / 2, 2)
        yield {"x": x, "y": round(HEIGHT - height, 1), "width": width, "height": height}


def _days(bar: TimelineBar, unit: str) -> dict[str, str]:
    """Return the days that a search for a bar names."""
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
