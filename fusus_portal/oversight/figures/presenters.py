"""The public figures as pages for the public and for reviewers, and as files whose fields never change.

docs/recomputing-figures.md documents the fields. A missing figure is left out: no page shows an empty one.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _, gettext_lazy, ngettext, override

from fusus_portal.ground import tables
from fusus_portal.ground.accounts.roles import Role
from fusus_portal.ground.charts import Bar, Chart, Row, chart_of, length_unit
from fusus_portal.ground.pages.components import Cell, Column, Table
from fusus_portal.ground.pages.times import localized_moment
from fusus_portal.oversight.figures import selectors
from fusus_portal.oversight.figures.definitions import BY_KEY, FEWEST, FIGURES, MONTHS_SHOWN, Dimension, Figure, Group
from fusus_portal.oversight.figures.models import FigureReview, ReviewAct
from fusus_portal.oversight.figures.policies import last_of_quarter_before
from fusus_portal.oversight.figures.selectors import PublicReport
from integration.live.policies import BY_NAME
from integration.watch_hours.policies import clock, kind_name
from registry.incidents import selectors as incidents

MANY_CODES = 200


def written_number(figure: Figure, number: int) -> str:
    return clock(number) if figure.is_length else number_format(number, force_grouping=True)


def log_places(size: int) -> str:
    """Return "The first 1,234 places", the words for a state of the log. size: places of the tree."""
    number = number_format(size, force_grouping=True)
    return ngettext("The first place", "The first %(size)s places", size) % {"size": number}


def month_name(month: str) -> str:
    return date_format(date.fromisoformat(f"{month}-01"), "YEAR_MONTH_FORMAT")


def whole_day(day: str) -> str:
    return date_format(date.fromisoformat(day), "DATE_FORMAT")


def crime_names(figures: Iterable[Mapping[str, Any]]) -> Mapping[str, str]:
    """Return the agency's names of the kinds of crimes and emergencies in figures. One query, or none without any."""
    codes = {
        value
        for figure in figures
        for month in figure["months"][-MONTHS_SHOWN:]
        for value, _number in month.get("by", {}).get(Dimension.CRIME, ())
        if value
    }
    return incidents.type_labels(sorted(codes)[:MANY_CODES]) if codes else {}


def value_name(dimension: str, value: str, crimes: Mapping[str, str]) -> str:
    if not value:
        return _("All others together")
    if dimension == Dimension.CRIME:
        return crimes.get(value, value)
    if dimension == Dimension.PREMISES:
        return kind_name(value)
    if dimension == Dimension.CONDITION:
        return str(BY_NAME[value].sentence) if value in BY_NAME else value
    return value


ON_HOME = ("unconnected", "asked", "looks")
"""Figures beside the three promises of the home page, in the order of the promises."""

THIS_MONTH = ("incidents", "searches", "asked", "gave", "watched")
"""Figures whose numbers of the running month are at the top of the transparency page."""

NOTES_SHOWN = 5

BY_TITLES: Mapping[str, Any] = {
    Dimension.CRIME: gettext_lazy("By kind of crime or emergency"),
    Dimension.PREMISES: gettext_lazy("By kind of place"),
    Dimension.AREA: gettext_lazy("By ZIP code"),
    Dimension.CONDITION: gettext_lazy("By the condition that failed"),
}


def titled_number(key: str, number: int) -> dict[str, str]:
    return {"number": written_number(BY_KEY[key], number), "label": str(BY_KEY[key].title)}


def home_figures(totals: Mapping[str, int]) -> list[dict[str, str]]:
    """Return the figure beside each promise of the home page, in the order of ON_HOME; {} for one not shown."""
    return [
        {**titled_number(key, totals[key]), "anchor": BY_KEY[key].group.value} if key in totals else {}
        for key in ON_HOME
    ]


def figure_anchors(totals: Mapping[str, int]) -> frozenset[str]:
    return frozenset(["figures", *(BY_KEY[key].group.value for key in totals)] if totals else [])


def public_page(shown: PublicReport | None, reviews: Sequence[FigureReview]) -> dict[str, Any] | None:
    if shown is None:
        return None
    if shown.is_withheld:
        return {"is_withheld": True}
    content, totals = shown.content, shown.totals
    crimes = crime_names(content["figures"].values())
    months = {key: content["figures"].get(key, {"months": []})["months"] for key in totals}
    running = content["day"][:7]
    return {
        "is_demo": shown.demo,
        "through_day": whole_day(content["day"]),
        "since_day": whole_day(content["first_day"]),
        "places": log_places(content["size"]),
        "root": content["root"],
        "month": capfirst(month_name(running)),
        "this_month": [
            titled_number(key, month["number"])
            for key in THIS_MONTH
            for month in months.get(key, [])
            if month["month"] == running
        ],
        "sections": [found for group in Group if (found := _section(group, shown, months, crimes))],
        "doubts": [str(BY_KEY[key].title) for key in sorted(shown.doubts) if key in BY_KEY],
        "review": _public_review(reviews),
    }


