from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django.utils.dateformat import format as formatted
from django.utils.translation import gettext as _, ngettext

from audit.console.presenters import CHART_HEIGHT, bar_places, top_of_bars
from registry.coverage.selectors import Coverage, MonthOfReplies
from registry.rules import SMALLEST_COUNT

A_DAY = timedelta(days=1)


def page(counted: Coverage) -> dict[str, Any]:
    replies, areas = counted.replies, counted.areas
    growth = _grown([(month, _rounded(owners)) for month, owners in counted.owners])
    return {
        "at": counted.at,
        "least": SMALLEST_COUNT,
        "areas": [(area, f"{number:,}") for area, number in areas.items()],
        "areas_chart": _chart([*areas], [*areas.values()]),
        "growth": [(_month(month), _about(owners)) for month, owners in growth],
        "growth_chart": _chart([_month(month) for month, _owners in growth], [owners for _month, owners in growth]),
        "replies": [_line(each) for each in replies if each.asked],
        "replies_chart": _chart([_month(each.month) for each in replies], [_answered(each) for each in replies]),
        "leads": [(state.label, f"{number:,}") for state, number in counted.leads],
    }


def _grown(months: list[tuple[date, int]]) -> list[tuple[date, int]]:
    """Drop all but one of the months before the first with ten owners; if no month has ten, keep the last one."""
    first = next((place for place, (_month, owners) in enumerate(months) if owners), len(months))
    return months[max(first - 1, 0) :] if first < len(months) else months[-1:]


def _rounded(owners: int) -> int:
    """Round owners down to whole tens: the exact sum less the published areas would reveal a hidden area."""
    return owners // SMALLEST_COUNT * SMALLEST_COUNT


def _about(rounded: int) -> str:
    if not rounded:
        return _("fewer than %(number)d") % {"number": SMALLEST_COUNT}
    return _("%(number)s or a few more") % {"number": f"{rounded:,}"}


def _line(each: MonthOfReplies) -> dict[str, str]:
    return {
        "month": _month(each.month),
        "asked": f"{each.asked:,}",
        "footage": f"{each.footage:,}",
        "none": f"{each.none:,}",
        "share": f"{round(100 * _answered(each) / each.asked)}%",
        "median": _length(each.median) if each.median is not None else "",
    }


def _answered(each: MonthOfReplies) -> int:
    return each.footage + each.none


def _length(time: timedelta) -> str:
    if time >= 2 * A_DAY:
        days = round(time / A_DAY)
        return ngettext("%(number)d day", "%(number)d days", days) % {"number": days}
    hours = round(time / timedelta(hours=1))
    if not hours:
        return _("less than an hour")
    return ngettext("%(number)d hour", "%(number)d hours", hours) % {"number": hours}


def _month(month: date) -> str:
    return formatted(month, "N Y")


def _chart(names: Sequence[str], numbers: Sequence[int]) -> dict[str, Any] | None:
    if not any(numbers) or len(numbers) == 1:
        return None
    bars = [
        {**place, "name": name, "number": number}
        for name, number, place in zip(names, numbers, bar_places(numbers, max(numbers)), strict=True)
    ]
    return {"bars": bars, "first": names[0], "last": names[-1], "height": CHART_HEIGHT, "top": top_of_bars(bars)}
