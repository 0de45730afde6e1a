"""The section "Live view" of the public report."""

from collections.abc import Mapping

from audit.models import Publication
from fusus_portal.site import report
from fusus_portal.site.report import ReportSection
from integration.presenters.watch_hours import clock
from integration.selectors.live_report import figures

TEMPLATE = "integration/public/live_report.html"


def register() -> None:
    """Add it."""
    report.register(ReportSection("live", TEMPLATE, section, place=10))


def section(published: Publication | None) -> Mapping[str, object]:
    """Return what it says of a checkpoint."""
    found = figures(published)
    if found is None:
        return {"figures": None}
    areas = [(area, clock(seconds)) for area, seconds in found.areas.items()]
    return {"figures": found, "hours": clock(found.seconds), "areas": areas}
