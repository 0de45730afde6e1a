from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from fusus_portal.ground.access.permissions import Permission, has
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.lifecycle import Refused, Stale
from registry.incidents.models.incidents import Incident
from registry.incidents.policies.incidents import is_open, may_see, may_wait_again
from registry.rules import CLOSING_TAKEN_BACK_WITHIN, UNVERIFIED_LIFE


def ends_at(incident: Incident) -> datetime | None:
    """Return until when a closing can be taken back; None if it can't."""
    if incident.closed_at is None or incident.settled_at is not None:
        return None
    return incident.closed_at + CLOSING_TAKEN_BACK_WITHIN


def lapses_at(incident: Incident) -> datetime | None:
    """Return when an open incident closes because nobody verified it; None if it does not."""
    if not is_open(incident) or incident.is_verified:
        return None
    return (incident.voided_at or incident.opened_at) + UNVERIFIED_LIFE


def must_wait(incident: Incident) -> None:
    """Raise Stale for an open incident, and for a closing that can't be taken back any more."""
    if is_open(incident):
        raise Stale(_("This incident is open."), subject=incident.subject)
    if incident.lapsed_at is not None:
        sentence = _("This incident was closed because nobody verified it in time. That can't be taken back.")
        raise Stale(sentence, subject=incident.subject)
    until = ends_at(incident)
    if until is None or timezone.now() >= until:
        sentence = _("The ten minutes in which this closing could be taken back are over. Open another incident.")
        raise Stale(sentence, subject=incident.subject)


def may_take_back(by: User, incident: Incident) -> None:
    """Raise Refused unless the person closed the incident and still sees it, or is a supervisor.

    Raises TooManyOpen if it is unverified and its opener has no room for it any more.
    """
    may_see(by, incident)
    if by.pk != incident.closed_by_id and not has(by.role, Permission.VERIFY_INCIDENT):
        sentence = _("Whoever closed this incident, or a supervisor, can take that back.")
        raise Refused(sentence, subject=incident.subject)
    if not incident.is_verified:
        may_wait_again(incident)
