"""The annual report as people read it: the same for the draft, the public page and the PDF."""

from collections.abc import Mapping
from typing import Any

from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from audit.log.events import Event
from audit.log.selectors import entry_of
from fusus_portal.ground.access.permissions import Permission, has
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.accounts.roles import Role
from fusus_portal.ground.languages import local
from fusus_portal.ground.pages.components import Cell
from fusus_portal.oversight.annual import selectors
from fusus_portal.oversight.annual.definitions import PARTS, Part
from fusus_portal.oversight.annual.models import AnnualReport
from fusus_portal.oversight.annual.selectors import Content
from fusus_portal.oversight.annual.services import mark_of_draft
from fusus_portal.oversight.figures import presenters as figures
from fusus_portal.oversight.figures.definitions import BY_KEY, Dimension, Figure


def report_title(year: int) -> str:
    return _("Annual report on surveillance technology, %(year)d") % {"year": year}


def report_page(content: Content, texts: Mapping[str, str]) -> dict[str, Any]:
    return {
        "year": content["year"],
        "title": report_title(content["year"]),
        "first": figures.whole_day(content["first"]),
        "last": figures.whole_day(content["last"]),
        "places": figures.log_places(content["size"]),
        "root": content["root"],
        "is_demo": content["is_demo"],
        "parts": [shown_part(part, content, texts.get(part.key, "")) for part in PARTS],
    }


def released_page(report: AnnualReport) -> dict[str, Any]:
    role = str(Role(report.role).label)
    return {
        **report_page(report.content, report.texts),
        "number": report.number,
        "by": f"{report.shown_as} ({role})" if report.shown_as else report.released_by.pseudonym,
        "on": report.released_at,
        "reason": report.reason,
    }


def shown_part(part: Part, content: Content, text: str) -> dict[str, Any]:
    """Return a part as a page shows it. none, few, withheld: titles of its figures that are 0, few or in doubt."""
    numbers = content["numbers"]
    withheld = [key for key in part.figures if key in content["withheld"]]
    missing = [key for key in part.figures if key not in numbers and key not in withheld]
    return {
        "key": part.key,
        "heading": part.heading,
        "intro": str(part.intro) or _("The portal does not count this: the office writes it."),
        "caption": f"{_('Counted from the log')}: {part.heading}",
        "numbers": [
            (capfirst(str(BY_KEY[key].title)), figures.written_number(BY_KEY[key], numbers[key]))
            for key in part.figures
            if key in numbers
        ],
        "tables": [
            _part_table(BY_KEY[figure], dimension, content)
            for figure, dimension in part.tables
            if dimension in content["by"].get(figure, {})
        ],
        "none": "; ".join(str(BY_KEY[key].title) for key in missing if BY_KEY[key].is_exact),
        "few": "; ".join(str(BY_KEY[key].title) for key in missing if not BY_KEY[key].is_exact),
        "withheld": "; ".join(str(BY_KEY[key].title) for key in withheld),
        "text": text,
        "is_required": part.is_required,
    }


def _part_table(figure: Figure, dimension: Dimension, content: Content) -> dict[str, Any]:
    crimes = {code: local(names["en"], names.get("es", "")) for code, names in content["crimes"].items()}
    table = figures.breakdown(figure, dimension, content["by"][figure.key][dimension], crimes)
    return {**table, "caption": f"{capfirst(str(figure.title))}, {table['by']}"}


def report_alarm(report: AnnualReport, doubts: frozenset[str]) -> dict[str, Any]:
    """Return the doubts about a released report: titles of figures; is_withheld: True if the log itself is in doubt."""
    doubted = [key for key in report.content["numbers"] if key in doubts]
    return {"is_withheld": "" in doubts, "doubts": [str(BY_KEY[key].title) for key in doubted if key in BY_KEY]}


def years_page(refused: str = "") -> dict[str, Any]:
    newest = selectors.newest_versions()
    return {"years": [_year_row(year, newest.get(year)) for year in selectors.reportable_years()], "refused": refused}


def _year_row(year: int, number: int | None) -> Cell:
    public = _("Version %(number)s is public") % {"number": number}
    tag = ("good", public) if number else ("warn", _("Not released"))
    return Cell(report_title(year), reverse("annual_draft", args=[year]), [tag])


def draft_page(year: int, reader: User) -> dict[str, Any]:
    """Return the draft of the next version. mark: names this draft to a release. Raises as `figures_to_report`."""
    shown = selectors.public_figures(year)
    content, rows = selectors.numbers_of_year(year, shown), selectors.texts_of_year(year)
    texts = {key: row.text for key, row in rows.items()}
    page = report_page(content, texts)
    versions = list(selectors.versions_of_year(year))
    audits = has(reader.role, Permission.AUDIT)
    missing = [part for part in page["parts"] if part["is_required"] and not part["text"]]
    why_not = _("Parts that ordinances ask for have no text yet.") if missing else ""
    if shown.is_withheld:
        why_not = _("The log is not the one that the figures were counted from.")
    return {
        "page": page,
        "writes": has(reader.role, Permission.WRITE_ANNUAL_REPORT),
        "missing": missing,
        "is_withheld": shown.is_withheld,
        "versions": versions,
        "entry": entry_of(Event.ANNUAL_RELEASED, versions[0].subject) if versions and audits else None,
        "is_changed": not versions or (content, texts) != (versions[0].content, versions[0].texts),
        "number": len(versions) + 1,
        "mark": mark_of_draft(content, texts, len(versions) + 1),
        "why_not": why_not,
    }
