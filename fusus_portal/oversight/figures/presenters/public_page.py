"""The figures as the public reads them. A missing figure is left out: no page shows an empty one."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from audit.console.presenters.chart import HEIGHT, places, top_of
from fusus_portal.ground.accounts.roles import Role
from fusus_portal.oversight.figures.definitions import BY_KEY, FIGURES, ON_HOME, Dimension, Figure, Group
from fusus_portal.oversight.figures.models import FigureReview, ReviewAct
from fusus_portal.oversight.figures.presenters import words
from fusus_portal.oversight.figures.rules import MONTHS_SHOWN
from fusus_portal.oversight.figures.selectors.shown import Shown

THIS_MONTH = ("incidents", "searches", "asked", "gave", "watched")
"""The five numbers at the top."""

NOTES_SHOWN = 5

BY_TITLES: Mapping[str, Any] = {
    Dimension.CRIME: gettext_lazy("By kind of crime or emergency"),
    Dimension.PREMISES: gettext_lazy("By kind of place"),
    Dimension.AREA: gettext_lazy("By ZIP code"),
    Dimension.CONDITION: gettext_lazy("By the condition that failed"),
}


@dataclass(frozen=True, slots=True)
class Number:
    number: str
    label: str


def on_home(totals: Mapping[str, int]) -> list[dict[str, Any]]:
    """Return the figure of each promise of the home page, in their order; {} for one that is not shown."""
    return [_promised(BY_KEY[key], totals) for key in ON_HOME]


def anchors(totals: Mapping[str, int]) -> frozenset[str]:
    return frozenset(["figures", *(BY_KEY[key].group.value for key in totals)] if totals else [])


def page(shown: Shown | None, reviews: Sequence[FigureReview]) -> dict[str, Any] | None:
    if shown is None:
        return None
    if shown.is_withheld:
        return {"is_withheld": True}
    content, totals = shown.content, shown.totals
    crimes = words.crime_names(_codes(content["figures"].values()))
    months = {key: content["figures"].get(key, {"months": []})["months"] for key in totals}
    running = content["day"][:7]
    return {
        "is_demo": shown.demo,
        "through_day": words.whole_day(content["day"]),
        "since_day": words.whole_day(content["first_day"]),
        "places": words.places(content["size"]),
        "root": content["root"],
        "month": words.capital(words.month_name(running)),
        "this_month": [
            Number(words.written(BY_KEY[key], number), str(BY_KEY[key].title))
            for key in THIS_MONTH
            for number in [month["number"] for month in months.get(key, []) if month["month"] == running]
        ],
        "sections": [found for group in Group if (found := _section(group, shown, months, crimes))],
        "doubts": [str(BY_KEY[key].title) for key in sorted(shown.doubts) if key in BY_KEY],
        "review": _review(reviews),
    }


def _promised(figure: Figure, totals: Mapping[str, int]) -> dict[str, Any]:
    if figure.key not in totals:
        return {}
    number = words.written(figure, totals[figure.key])
    return {"number": number, "label": str(figure.title), "anchor": figure.group.value}


def _codes(figures: Iterable[Mapping[str, Any]]) -> set[str]:
    return {
        value
        for figure in figures
        for month in figure["months"][-MONTHS_SHOWN:]
        for value, _number in month.get("by", {}).get(Dimension.CRIME, ())
        if value
    }


def _section(
    group: Group, shown: Shown, months: Mapping[str, list[dict[str, Any]]], crimes: Mapping[str, str]
) -> dict[str, Any] | None:
    figures = [figure for figure in FIGURES if figure.group == group and figure.key in shown.totals]
    if not figures:
        return None
    return {
        "anchor": group.value,
        "title": str(group.heading),
        "intro": str(group.intro),
        "numbers": [Number(words.written(each, shown.totals[each.key]), str(each.title)) for each in figures],
        "chart": next(filter(None, (_chart(each, shown) for each in figures)), None),
        "months": _by_month(figures, months),
        "tables": _breakdowns(figures, months, crimes),
    }


def _chart(figure: Figure, shown: Shown) -> dict[str, Any] | None:
    rows = shown.content["figures"].get(figure.key, {"days": []})["days"]
    if len(rows) < 2:
        return None
    told = {row["day"]: row["number"] for row in rows}
    first, last = (date.fromisoformat(rows[end]["day"]).toordinal() for end in (0, -1))
    days = [date.fromordinal(each).isoformat() for each in range(first, last + 1)]
    bars = [
        {**place, "name": words.day_name(day), "number": words.written(figure, told[day])}
        for day, place in zip(days, places([told.get(day, 0) for day in days], max(told.values())), strict=True)
        if day in told
    ]
    said = _("%(what)s, by day") % {"what": words.capital(str(figure.title))}
    ends = {"first": bars[0]["name"], "last": bars[-1]["name"]}
    return {"bars": bars, "said": said, **ends, "height": HEIGHT, "top": top_of(bars)}


def _by_month(figures: Sequence[Figure], months: Mapping[str, list[dict[str, Any]]]) -> dict[str, Any] | None:
    """Return a table of the months of some figures, newest first. A missing number leaves its cell empty."""
    shown = [figure for figure in figures if months.get(figure.key)]
    names = sorted({month["month"] for figure in shown for month in months[figure.key]}, reverse=True)
    if not names:
        return None
    numbers = {
        figure.key: {month["month"]: words.written(figure, month["number"]) for month in months[figure.key]}
        for figure in shown
    }
    return {
        "columns": [str(figure.title) for figure in shown],
        "rows": [
            (
                words.capital(words.month_name(name)),
                [(str(figure.title), numbers[figure.key].get(name, "")) for figure in shown],
            )
            for name in names[:MONTHS_SHOWN]
        ],
    }


def _breakdowns(
    figures: Sequence[Figure], months: Mapping[str, list[dict[str, Any]]], crimes: Mapping[str, str]
) -> list[dict[str, Any]]:
    found = []
    for figure in figures:
        for dimension in figure.by:
            month = next((each for each in reversed(months[figure.key]) if dimension in each.get("by", {})), None)
            if month is not None:
                rows = [
                    (words.value_name(dimension, value, crimes), words.written(figure, number))
                    for value, number in month["by"][dimension]
                ]
                title, name = BY_TITLES[dimension], words.month_name(month["month"])
                caption = _("%(what)s in %(month)s") % {"what": words.capital(str(figure.title)), "month": name}
                found.append({"title": f"{caption}: {str(title)[:1].lower()}{str(title)[1:]}", "rows": rows})
                found[-1]["column"] = str(dimension.label)
    return found


def _review(reviews: Sequence[FigureReview]) -> dict[str, Any]:
    release = next((each for each in reviews if each.act == ReviewAct.RELEASE), None)
    notes = [each for each in reviews if each.note_en][:NOTES_SHOWN]
    return {
        "release": release and {"by": _by(release), "on": release.made_at, "through": release.through},
        "notes": [{"text": each.text, "by": _by(each), "on": each.made_at} for each in notes],
    }


def _by(review: FigureReview) -> str:
    role = str(Role(review.role).label)
    return f"{review.shown_as} ({role})" if review.shown_as else role
