"""Incidents: one to verify, and one with a canvass that was answered."""

from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

from django.utils import timezone

from fusus_portal.demo.data import places, video
from fusus_portal.demo.data.neighborhood import MIDDLE
from fusus_portal.demo.data.places import Spot
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.geo.points import Area
from registry.canvasses.links import link_actor
from registry.canvasses.models import Canvass, CanvassPurpose, FootageRequest
from registry.canvasses.services import canvasses, requests
from registry.canvasses.services.canvasses import CanvassArea
from registry.footage.services import custody, uploads
from registry.incidents.models import Incident, IncidentType
from registry.incidents.services import incidents

ANSWERED = "2026-000101"
TO_VERIFY = "2026-000102"


def tell(*, deputy: User, supervisor: User) -> None:
    last_night = (timezone.localtime() - timedelta(days=1)).replace(hour=21, minute=40, second=0, microsecond=0)
    if not Incident.objects.filter(number=ANSWERED).exists():
        answered = opened(
            number=ANSWERED,
            code="burglary",
            spot=MIDDLE,
            starts_at=last_night,
            by=deputy,
            verified_by=supervisor,
        )
        _answered(answered)
    if not Incident.objects.filter(number=TO_VERIFY).exists():
        opened(
            number=TO_VERIFY,
            code="robbery",
            spot=places.corner(20, 11.5, "20th St S & Magnolia Ave S"),
            starts_at=last_night,
            by=deputy,
        )


def opened(
    *, number: str, code: str, spot: Spot, starts_at: datetime, by: User, verified_by: User | None = None
) -> Incident:
    """Open an incident of one hour. verified_by: the person who verifies it, None to leave it unverified."""
    incident = incidents.open(
        by=by,
        number=number,
        type=IncidentType.objects.get(code=code),
        place=spot.name,
        point=spot.point,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(hours=1),
    )
    return incident if verified_by is None else incidents.verify(incident=incident, by=verified_by)


def drafted(incident: Incident, *, by: User, radius_m: int, reason: str) -> Canvass:
    return canvasses.draft(
        incident=incident,
        by=by,
        wanted=CanvassArea(
            area=Area(incident.point, radius_m),
            starts_at=incident.starts_at,
            ends_at=incident.ends_at,
            purpose=CanvassPurpose.objects.get(name="Identify a vehicle"),
            reason=reason,
        ),
    )


def _answered(incident: Incident) -> None:
    deputy = incident.opened_by
    reason = "A white van left the alley; look for its plate and where it turned"
    draft = drafted(incident, by=deputy, radius_m=400, reason=reason)
    canvasses.send(canvass=draft, by=deputy)
    asked = list(FootageRequest.objects.filter(canvass=draft).order_by("registrant__registered_at"))
    # The demo's own resident and business come first and stay unanswered, so that a visitor can answer.
    giver, has_none, declines, *_ = asked[2:]
    give(giver)
    requests.answer_none(request=has_none, by=link_actor(has_none))
    requests.decline(request=declines, by=link_actor(declines))


def give(request: FootageRequest) -> None:
    at = timezone.localtime(request.canvass.starts_at) + timedelta(minutes=12)
    with TemporaryDirectory() as directory:
        footage = video.street(Path(directory) / "front-door.mp4", seconds=20, at=at).read_bytes()
    holder = link_actor(request)
    upload = uploads.create(
        request=request, name="front-door.mp4", size=len(footage), content_type="video/mp4", by=holder
    )
    uploads.append(upload=upload, offset=0, stream=BytesIO(footage), by=holder)
    uploads.give(request=request, files=[upload.pk], by=holder)
    custody.receive(upload=upload.pk)