def _section(
    group: Group, shown: PublicReport, months: Mapping[str, list[dict[str, Any]]], crimes: Mapping[str, str]
) -> dict[str, Any] | None:
    figures = [figure for figure in FIGURES if figure.group == group and figure.key in shown.totals]
    if not figures:
        return None
    return {
        "anchor": group.value,
        "title": str(group.heading),
        "intro": str(group.intro),
        "numbers": [titled_number(each.key, shown.totals[each.key]) for each in figures],
        "chart": next(filter(None, (_chart(each, shown) for each in figures)), None),
        "months": _by_month(figures, months, str(group.heading)),
        "tables": _breakdowns(figures, months, crimes),
    }


def _chart(figure: Figure, shown: PublicReport) -> Chart | None:
    rows = shown.content["figures"].get(figure.key, {"days": []})["days"]
    if len(rows) < 2:
        return None
    told = {date.fromisoformat(row["day"]): row["number"] for row in rows}
    days = selectors.days_between(min(told), max(told))
    size, unit = length_unit(told.values()) if figure.is_length else (1, _("number"))
    bars = [_bar(figure, day, told.get(day), size) for day in days]
    rows = [Row(bar.label, [bar.written]) for bar in bars if bar.written]
    said = _("%(what)s, by day") % {"what": capfirst(str(figure.title))}
    return chart_of(bars, said=said, unit=unit, columns=[_("Day"), _("Number")], rows=rows)


def _bar(figure: Figure, day: date, number: int | None, size: int) -> Bar:
    """Return the bar of a day; without a number for a day that is not published. size: of one unit of the axis."""
    written = "" if number is None else written_number(figure, number)
    return Bar(date_format(day, "MONTH_DAY_FORMAT"), (number or 0) / size, written)


def _by_month(figures: Sequence[Figure], months: Mapping[str, list[dict[str, Any]]], title: str) -> Table | None:
    """Return a table of figures by month, newest first, None without any. A missing number leaves its cell empty."""
    shown = [figure for figure in figures if months.get(figure.key)]
    names = sorted({month["month"] for figure in shown for month in months[figure.key]}, reverse=True)
    if not names:
        return None
    columns = [
        {month["month"]: written_number(figure, month["number"]) for month in months[figure.key]} for figure in shown
    ]
    rows = [
        [capfirst(month_name(name)), *(Cell(numbers.get(name, "")) for numbers in columns)]
        for name in names[:MONTHS_SHOWN]
    ]
    heads = [_("Month"), *(Column(str(figure.title), "number") for figure in shown)]
    return Table(f"{_('By month')}: {title}", heads, rows)


def _breakdowns(
    figures: Sequence[Figure], months: Mapping[str, list[dict[str, Any]]], crimes: Mapping[str, str]
) -> list[dict[str, Any]]:
    found = []
    for figure in figures:
        for dimension in figure.by:
            month = next((each for each in reversed(months[figure.key]) if dimension in each.get("by", {})), None)
            if month is not None:
                table = breakdown(figure, dimension, month["by"][dimension], crimes)
                words = {"what": capfirst(str(figure.title)), "month": month_name(month["month"])}
                found.append({**table, "title": f"{_('%(what)s in %(month)s') % words}: {table['by']}"})
    return found


def breakdown(
    figure: Figure, dimension: Dimension, pairs: Iterable[tuple[str, int]], crimes: Mapping[str, str]
) -> dict[str, Any]:
    """Return a breakdown as a table. by: end of its heading. column: title of the names. rows: name and number."""
    title = str(BY_TITLES[dimension])
    return {
        "by": f"{title[:1].lower()}{title[1:]}",
        "column": str(dimension.label),
        "rows": [(value_name(dimension, value, crimes), written_number(figure, number)) for value, number in pairs],
    }


def _public_review(reviews: Sequence[FigureReview]) -> dict[str, Any]:
    release = next((each for each in reviews if each.act == ReviewAct.RELEASE), None)
    notes = [each for each in reviews if each.note_en][:NOTES_SHOWN]
    return {
        "release": release and {"by": _reviewer(release), "on": release.made_at, "through": release.through},
        "notes": [{"text": each.text, "by": _reviewer(each), "on": each.made_at} for each in notes],
    }


def _reviewer(review: FigureReview) -> str:
    role = str(Role(review.role).label)
    return f"{review.shown_as} ({role})" if review.shown_as else role


