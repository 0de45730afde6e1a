from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django.utils.dateformat import format as formatted
from django.utils.translation import gettext as _, ngettext

from fusus_portal.ground.charts import Bar, Chart, chart_of
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
        "areas_chart": _chart(areas.items(), said=_("Cameras, by ZIP code"), unit=_("cameras")),
        "growth": [(_month(month), _about(owners)) for month, owners in growth],
        "growth_chart": _chart(
            [(_month(month), owners) for month, owners in growth],
            said=_("Owners at the end of each month"),
            unit=_("owners"),
        ),
        "replies": [_line(each) for each in replies if each.asked],
        "replies_chart": _chart(
            [(_month(each.month), _answered(each)) for each in replies], said=_("Replies, by month"), unit=_("replies")
        ),
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


def _chart(numbers: Iterable[tuple[str, int]], *, said: str, unit: str) -> Chart | None:
    """Return a chart of more than one number. The page has the table already."""
    bars = [Bar(name, number, f"{number:,}") for name, number in numbers]
    return chart_of(bars, said=said, unit=unit, rows=()) if len(bars) > 1 else None
