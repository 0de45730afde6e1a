from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import partial

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone

from audit.log.events import Event
from audit.log.services import Line, record_each
from fusus_portal.ground.accounts.actors import task_actor
from fusus_portal.ground.notifications.kinds import MessageKind
from fusus_portal.ground.notifications.services import outbox as notifications
from fusus_portal.ground.notifications.services.outbox import Letter
from registry.canvasses.models.canvasses import FootageRequest
from registry.canvasses.states import CanvassState, RequestState
from registry.footage.models.files import Upload
from registry.footage.states import UploadState
from registry.incidents.models.incidents import Incident
from registry.incidents.states import IncidentState
from registry.limits.models import Limits

REMINDER = "registry.remind"
REMINDED_AT_ONCE = 1000


def remind_due() -> int:
    """Remind owners of requests that have waited long enough, unseen by deputies (promise R4); return how many.

    One transaction an incident and batch, in a number of queries that does not depend on the number of reminders.
    Nobody is reminded who has answered in any way, whose file waits for its check, or whose link is dead.
    """
    due = _due(timezone.now()).order_by().values("incident_id")
    incidents = list(Incident.objects.filter(pk__in=due).select_related("type").order_by("opened_at", "pk"))
    return sum(_remind_all(incident) for incident in incidents)


def _remind_all(incident: Incident) -> int:
    return sum(iter(partial(_remind_batch, incident), 0))


@transaction.atomic
def _remind_batch(incident: Incident) -> int:
    now = timezone.now()
    rows = _due(now).filter(incident=incident).select_for_update(of=("self",), no_key=True, skip_locked=True)
    requests = list(rows.select_related("registrant__user").order_by("sent_at", "pk")[:REMINDED_AT_ONCE])
    if not requests:
        return 0
    found = FootageRequest.objects.filter(pk__in=[request.pk for request in requests])
    found.update(reminders=F("reminders") + 1, reminded_at=now)
    record_each(
        event=Event.REQUEST_REMINDED,
        actor=task_actor(REMINDER),
        lines=[Line(request.subject, facts={"reminder": request.reminders + 1}) for request in requests],
        **incident.in_log,
    )
    _write_to(requests)
    return len(requests)


def _due(now: datetime) -> QuerySet[FootageRequest]:
    """Return the requests to remind of. PostgreSQL checks them again after it waited for, or took, a row's lock."""
    arriving = Upload.objects.filter(request=OuterRef("pk"), state=UploadState.CHECKING)
    return FootageRequest.objects.filter(
        ~Exists(arriving),
        _waited_long_enough(now),
        state=RequestState.SENT,
        expires_at__gt=now,
        canvass__state=CanvassState.SENT,
        incident__state=IncidentState.OPEN,
    )


def _waited_long_enough(now: datetime) -> Q:
    waited, before = Q(pk__in=[]), timedelta(0)
    for gone, after in enumerate(Limits.current().remind_after):
        since = "reminded_at" if gone else "sent_at"
        waited |= Q(**{"reminders": gone, f"{since}__lte": now - (after - before)})
        before = after
    return waited


def _write_to(requests: Iterable[FootageRequest]) -> None:
    notifications.send_many(
        kind=MessageKind.FOOTAGE_REMINDER,
        letters=[
            Letter(one.registrant, one.subject, {"request": str(one.pk), "reminder": one.reminders + 1})
            for one in requests
        ],
    )
