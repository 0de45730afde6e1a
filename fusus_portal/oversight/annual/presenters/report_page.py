"""The report of a year as people read it: the same for the draft, the public page and the PDF."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from fusus_portal.ground.accounts.roles import Role
from fusus_portal.ground.languages import local
from fusus_portal.oversight.annual.models import AnnualReport
from fusus_portal.oversight.annual.parts import PARTS, Part
from fusus_portal.oversight.annual.selectors.numbers import Content
from fusus_portal.oversight.figures.definitions import BY_KEY, Dimension
from fusus_portal.oversight.figures.presenters import words
from fusus_portal.oversight.figures.presenters.public_page import BY_TITLES, Number


@dataclass(frozen=True, slots=True)
class Table:
    """A breakdown. column: heading of the rows. rows: name and number."""

    caption: str
    column: str
    rows: list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Shown:
    """A part. none, few, withheld: titles of figures without a number, by the reason."""

    key: str
    heading: str
    asks: str
    intro: str
    numbers: list[Number]
    tables: list[Table]
    none: str
    few: str
    withheld: str
    text: str
    is_required: bool


def title(year: int) -> str:
    return _("Annual report on surveillance technology, %(year)d") % {"year": year}


def page(content: Content, texts: Mapping[str, str]) -> dict[str, Any]:
    return {
        "year": content["year"],
        "title": title(content["year"]),
        "first": words.whole_day(content["first"]),
        "last": words.whole_day(content["last"]),
        "places": words.places(content["size"]),
        "root": content["root"],
        "is_demo": content["is_demo"],
        "parts": [part_of(part, content, texts.get(part.key, "")) for part in PARTS],
    }


def released(report: AnnualReport) -> dict[str, Any]:
    role = str(Role(report.role).label)
    return {
        **page(report.content, report.texts),
        "number": report.number,
        "by": f"{report.shown_as} ({role})" if report.shown_as else report.released_by.pseudonym,
        "on": report.released_at,
        "reason": report.reason,
    }


def part_of(part: Part, content: Content, text: str) -> Shown:
    numbers = [
        Number(words.written(BY_KEY[key], content["numbers"][key]), words.capital(str(BY_KEY[key].title)))
        for key in part.figures
        if key in content["numbers"]
    ]
    withheld = [key for key in part.figures if key in content["withheld"]]
    missing = [key for key in part.figures if key not in content["numbers"] and key not in withheld]
    return Shown(
        key=part.key,
        heading=str(part.heading),
        asks=str(part.asks),
        intro=str(part.intro) or _("The portal does not count this: the office writes it."),
        numbers=numbers,
        tables=[
            _table(figure, dimension, content)
            for figure, dimension in part.tables
            if dimension in content["by"].get(figure, {})
        ],
        none=_titles([key for key in missing if BY_KEY[key].is_exact]),
        few=_titles([key for key in missing if not BY_KEY[key].is_exact]),
        withheld=_titles(withheld),
        text=text,
        is_required=part.is_required,
    )


def _titles(keys: Sequence[str]) -> str:
    return "; ".join(str(BY_KEY[key].title) for key in keys)


def _table(key: str, dimension: Dimension, content: Content) -> Table:
    figure = BY_KEY[key]
    crimes = {code: local(names["en"], names.get("es", "")) for code, names in content["crimes"].items()}
    by = str(BY_TITLES[dimension])
    return Table(
        caption=f"{words.capital(str(figure.title))}, {by[:1].lower()}{by[1:]}",
        column=str(dimension.label),
        rows=[
            (words.value_name(dimension, value, crimes), words.written(figure, number))
            for value, number in content["by"][key][dimension]
        ],
    )


def alarm(report: AnnualReport, doubts: frozenset[str]) -> dict[str, Any]:
    """Return the doubts about a released version. is_withheld: the log is not the one that was counted."""
    doubted = [key for key in report.content["numbers"] if key in doubts]
    return {"is_withheld": "" in doubts, "doubts": [str(BY_KEY[key].title) for key in doubted if key in BY_KEY]}
