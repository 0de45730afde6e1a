from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Max, Q, QuerySet
from django.utils.translation import gettext as _

from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.queries import find_or_refuse
from registry.canvasses.models.canvasses import Canvass, FootageRequest
from registry.canvasses.states import BEFORE_SENDING, TOLD, CanvassState, RequestState
from registry.incidents.models.incidents import Incident
from registry.incidents.selectors import incidents

ASKED = Count("requests")

REPLIED = Count("requests", filter=Q(requests__state__in=TOLD))


@dataclass(frozen=True, slots=True)
class Reply:
    request: UUID
    number: str
    has_footage: bool
    replied_at: datetime


@dataclass(frozen=True, slots=True)
class FollowUp:
    """Answers to a canvass. rest: owners who declined, did not answer, or ran out of time; they look alike.

    until: when the time to answer ends, for all of them alike; None for a canvass that asked nobody.
    """

    sent: int
    replies: tuple[Reply, ...]
    rest: int
    until: datetime | None


def follow_up(canvass: Canvass) -> FollowUp:
    return follow_ups([canvass])[canvass.pk]


def follow_ups(canvasses: Sequence[Canvass]) -> dict[UUID, FollowUp]:
    """Return the answers to each of these canvasses, by its id, in two queries."""
    requests = FootageRequest.objects.filter(canvass__in=canvasses)
    asked = requests.values("canvass").annotate(number=Count("pk"), until=Max("expires_at")).order_by()
    counts = {row["canvass"]: row for row in asked}
    replies: dict[UUID, list[Reply]] = {canvass.pk: [] for canvass in canvasses}
    told = requests.filter(state__in=TOLD).order_by("-replied_at", "pk")
    for of, pk, number, state, replied_at in told.values_list("canvass", "pk", "number", "state", "replied_at"):
        if replied_at is not None:
            replies[of].append(Reply(pk, number, state == RequestState.FOOTAGE, replied_at))
    nobody = {"number": 0, "until": None}
    return {of: _follow_up(counts.get(of, nobody), tuple(found)) for of, found in replies.items()}


def _follow_up(asked: Mapping[str, Any], replies: tuple[Reply, ...]) -> FollowUp:
    return FollowUp(asked["number"], replies, asked["number"] - len(replies), asked["until"])


def once_sent(incident: Incident) -> QuerySet[Canvass]:
    """Return an incident's sent canvasses, closed ones too, latest first."""
    sent = Canvass.objects.filter(incident=incident, sent_at__isnull=False)
    return sent.select_related("sent_by", "created_by").order_by("-sent_at", "pk")


def of_incident(incident: Incident) -> QuerySet[Any]:
    counted = Canvass.objects.filter(incident=incident).annotate(asked=ASKED, replied=REPLIED)
    return counted.order_by("-created_at", "pk")


def not_over(incident: Incident) -> tuple[int, int]:
    """Return what closing an incident would end: owners without an answer that deputies see, and unsent canvasses."""
    requests = FootageRequest.objects.filter(incident=incident, canvass__state=CanvassState.SENT)
    prepared = Canvass.objects.filter(incident=incident, state__in=BEFORE_SENDING)
    return requests.exclude(state__in=TOLD).count(), prepared.count()


def one(by: User, pk: UUID) -> Canvass:
    """Return a canvass of a visible incident. Raises NotYours."""
    visible = incidents.visible_to(by)
    found = Canvass.objects.select_related("incident__type", "created_by", "sent_by", "purpose").filter(
        pk=pk, incident__in=visible
    )
    return find_or_refuse(found, _("There is no such canvass."), subject=("canvass", str(pk)))
