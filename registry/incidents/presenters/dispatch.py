from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import Any

from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.geo.points import MILE_M, Point
from fusus_portal.ground.lifecycle import why_not
from fusus_portal.ground.pages import times
from registry.incidents.models.dispatch import DispatchKey, DispatchRecord
from registry.incidents.models.incidents import Incident
from registry.incidents.models.types import IncidentType
from registry.incidents.policies import dispatch as dispatch_policies
from registry.incidents.policies.dispatch import DispatchOutcome
from registry.incidents.presenters import windows
from registry.incidents.selectors import dispatch as dispatch_selectors
from registry.incidents.services.deliveries import Result

LABELS = {
    DispatchOutcome.OPENED: (gettext_lazy("Opened"), "good"),
    DispatchOutcome.VERIFIED: (gettext_lazy("Verified"), "good"),
    DispatchOutcome.UPDATED: (gettext_lazy("Updated"), "good"),
    DispatchOutcome.UNCHANGED: (gettext_lazy("Nothing new"), "quiet"),
    DispatchOutcome.DIFFERS: (gettext_lazy("A supervisor looks"), "warn"),
    DispatchOutcome.REFUSED: (gettext_lazy("Not taken"), "warn"),
}


def told(result: Result) -> dict[str, Any]:
    line: dict[str, Any] = {"id": result.id, "number": result.number, "result": str(result.outcome)}
    return {**line, "problems": result.problems} if result.problems else line


def nothing_taken(results: Sequence[Result]) -> bool:
    return all(result.outcome is DispatchOutcome.REFUSED for result in results)


def rows(results: Sequence[Result]) -> list[dict[str, Any]]:
    return [
        {
            "place": result.place + 1,
            "number": _shown(result.number),
            "external_id": _shown(result.id),
            "label": LABELS[result.outcome][0],
            "kind": LABELS[result.outcome][1],
            "problems": [_shown(f"{field}: {sentence}") for field, sentence in result.problems.items()],
        }
        for result in results
    ]


def _shown(text: str) -> str:
    """Return a sender's text as a page can show it; half a letter, which JSON can spell, becomes a question mark."""
    return text.encode(errors="replace").decode()


def keys_page(user: User) -> dict[str, Any]:
    return {
        "keys": [_key_row(key, user) for key in dispatch_selectors.all_keys()],
        "deliveries": dispatch_selectors.latest_deliveries(),
        "types": dispatch_selectors.codes(),
    }


def difference(incident: Incident, user: User) -> dict[str, Any] | None:
    record: DispatchRecord | None = getattr(incident, "dispatch", None)
    if record is None or not record.differs:
        return None
    said = record.said
    starts, ends = parse_datetime(said["starts_at"]), parse_datetime(said["ends_at"])
    miles = incident.point.distance_m(Point(said["latitude"], said["longitude"])) / MILE_M
    kind = IncidentType.objects.filter(code=said["type"]).first()
    return {
        "rows": [
            (_("Type"), incident.type.label, kind.label if kind else said["type"]),
            (
                _("Place"),
                incident.place,
                _("%(place)s, %(far).1f mi from here") % {"place": said["place"], "far": miles},
            ),
            (_("Time"), windows.of(incident), _window(starts, ends)),
        ],
        "why_not": why_not(partial(dispatch_policies.may_settle, user, record)),
        "since": record.differs_at,
    }


def _window(starts: datetime | None, ends: datetime | None) -> str:
    return times.window(starts, ends) if starts and ends else ""


def _key_row(key: DispatchKey, user: User) -> dict[str, Any]:
    """Return the row of a key. why_no_approval: sentence on the button that can't be used, or ""."""
    if key.retired_at is not None:
        return {"key": key, "label": _("Retired"), "kind": "quiet"}
    if key.approved_at is not None:
        return {"key": key, "label": _("Counts"), "kind": "good"}
    why = why_not(partial(dispatch_policies.may_approve, user, key))
    label = _("Waits for another administrator")
    return {"key": key, "label": label, "kind": "warn", "waits": True, "why_no_approval": why}
