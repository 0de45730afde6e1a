"""The section "Live view" of the public report."""

from collections.abc import Mapping

from audit.ledger.models import Publication
from integration.live.selectors.report import figures
from integration.watch_hours.texts import clock


def section(published: Publication | None) -> Mapping[str, object]:
    """Return what it says of the log as it is public. published: its checkpoint, None before the first one."""
    found = figures(published)
    if found is None:
        return {"figures": None}
    areas = [(area, clock(seconds)) for area, seconds in found.areas.items()]
    return {"figures": found, "hours": clock(found.seconds), "areas": areas}
