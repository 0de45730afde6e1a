from itertools import pairwise
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from fusus_portal.ground.lifecycle import why_not
from fusus_portal.ground.pages.components import Cell, Table, link, number
from registry.incidents import selectors
from registry.incidents.models import IncidentType, NumberFormat
from registry.incidents.policies import incidents

EXAMPLES = (1, 123, 4711)


def types_page() -> dict[str, Any]:
    listed = list(selectors.listed_types())
    choosable = [each for each in listed if each.retired_at is None]
    return {
        "crimes": _table(_("Crimes"), [each for each in choosable if not each.emergency]),
        "emergencies": _table(_("Emergencies"), [each for each in choosable if each.emergency]),
        "retired": _table(_("Off the list"), [each for each in listed if each.retired_at is not None]),
        "format": NumberFormat.current(),
    }


def _table(heading: str, types: list[Any]) -> Table:
    columns = [_("Name"), _("In Spanish"), _("Footage is kept"), number(_("Incidents"))]
    return Table(heading, columns, [_row(each) for each in types])


def _row(listed: Any) -> list[object]:
    name, kept = link(listed.name, "incident_type", listed.pk), listed.retention
    return [name, Cell(listed.name_es, lang="es"), kept.name if kept else _("standard time"), listed.number]


def type_page(incident_type: IncidentType) -> dict[str, Any]:
    used = incidents.is_used(incident_type)
    effect = _("Incidents that have this type keep it; no new one can have it.")
    return {
        "incident_type": incident_type,
        "used": used,
        "retire_effect": effect if used else _("No incident ever had this type, so it is deleted."),
        "changes": _changes(incident_type),
    }


def examples(pattern: str) -> dict[str, Any]:
    refusal = why_not(incidents.check_pattern, pattern)
    if refusal:
        return {"refusal": refusal}
    read, year = incidents.check_pattern(pattern), timezone.localdate().year
    return {"numbers": [read.example(year, nth) for nth in EXAMPLES]}


def formats() -> list[dict[str, Any]]:
    latest = NumberFormat.history.select_related("history_user").order_by("-history_date")
    return [_change(past, past.pattern) for past in latest[: selectors.LATEST_CHANGES]]


def _changes(incident_type: IncidentType) -> list[dict[str, Any]]:
    past = list(selectors.history_of_type(incident_type))
    lines = [_change(new, _difference(old, new)) for new, old in pairwise(past)]
    return lines + [_change(first, _described(first)) for first in past[-1:]]


def _change(past: Any, text: str) -> dict[str, Any]:
    """Return a line of a history. by: a badge pseudonym, or "" for a change before it was recorded."""
    return {"at": past.history_date, "by": past.history_user.pseudonym if past.history_user else "", "text": text}


def _difference(old: Any, new: Any) -> str:
    if old.retired_at != new.retired_at:
        return _("Taken off the list") if new.retired_at else _("Put back on the list")
    return _described(new)


def _described(past: Any) -> str:
    kind = _("emergency") if past.emergency else _("crime")
    kept = past.retention.name if past.retention else _("standard time")
    parts = [past.name, past.name_es, kind, *([_("critical at once")] if past.declares else []), kept]
    return " · ".join(parts)
