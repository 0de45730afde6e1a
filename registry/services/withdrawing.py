"""Taking back requests that wait for an answer, in a number of queries that does not depend on how many."""

from collections.abc import Sequence
from typing import Any

from django.db.models import F

from audit.actors import Actor
from audit.events import Event
from audit.services import Line, record_each
from fusus_portal.notifications import services as notifications
from fusus_portal.notifications.kinds import MessageKind
from fusus_portal.notifications.services import Letter
from registry.models import FootageRequest, Incident
from registry.states import REQUEST, RequestState


def withdraw_waiting(*, incident: Incident, actor: Actor, tell: bool = True, **chosen: Any) -> int:
    """Withdraw the waiting requests of a locked incident, or those of one canvass, registrant or pk; return how many.

    Their links stop working and messages that have not left are deleted. tell: write to the owners.
    """
    rows = FootageRequest.objects.select_for_update(of=("self",), no_key=True)
    waiting = rows.filter(incident=incident, state=RequestState.SENT, **chosen).order_by("pk")
    requests = list(waiting.select_related("registrant__user"))
    if not requests:
        return 0
    rule = REQUEST.check(source=RequestState.SENT, target=RequestState.WITHDRAWN, role=actor.role)
    found = FootageRequest.objects.filter(pk__in=[request.pk for request in requests])
    found.update(state=RequestState.WITHDRAWN, version=F("version") + 1)
    record_each(
        event=Event(rule.event),
        actor=actor,
        lines=[Line(request.subject) for request in requests],
        incident=str(incident.pk),
        offence_type=incident.type.code,
    )
    notifications.withdraw_many(subjects=[request.subject for request in requests])
    if tell:
        _tell(requests)
    return len(requests)


def _tell(requests: Sequence[FootageRequest]) -> None:
    notifications.enqueue_many(
        kind=MessageKind.REQUEST_WITHDRAWN,
        letters=[
            Letter(
                to=request.registrant.user.email,
                language=request.registrant.language,
                subject=request.subject,
                context={"request": str(request.pk)},
            )
            for request in requests
            if request.registrant is not None
        ],
    )
