from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from audit.log.events import Event
from fusus_portal.ground import steps
from fusus_portal.ground.accounts.actors import task_actor
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.accounts.services import locks as account_locks
from registry import hooks
from registry.incidents import locks
from registry.incidents.models.incidents import Incident
from registry.incidents.policies import closings
from registry.incidents.services import opening_alarms
from registry.incidents.services.incidents import note
from registry.incidents.states import IncidentState
from registry.rules import CLOSING_TAKEN_BACK_WITHIN

SETTLER = "registry.settle_closings"


def take_back(*, incident: Incident, by: User) -> Incident:
    """Reopen a closed incident as it was, ongoing or not. No request was withdrawn, and no owner told.

    Views, declarations and questions to a second person stay ended. Raises Refused unless the person closed it or is a
    supervisor, TooManyOpen if its opener has no room for another unverified one, Stale after ten minutes.
    """
    with opening_alarms.flagged(incident.opened_by), transaction.atomic():
        account_locks.hold_people(incident.opened_by_id)
        locked = locks.incident(incident.pk)
        closings.must_wait(locked)
        closings.may_take_back(by, locked)
        rule = steps.check(locked, IncidentState.OPEN, by)
        locked.state, locked.closed_by, locked.closed_at = IncidentState.OPEN, None, None
        before = locked.history.filter(state=IncidentState.OPEN).latest()
        locked.ends_at, locked.goes_on = before.ends_at, before.goes_on
        locked.save(update_fields=["state", "closed_by", "closed_at", "ends_at", "goes_on"])
        note(Event(rule.event), locked, by.actor)
    return locked


def settle_due() -> int:
    """Settle the closings of ten minutes ago: withdraw requests, and tell their owners; return how many.

    Everything else ended with the closing. Owners are told last: a mail can't be taken back.
    """
    return sum(_settle(pk) for pk in _due(timezone.now()).values_list("pk", flat=True))


def _due(now: datetime) -> QuerySet[Incident]:
    closed = Incident.objects.filter(state=IncidentState.CLOSED, settled_at__isnull=True)
    return closed.filter(closed_at__lte=now - CLOSING_TAKEN_BACK_WITHIN).order_by("closed_at", "pk")


def _settle(pk: UUID) -> int:
    with transaction.atomic():
        locked, now = locks.incident(pk), timezone.now()
        if not _due(now).filter(pk=pk).exists():
            return 0
        actor = task_actor(SETTLER)
        locked.settled_at = now
        locked.save(update_fields=["settled_at"])
        hooks.incident_settled(locked, actor)
        note(Event.INCIDENT_SETTLED, locked, actor)
    return 1
