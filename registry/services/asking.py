"""Writing the footage requests of a canvass, in a number of queries that does not depend on how many there are."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from audit.actors import Actor
from audit.events import Event
from audit.services import Line, record_many
from fusus_portal.notifications import services as notifications
from fusus_portal.notifications.kinds import MessageKind
from fusus_portal.notifications.services import Letter
from registry.models import Camera, Canvass, FootageRequest, Limits, Registrant, RequestCamera
from registry.models.numbers import request_number


def ask(*, canvass: Canvass, cameras: Sequence[Camera], actor: Actor, sent_at: datetime) -> list[FootageRequest]:
    """Ask each owner of these cameras once; called by the service that sends the canvass.

    cameras: each with its premises. One registrant with three places gets one request.
    """
    requests = _requests(canvass, cameras, sent_at)
    FootageRequest.objects.bulk_create(requests.values())
    RequestCamera.objects.bulk_create(
        RequestCamera(request=requests[camera.premises.registrant_id], camera=camera)
        for camera in cameras
        if camera.premises.registrant_id in requests
    )
    record_many(
        event=Event.REQUEST_SENT,
        actor=actor,
        lines=[Line(request.subject) for request in requests.values()],
        incident=str(canvass.incident_id),
        offence_type=canvass.incident.type.code,
    )
    letters = [_letter(request, request.registrant) for request in requests.values() if request.registrant]
    notifications.enqueue_many(kind=MessageKind.FOOTAGE_REQUEST, letters=letters)
    return list(requests.values())


def _requests(canvass: Canvass, cameras: Sequence[Camera], sent_at: datetime) -> dict[UUID, FootageRequest]:
    ids = {camera.premises.registrant_id for camera in cameras}
    # Held until the requests are written: whoever leaves meanwhile waits, and whoever has left is not asked.
    held = Registrant.objects.select_for_update(of=("self",), no_key=True).order_by("pk")
    registrants = held.select_related("user").only("language", "user__email").in_bulk(ids)
    numbers = _free_numbers(len(registrants))
    expires_at = sent_at + Limits.current().link_life
    return {
        pk: FootageRequest(
            number=numbers.pop(),
            canvass=canvass,
            incident_id=canvass.incident_id,
            registrant=registrant,
            sent_at=sent_at,
            expires_at=expires_at,
        )
        for pk, registrant in registrants.items()
    }


def _free_numbers(count: int) -> set[str]:
    """Return so many numbers that no request has. Random ones meet by chance once in some thousand canvasses."""
    numbers: set[str] = set()
    while len(numbers) < count:
        made = {request_number() for _ in range(count - len(numbers))}
        numbers |= made - set(FootageRequest.objects.filter(number__in=made).values_list("number", flat=True))
    return numbers


def _letter(request: FootageRequest, owner: Registrant) -> Letter:
    return Letter(
        to=owner.user.email,
        language=owner.language,
        subject=request.subject,
        context={"request": str(request.pk)},
    )