def review_page() -> dict[str, Any]:
    newest, public = selectors.newest_report(), selectors.public_report()
    quarter = last_of_quarter_before(timezone.localdate())
    is_public = public is not None and newest is not None and public.content == newest.content
    read = public if is_public else newest
    totals = read.totals if read else {}
    return {
        "newest": newest and whole_day(newest.content["day"]),
        "places": newest and log_places(newest.content["size"]),
        "root": newest and newest.content["root"],
        "heading": _("What the public reads, all time") if is_public else _("Counted and not public yet, all time"),
        "numbers": [
            (capfirst(str(figure.title)), written_number(figure, totals[figure.key]))
            for figure in FIGURES
            if figure.key in totals
        ],
        "release": selectors.last_release(),
        "delay": selectors.current_delay(),
        "due": quarter if selectors.is_review_due(quarter) else None,
        "doubts": [(day, BY_KEY[key].title if key in BY_KEY else "") for day, key in selectors.open_doubts()],
        "acts": _acts_table(selectors.figure_reviews()),
    }


def _acts_table(reviews: Sequence[FigureReview]) -> Table:
    rows = []
    for each in reviews:
        days = " \N{EN DASH} ".join(date_format(day, "DATE_FORMAT") for day in (each.through, each.until) if day)
        who = f"{each.made_by.pseudonym} ({Role(each.role).label})"
        rows.append((localized_moment(each.made_at), f"{each.get_act_display()}, {days}", who, Cell(each.note_en)))
    return Table(_("Releases, delays and notes, latest first"), [_("When"), _("What"), _("By"), _("Note")], rows)


FILE_VERSION = 1
OTHERS = "others"
"""Value in the files for all others together in a breakdown."""


def report_document(shown: PublicReport | None, reviews: Sequence[FigureReview]) -> dict[str, Any]:
    head = {
        "version": FILE_VERSION,
        "fewest_incidents": FEWEST,
        "reviews": [_document_review(review) for review in reviews],
    }
    if shown is None or shown.is_withheld:
        return {**head, "withheld": ["all"] if shown else [], "figures": []}
    content = shown.content
    return {
        **head,
        "is_demo": shown.demo,
        "withheld": sorted(shown.doubts),
        "through": content["day"],
        "since": content["first_day"],
        "checkpoint": {"size": content["size"], "root": content["root"]},
        "figures": [_document_figure(figure, shown) for figure in FIGURES if figure.key in shown.totals],
    }


def report_rows(shown: PublicReport | None) -> Iterator[dict[str, tables.Cell]]:
    if shown is None or shown.is_withheld:
        return
    content = shown.content
    for figure in (figure for figure in FIGURES if figure.key in shown.totals):
        yield _report_row(figure, "all", content["day"], shown.totals[figure.key], content)
        found = content["figures"].get(figure.key, {"months": [], "days": []})
        for month in found["months"]:
            yield _report_row(figure, "month", month["month"], month["number"], month)
            if "rest" in month:
                yield _report_row(figure, "month", month["month"], month["rest"], month, by="rest")
            for dimension, pairs in month.get("by", {}).items():
                for value, number in pairs:
                    yield _report_row(
                        figure, "month", month["month"], number, month, by=dimension, value=value or OTHERS
                    )
        for day in found["days"]:
            yield _report_row(figure, "day", day["day"], day["number"], day)


def _document_figure(figure: Figure, shown: PublicReport) -> dict[str, Any]:
    found = shown.content["figures"].get(figure.key, {"months": [], "days": []})
    with override("en"):
        title = str(figure.title)
    return {
        "key": figure.key,
        "title": title,
        "unit": "seconds" if figure.is_length else "count",
        "anchor": figure.group.value,
        "total": shown.totals[figure.key],
        "months": [_document_month(month) for month in found["months"]],
        "days": [{key: day[key] for key in ("day", "number", "size", "root")} for day in found["days"]],
    }


def _document_month(month: dict[str, Any]) -> dict[str, Any]:
    by = {
        dimension: [{"value": value or OTHERS, "number": number} for value, number in pairs]
        for dimension, pairs in month.get("by", {}).items()
    }
    plain = {key: month[key] for key in ("month", "number", "size", "root")}
    return {**plain, "rest": month.get("rest", 0), "by": by}


def _report_row(
    figure: Figure, period: str, name: str, number: int, head: Mapping[str, Any], *, by: str = "", value: str = ""
) -> dict[str, tables.Cell]:
    unit = "seconds" if figure.is_length else "count"
    told: dict[str, tables.Cell] = {"figure": figure.key, "unit": unit, "period": period, "which": name, "by": by}
    checkpoint = {"checkpoint_size": head["size"], "checkpoint_root": head["root"]}
    return {**told, "value": value, "number": number, **checkpoint}


def _document_review(review: FigureReview) -> dict[str, str]:
    return {
        "act": review.act,
        "on": timezone.localdate(review.made_at).isoformat(),
        "through": review.through.isoformat(),
        "until": review.until.isoformat() if review.until else "",
        "by": review.shown_as or review.role,
        "role": review.role,
        "note_en": review.note_en,
        "note_es": review.note_es,
    }
