from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Final
from uuid import UUID

from django.db.models import Exists, Max, OuterRef, QuerySet

from fusus_portal.ground.accounts.models import User
from registry.canvasses.models.canvasses import Canvass, FootageRequest
from registry.canvasses.models.replies import ReplySeen
from registry.canvasses.states import ONCE_SENT, TOLD
from registry.incidents.models.incidents import Incident
from registry.incidents.selectors import incidents

BEGINNING: Final = datetime.fromtimestamp(0, UTC)


def new_to(by: User, *, since: datetime | None = None) -> QuerySet[FootageRequest]:
    """Return the requests whose reply is new to this person. since: a reply seen later than this is still new."""
    seen = ReplySeen.objects.filter(request=OuterRef("pk"), person=by, replied_at=OuterRef("replied_at"))
    earlier = seen if since is None else seen.filter(seen_at__lte=since)
    return FootageRequest.objects.filter(~Exists(earlier), state__in=TOLD)


def new_among(canvasses: Iterable[Canvass], by: User, *, since: datetime | None = None) -> set[UUID]:
    return set(new_to(by, since=since).filter(canvass__in=list(canvasses)).values_list("pk", flat=True))


def last_look(canvasses: Iterable[Canvass], by: User) -> datetime:
    """Return when a person last saw a new reply to one of these canvasses; `BEGINNING` for never."""
    seen = ReplySeen.objects.filter(request__canvass__in=list(canvasses), person=by)
    return seen.aggregate(last=Max("seen_at"))["last"] or BEGINNING


def new_of(incident: Incident, by: User) -> int:
    return new_to(by).filter(incident=incident).count()


def waiting_for(by: User) -> dict[Incident, int]:
    """Return the open incidents with new replies to this person's canvasses, and how many, latest first."""
    own = new_to(by).filter(canvass__sent_by=by, canvass__state__in=ONCE_SENT, incident__in=incidents.mine(by))
    found: dict[Incident, int] = {}
    for request in own.select_related("incident").order_by("-canvass__sent_at", "pk"):
        found[request.incident] = found.get(request.incident, 0) + 1
    return found
