from datetime import timedelta
from enum import StrEnum
from typing import Final

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from fusus_portal.ground.access.permissions import Permission, demand
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.geo.points import Point
from fusus_portal.ground.lifecycle import Refused, Stale, check_all
from registry.incidents.dispatch_format import Claims, Item, raw_key
from registry.incidents.models import DispatchKey, DispatchRecord, Incident, IncidentSource, IncidentType
from registry.incidents.policies import incidents
from registry.incidents.policies.reasons import check_lawful
from registry.incidents.states import IncidentState
from registry.places import policies

CLOCK_TOLERANCE: Final = timedelta(minutes=5)
"""The clock of the sender may differ from ours by this much."""

FILE_LIFE: Final = timedelta(hours=24)
"""A signed file from dispatch may be this old: a person brings it."""

SAME_PLACE_M: Final = 500.0
"""Meters. Greatest distance between dispatch's and the portal's place; beyond it a person decides."""

SAME_TIME: Final = timedelta(hours=2)
"""Longest time between dispatch's and the portal's window; beyond it a person decides."""


class DispatchOutcome(StrEnum):
    OPENED = "opened"
    VERIFIED = "verified"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    DIFFERS = "differs"
    REFUSED = "refused"


Verdict = tuple[DispatchOutcome, dict[str, str]]
"""The outcome of a report from dispatch, and problems (field to sentence) if it is refused or differs."""


def may_approve(by: User, key: DispatchKey) -> None:
    """Raise Refused unless `by` is an administrator, not the proposer; Stale for a key approved or retired before."""
    demand(by, Permission.ADMINISTER)
    if by.pk == key.proposed_by_id:
        raise Refused(_("Another administrator approves a key that you proposed."), subject=key.subject)
    if key.approved_at is not None or key.retired_at is not None:
        raise Stale(_("This key was decided on already."), subject=key.subject)


def may_settle(by: User, record: DispatchRecord) -> None:
    """Raise Refused unless the person is a supervisor; Stale if dispatch and portal do not differ any more."""
    subject = record.incident.subject
    demand(by, Permission.VERIFY_INCIDENT, subject=subject)
    if not record.differs:
        raise Stale(_("This was settled already."), subject=subject)


def is_fresh(claims: Claims, *, within: timedelta) -> bool:
    """True for a delivery issued in the last `within`. The sender's clock may be a little ahead."""
    now = timezone.now()
    return now - within <= claims.issued_at <= now + CLOCK_TOLERANCE


def check(item: Item) -> None:
    """Raise ValidationError by field of the format for a reported incident that can't be accepted."""
    check_all(
        lambda: incidents.check_form_of_number(item.number),
        lambda: _check_type(item.type),
        lambda: check_lawful(item.place, field="place"),
        lambda: policies.check_inside(point_of(item), field="latitude"),
        lambda: incidents.check_window(item.starts_at, item.ends_at),
    )


def _check_type(code: str) -> None:
    found = IncidentType.objects.filter(code=code).first()
    if found is None:
        raise ValidationError({"type": _("The agency's list has no such code. Ask an administrator for the list.")})
    incidents.check_choosable(found)


def judge(item: Item, *, incident: Incident | None, record: DispatchRecord | None, source: str) -> Verdict:
    """Return the outcome of a checked report from dispatch.

    incident: has the report's number, or None. record: the earlier report with its id, or None. They may not match.
    """
    problems = _does_not_fit(item, incident=incident, record=record, source=source)
    if problems:
        return DispatchOutcome.REFUSED, problems
    if incident is None:
        return DispatchOutcome.OPENED, {}
    if record is not None and item.as_of <= record.as_of:
        return DispatchOutcome.UNCHANGED, {}
    if incident.source == IncidentSource.DISPATCH and incident.confirmed_at is not None:
        return DispatchOutcome.UPDATED, {}
    if differences := what_differs(item, incident):
        return DispatchOutcome.DIFFERS, differences
    return DispatchOutcome.UNCHANGED if incident.is_verified else DispatchOutcome.VERIFIED, {}


def _does_not_fit(
    item: Item, *, incident: Incident | None, record: DispatchRecord | None, source: str
) -> dict[str, str]:
    """Return why the report's number and id don't match, or why the incident takes no more reports; else nothing."""
    if record is not None and record.incident.number != incident_number(item):
        return {"id": _("This id belongs to incident %(number)s.") % {"number": record.incident.number}}
    other = getattr(incident, "dispatch", None)
    if other is not None and (other.source, other.external_id) != (source, item.id):
        return {"number": _("This number belongs to another id of dispatch.")}
    if incident is not None and incident.state != IncidentState.OPEN:
        return {"number": _("This incident is closed, and stays as it is.")}
    return {}


def what_differs(item: Item, incident: Incident) -> dict[str, str]:
    """Return sentences on how the portal's incident differs from the report, by "type", "place", "window"."""
    differences = {}
    if item.type != incident.type.code:
        differences["type"] = _("Here it is %(type)s.") % {"type": incident.type.label}
    distance = incident.point.distance_m(point_of(item))
    if distance > SAME_PLACE_M:
        differences["place"] = _("Here it is %(distance)d m away.") % {"distance": round(distance)}
    if item.starts_at > incident.until + SAME_TIME or item.ends_at < incident.starts_at - SAME_TIME:
        differences["window"] = _("Here it happened at another time.")
    return differences


def point_of(item: Item) -> Point:
    return Point(item.latitude, item.longitude)


def incident_number(item: Item) -> str:
    return item.number.strip().upper()


def check_public_key(pem: str) -> str:
    """Return the raw Ed25519 public key of a PEM text, in base64. Raises ValidationError on "public_key"."""
    if "PRIVATE KEY" in pem:
        sentence = _(
            "This is a private key. It must never leave the dispatch system: make a new pair, and send the other half."
        )
        raise ValidationError({"public_key": sentence})
    try:
        return raw_key(pem)
    except ValueError as error:
        sentence = _("This is no Ed25519 public key. It begins with -----BEGIN PUBLIC KEY-----.")
        raise ValidationError({"public_key": sentence}) from error
