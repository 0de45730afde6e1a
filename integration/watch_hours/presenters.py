from collections.abc import Callable, Iterable, Sequence
from datetime import date, timedelta
from typing import Any

from django.utils.dateformat import format as formatted
from django.utils.translation import gettext as _

from audit import hooks
from fusus_portal.ground.charts import Bar, Chart, chart_of, length_unit
from integration.watch_hours.models import WatchedDay, WatchFlag
from integration.watch_hours.policies import area_name, clock, flag_sentence, kind_name, summed

MOST_ROWS = 50


def hours_page(rows: Iterable[WatchedDay], flags: Iterable[WatchFlag], *, first: date, last: date) -> dict[str, Any]:
    found = list(rows)
    total = sum(row.seconds for row in found)
    called = hooks.names("camera", (str(row.camera) for row in found))
    columns: list[tuple[str, str, Callable[[WatchedDay], str]]] = [
        (_("By kind of place"), _("Kind of place"), lambda row: kind_name(row.premises_kind)),
        (_("By area"), _("ZIP code and kind"), lambda row: area_name(row.premises_kind, row.zip_code)),
        (_("By camera"), _("Camera"), lambda row: called[str(row.camera)]),
        (_("By deputy"), _("Badge name"), lambda row: row.deputy),
    ]
    tables = [
        _table(title, column, [(name_of(row), row.seconds) for row in found], total)
        for title, column, name_of in columns
    ]
    return {
        "chart": _chart(found, first, last),
        "tables": tables,
        "flags": [flag_sentence(each) for each in flags],
    }


def _table(title: str, column: str, rows: Iterable[tuple[str, int]], total: int) -> dict[str, Any]:
    """Return a table of hours. rows: name, hours, percent of the total. more: number of rows that are not shown."""
    ordered = sorted(summed(rows).items(), key=lambda pair: (-pair[1], pair[0]))
    shown = [(name, clock(seconds), round(100 * seconds / total)) for name, seconds in ordered[:MOST_ROWS]]
    return {"title": title, "column": column, "rows": shown, "more": max(0, len(ordered) - MOST_ROWS)}


def _chart(rows: Sequence[WatchedDay], first: date, last: date) -> Chart | None:
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    sums = dict.fromkeys(days, 0) | summed((row.day, row.seconds) for row in rows)
    size, unit = length_unit(sums.values())
    bars = [Bar(formatted(day, "D, N j"), sums[day] / size, clock(sums[day])) for day in days]
    said = _("%(total)s hours, by day") % {"total": clock(sum(sums.values()))}
    return chart_of(bars, said=said, unit=unit, columns=[_("Day"), _("Hours")])
