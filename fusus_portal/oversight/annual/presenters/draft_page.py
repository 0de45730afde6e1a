"""Pages on which administrators write and release the report of a year."""

from typing import Any

from django.utils.translation import gettext as _

from fusus_portal.ground.access.permissions import Permission, has
from fusus_portal.ground.accounts.models import User
from fusus_portal.oversight.annual.presenters import report_page
from fusus_portal.oversight.annual.selectors import numbers, reports
from fusus_portal.oversight.annual.services.releases import entry_of, mark


def years_page(refused: str = "") -> dict[str, Any]:
    newest = reports.released()
    return {
        "years": [(year, report_page.title(year), newest.get(year)) for year in numbers.years()],
        "refused": refused,
    }


def draft_page(year: int, reader: User) -> dict[str, Any]:
    """Return the draft of the next version. mark: of this draft, for its release. Raises NotYours."""
    shown = numbers.public_figures(year)
    content, rows = numbers.of_year(year, shown), reports.texts(year)
    texts = {key: row.text for key, row in rows.items()}
    page = report_page.page(content, texts)
    versions = list(reports.versions(year))
    missing = [part for part in page["parts"] if part.is_required and not part.text]
    return {
        "page": page,
        "writes": has(reader.role, Permission.WRITE_ANNUAL_REPORT),
        "missing": missing,
        "is_withheld": shown.is_withheld,
        "versions": versions,
        "entry": entry_of(versions[0]) if versions and has(reader.role, Permission.AUDIT) else None,
        "is_changed": not versions or (content, texts) != (versions[0].content, versions[0].texts),
        "number": len(versions) + 1,
        "mark": mark(content, texts, len(versions) + 1),
        "why_not": _why_not(is_withheld=shown.is_withheld, missing=len(missing)),
    }


def _why_not(*, is_withheld: bool, missing: int) -> str:
    if is_withheld:
        return _("The log is not the one that the figures were counted from.")
    return _("Parts that ordinances ask for have no text yet.") if missing else ""
