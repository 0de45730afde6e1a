"""Numbers as bars that the server draws: an axis with its unit, values, names below, and the numbers as a table too.

Horizontal positions are percent of the width of the picture, vertical ones pixels. `components/chart.html` draws it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import ceil
from typing import Final

from django.utils.translation import pgettext

CHART_HEIGHT: Final = 96
LOW_CHART: Final = 52
"""Pixels of the tallest bar: of a chart that is the page's subject, and of one above a list."""

HEADROOM: Final = 20
"""Pixels above the tallest bar, for its value, and for the unit above the number beside it."""

LEAST_HEIGHT: Final = 1.5
BAR_GAP: Final = 0.15
"""Share, from 0 to 1, of the width given to a bar that stays empty, as the gap to its neighbors."""

MOST_LABELS: Final = 6
MOST_VALUES: Final = 24
"""Most names below a chart; most bars that all have their value above them. With more, the tallest alone has it."""


@dataclass(frozen=True, slots=True)
class Bar:
    """A number to draw. written: the number in words with its unit. since, until: days that the bar of a log covers."""

    label: str
    number: float
    written: str
    is_pale: bool = False
    since: str = ""
    until: str = ""


@dataclass(frozen=True, slots=True)
class DrawnBar:
    """A bar in its place. begin, room: left edge and width with the gap. x, width: without it. value: "" if hidden."""

    bar: Bar
    begin: float
    room: float
    x: float
    width: float
    y: float
    height: float
    value: str = ""

    @property
    def middle(self) -> float:
        return round(self.begin + self.room / 2, 3)

    @property
    def value_y(self) -> float:
        return self.y - 4


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the table below a chart."""

    label: str
    cells: Sequence[str]
    since: str = ""
    until: str = ""


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart. said: its subject in a sentence. unit: of the axis. ticks: numbers on the axis, each with its height.

    columns: headings of the table. rows: () if the page has a table of the same numbers already.
    """

    said: str
    unit: str
    bars: Sequence[DrawnBar]
    ticks: Sequence[tuple[float, str]]
    labels: Sequence[DrawnBar]
    plot: int
    columns: Sequence[str] = ()
    rows: Sequence[Row] = ()

    @property
    def height(self) -> int:
        return self.plot + HEADROOM

    @property
    def has_many(self) -> bool:
        return len(self.bars) > MOST_VALUES // 3


def chart_of(
    bars: Sequence[Bar],
    *,
    said: str,
    unit: str,
    columns: Sequence[str] = (),
    rows: Sequence[Row] | None = None,
    plot: int = CHART_HEIGHT,
) -> Chart | None:
    """Return a chart, or None if each number is 0. rows: of the table; if not given, a line for each number but 0."""
    if not any(bar.number for bar in bars):
        return None
    top = axis_top([bar.number for bar in bars])
    drawn = _drawn(bars, top, plot)
    if rows is None:
        rows = [Row(bar.label, [bar.written], bar.since, bar.until) for bar in bars if bar.number]
    return Chart(said, unit, drawn, _ticks(top, plot), _labeled(drawn), plot, columns, rows)


def length_unit(seconds: Iterable[int]) -> tuple[int, str]:
    """Return the seconds of one unit of the axis, and its name: hours, or minutes if no length is an hour."""
    return (3600, pgettext("unit", "hours")) if max(seconds, default=0) >= 3600 else (60, pgettext("unit", "minutes"))


def axis_top(numbers: Sequence[float]) -> int:
    """Return the number at the top of the axis: round, and above 1 even, so that its half is a whole number."""
    most = ceil(max(numbers, default=0))
    power = 10 ** (len(str(most)) - 1)
    return next((step * power for step in (1, 2, 4, 6, 8, 10) if step * power >= most), most)


def _ticks(top: int, plot: int) -> list[tuple[float, str]]:
    numbers = [0, top // 2, top] if top > 1 else [0, top]
    return [(HEADROOM + plot - plot * number / top, f"{number:,}") for number in numbers]


def _drawn(bars: Sequence[Bar], top: int, plot: int) -> list[DrawnBar]:
    room = 100 / len(bars)
    tallest = max(bars, key=lambda bar: bar.number)
    has_values = len(bars) <= MOST_VALUES
    drawn = []
    for place, bar in enumerate(bars):
        height = max(round(plot * bar.number / top, 1), LEAST_HEIGHT) if bar.number else 0.0
        value = bar.written if bar is tallest or (has_values and bar.number) else ""
        begin, gap = place * room, room * BAR_GAP
        x, width = round(begin + gap / 2, 3), round(room - gap, 3)
        y = round(HEADROOM + plot - height, 1)
        drawn.append(DrawnBar(bar, round(begin, 3), round(room, 3), x, width, y, height, value))
    return drawn


def _labeled(drawn: Sequence[DrawnBar]) -> Sequence[DrawnBar]:
    """Return the bars that have their name below: MOST_LABELS at most, evenly spread."""
    every = -(-len(drawn) // MOST_LABELS)
    return drawn[every // 2 :: every]
