"""The timeline as a picture: one bar for each hour, day or month, drawn by the server, and the same as a table."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.dateformat import format as formatted
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from audit.console.search.timeline import NEXT, Timeline

HEIGHT = 80
WIDTH = 960
GAP = 0.15
"""What a bar leaves free of its own room."""

FORMS = {"hour": "M j, g a", "day": "D, M j", "month": "M Y"}


@dataclass(frozen=True, slots=True)
class DrawnBar:
    """One bar in the picture's own units, with what it says. since, until: the days that a search for it names."""

    x: float
    y: float
    width: float
    height: float
    label: str
    count: int
    since: str
    until: str


@dataclass(frozen=True, slots=True)
class Chart:
    """The picture. said: what it shows, in one sentence."""

    bars: list[DrawnBar]
    said: str
    unit: str
    first: str
    last: str
    width: int = WIDTH
    height: int = HEIGHT


def chart(timeline: Timeline | None) -> Chart | None:
    """Return the picture, or None where there is nothing to draw."""
    if timeline is None or not timeline.bars:
        return None
    form = FORMS[timeline.unit]
    bars = [
        DrawnBar(*place, formatted(bar.begin, form), bar.count, *_days(bar.begin, timeline.unit))
        for bar, place in zip(timeline.bars, places([bar.count for bar in timeline.bars]), strict=True)
    ]
    return Chart(bars, _said(timeline), UNITS[timeline.unit](), bars[0].label, bars[-1].label)


def places(counts: Sequence[int]) -> Iterator[tuple[float, float, float, float]]:
    """Yield x, y, width and height of a bar for each count, in the picture's own units. What is not nothing is seen."""
    most, room = max(counts, default=0), WIDTH / len(counts)
    for number, count in enumerate(counts):
        height = max(round(HEIGHT * count / most, 1), 1.5) if count else 0.0
        yield round(number * room + room * GAP / 2, 2), round(HEIGHT - height, 1), round(room * (1 - GAP), 2), height


def _days(begin: datetime, unit: str) -> tuple[str, str]:
    if unit != "month":
        return f"{begin:%Y-%m-%d}", f"{begin:%Y-%m-%d}"
    last = (begin + NEXT[unit]).replace(day=1) - timedelta(days=1)
    return f"{begin:%Y-%m-%d}", f"{last:%Y-%m-%d}"


def _said(timeline: Timeline) -> str:
    count = sum(bar.count for bar in timeline.bars)
    number = f"{count:,}"
    if timeline.is_whole:
        return ngettext("All of the one entry found", "All %(number)s entries found", count) % {"number": number}
    newest = ngettext("Only the newest entry found", "Only the newest %(number)s entries found", count)
    return _("%(newest)s; older ones are not in the picture") % {"newest": newest % {"number": number}}


UNITS = {"hour": lambda: _("per hour"), "day": lambda: _("per day"), "month": lambda: _("per month")}
