"""The report as data. docs/recomputing-figures.md documents its fields; they never change."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.utils import timezone
from django.utils.translation import override

from fusus_portal.ground.tables import Cell
from fusus_portal.oversight.figures.definitions import FIGURES, Figure
from fusus_portal.oversight.figures.models import FigureReview
from fusus_portal.oversight.figures.rules import FEWEST
from fusus_portal.oversight.figures.selectors.shown import Shown

VERSION = 1
OTHERS = "others"
"""Name of all others together in a breakdown."""


def document(shown: Shown | None, reviews: Sequence[FigureReview]) -> dict[str, Any]:
    head = {"version": VERSION, "fewest_incidents": FEWEST, "reviews": [_review(review) for review in reviews]}
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
        "figures": [_figure(figure, shown) for figure in FIGURES if figure.key in shown.totals],
    }


def rows(shown: Shown | None) -> Iterator[dict[str, Cell]]:
    if shown is None or shown.is_withheld:
        return
    content = shown.content
    head: dict[str, Cell] = {"checkpoint_size": content["size"], "checkpoint_root": content["root"]}
    for figure in (figure for figure in FIGURES if figure.key in shown.totals):
        yield _row(figure, "all", content["day"], shown.totals[figure.key], head)
        found = content["figures"].get(figure.key, {"months": [], "days": []})
        for month in found["months"]:
            of_month = _proof(month)
            yield _row(figure, "month", month["month"], month["number"], of_month)
            if "rest" in month:
                yield _row(figure, "month", month["month"], month["rest"], of_month, by="rest")
            for dimension, pairs in month.get("by", {}).items():
                for value, number in pairs:
                    yield _row(figure, "month", month["month"], number, of_month, by=dimension, value=value or OTHERS)
        for day in found["days"]:
            yield _row(figure, "day", day["day"], day["number"], _proof(day))


def _figure(figure: Figure, shown: Shown) -> dict[str, Any]:
    found = shown.content["figures"].get(figure.key, {"months": [], "days": []})
    with override("en"):
        title = str(figure.title)
    return {
        "key": figure.key,
        "title": title,
        "unit": "seconds" if figure.is_length else "count",
        "anchor": figure.group.value,
        "total": shown.totals[figure.key],
        "months": [_month(month) for month in found["months"]],
        "days": [{key: day[key] for key in ("day", "number", "size", "root")} for day in found["days"]],
    }


def _month(month: dict[str, Any]) -> dict[str, Any]:
    by = {
        dimension: [{"value": value or OTHERS, "number": number} for value, number in pairs]
        for dimension, pairs in month.get("by", {}).items()
    }
    plain = {key: month[key] for key in ("month", "number", "size", "root")}
    return {**plain, "rest": month.get("rest", 0), "by": by}


def _proof(row: dict[str, Any]) -> dict[str, Cell]:
    return {"checkpoint_size": row["size"], "checkpoint_root": row["root"]}


def _row(
    figure: Figure, period: str, name: str, number: int, proof: dict[str, Cell], *, by: str = "", value: str = ""
) -> dict[str, Cell]:
    unit = "seconds" if figure.is_length else "count"
    told: dict[str, Cell] = {"figure": figure.key, "unit": unit, "period": period, "which": name, "by": by}
    return {**told, "value": value, "number": number, **proof}


def _review(review: FigureReview) -> dict[str, str]:
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
