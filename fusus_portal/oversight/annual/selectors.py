"""Texts and released versions of a year's report, and its numbers: sums of its months' public figures, nothing else.

A counted month never changes, so a year doesn't either. Anyone with the public report can add up the same, so these
numbers reveal nothing more (docs/decisions/audit/annual-report.md).
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _, override

from fusus_portal.ground.lifecycle import find_or_refuse
from fusus_portal.oversight.annual import policies
from fusus_portal.oversight.annual.definitions import PARTS, YEARS_SHOWN
from fusus_portal.oversight.annual.models import AnnualReport, AnnualText
from fusus_portal.oversight.figures import selectors as figures
from fusus_portal.oversight.figures.definitions import FIGURES, Dimension
from fusus_portal.oversight.figures.models import CountedDay
from fusus_portal.oversight.figures.policies import ALL_OTHERS
from fusus_portal.oversight.figures.selectors import PublicReport
from registry.incidents import selectors as incidents


def texts_of_year(year: int) -> dict[str, AnnualText]:
    rows = AnnualText.objects.filter(year=year).exclude(text="").select_related("written_by")
    return {row.part: row for row in rows}


def text_of_part(year: int, part: str) -> AnnualText | None:
    return AnnualText.objects.filter(year=year, part=part).select_related("written_by").first()


def versions_of_year(year: int) -> QuerySet[AnnualReport]:
    return AnnualReport.objects.filter(year=year).select_related("released_by").order_by("-number")


def released_version(year: int, number: int | None = None) -> AnnualReport:
    """Return a version of a year's released report. number: None for the newest version. Raises NotYours."""
    rows = versions_of_year(year) if number is None else versions_of_year(year).filter(number=number)
    return find_or_refuse(rows, _("No such report was released."))


def newest_versions() -> dict[int, int]:
    """Return the number of the newest version of each year's report, latest year first. One query."""
    rows = AnnualReport.objects.order_by("-year", "-number").distinct("year")
    return dict(rows.values_list("year", "number")[:YEARS_SHOWN])


Content = dict[str, Any]
LANGUAGES = ("en", "es")


def reportable_years() -> list[int]:
    """Return the years that can have a report, latest first; [] while no figure is public."""
    shown, today = _reported(), timezone.localdate()
    if shown is None:
        return []
    first, last = (int(shown.content[end][:4]) for end in ("first_day", "day"))
    if last == today.year or shown.content["day"] < policies.last_day_of(last).isoformat():
        last -= 1
    return list(range(last, first - 1, -1))


def public_figures(year: int) -> PublicReport:
    return policies.figures_to_report(year, _reported(), today=timezone.localdate())


def _reported() -> PublicReport | None:
    shown = figures.public_report()
    return policies.as_year_before(shown, today=timezone.localdate()) if shown and shown.demo else shown


def numbers_of_year(year: int, shown: PublicReport) -> Content:
    """Return the numbers of a year's report, and the checkpoint that they were counted from.

    first, last: counted days, as ISO. size, root: of the last day's checkpoint. withheld: figures in doubt, left out of
    the numbers. numbers: by figure. by: figure, dimension, then pairs of value and number; "" for all others together.
    crimes: the agency's current names of kinds of crimes, by code and language.
    """
    first = max(shown.content["first_day"], date(year, 1, 1).isoformat())
    last = min(shown.content["day"], policies.last_day_of(year).isoformat())
    told = {} if shown.is_withheld else _months_by_figure(year, shown)
    by: dict[str, dict[str, list[list[Any]]]] = {}
    for figure, dimension in (table for part in PARTS for table in part.tables):
        if pairs := _breakdown_of_year(told.get(figure, ()), dimension):
            by.setdefault(figure, {})[str(dimension)] = pairs
    return {
        "year": year,
        "is_demo": shown.demo,
        "first": first,
        "last": last,
        **_checkpoint(date.fromisoformat(last), shown),
        "withheld": sorted(shown.doubts),
        "numbers": {figure: sum(month["number"] for month in months) for figure, months in told.items()},
        "by": by,
        "crimes": _crime_names(by),
    }


def _months_by_figure(year: int, shown: PublicReport) -> dict[str, list[Content]]:
    """Return the year's months of each figure that has any, or that is shown while it is 0."""
    found = {}
    for figure in (figure for figure in FIGURES if figure.key in shown.totals):
        months = shown.content["figures"].get(figure.key, {"months": []})["months"]
        of_year = [month for month in months if month["month"].startswith(f"{year}-")]
        if of_year or figure.is_zero:
            found[figure.key] = of_year
    return found


def _breakdown_of_year(months: Sequence[Mapping[str, Any]], dimension: Dimension) -> list[list[Any]]:
    """Return a figure's breakdown of the year: values that its months name, and all others together. [] without any."""
    named: dict[str, int] = {}
    for month in months:
        for value, number in month.get("by", {}).get(dimension, ()):
            if value != ALL_OTHERS:
                named[value] = named.get(value, 0) + number
    if not named:
        return []
    others = sum(month["number"] for month in months) - sum(named.values())
    pairs = sorted(named.items(), key=lambda pair: (-pair[1], pair[0]))
    return [list(pair) for pair in [*pairs, *([(ALL_OTHERS, others)] if others else [])]]


def _checkpoint(last: date, shown: PublicReport) -> Content:
    counted = None if shown.demo else CountedDay.objects.filter(day=last).first()
    return counted.checkpoint if counted else {"size": shown.content["size"], "root": shown.content["root"]}


def _crime_names(by: Mapping[str, Mapping[str, Sequence[Sequence[Any]]]]) -> dict[str, dict[str, str]]:
    codes = {value for parted in by.values() for value, _number in parted.get(Dimension.CRIME, ()) if value}
    found: dict[str, dict[str, str]] = {}
    for language in LANGUAGES if codes else ():
        with override(language):
            for code, label in incidents.type_labels(codes).items():
                found.setdefault(code, {})[language] = str(label)
    return found
