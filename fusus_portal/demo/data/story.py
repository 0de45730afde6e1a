"""Incidents of the demo, with canvasses, answers and footage, and events before it begins, so that no page is empty."""

import json
import subprocess
import uuid
from dataclasses import replace
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.utils import timezone
from imageio_ffmpeg import get_ffmpeg_exe

from fusus_portal.demo.data import neighborhood, town
from fusus_portal.demo.data.neighborhood import CAMERAS, MIDDLE, signed_in
from fusus_portal.demo.data.town import Spot
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.geo.points import Area
from integration.reference import pattern
from registry.access_log import services as access_log
from registry.canvasses.links import link_actor
from registry.canvasses.models import Canvass, CanvassPurpose, FootageRequest
from registry.canvasses.services import approvals, canvasses, requests
from registry.canvasses.services.canvasses import CanvassArea
from registry.footage.models import Evidence
from registry.footage.services import custody, retention, uploads
from registry.incidents.models import DispatchKey, Incident, IncidentType
from registry.incidents.services import dispatch, incidents
from registry.people.services import moves
from registry.places.models import Camera
from registry.places.services import cameras
from registry.places.services.premises import NewPremises
from registry.registrants.models import Registrant
from registry.rules import CLOSING_TAKEN_BACK_WITHIN


def street_video(target: Path, *, seconds: int, at: datetime) -> Path:
    """Write an MP4 (H.264, playable while it loads) that shows a clock, which begins at `at`; return its path."""
    # Real sensors are noisy, and noise makes most of the size of real footage.
    options = ["-t", str(seconds), "-vf", "noise=alls=5:allf=t", "-c:v", "libx264", "-preset", "veryfast"]
    options += ["-pix_fmt", "yuv420p", "-movflags", "+faststart", str(target)]
    command = [get_ffmpeg_exe(), "-nostdin", "-v", "error", "-y", *pattern.source(at, paced=False), *options]
    subprocess.run(command, check=True, capture_output=True)
    return target


ANSWERED = "2026-000101"
TO_VERIFY = "2026-000102"
SENT_BACK = "2026-000104"
WHAT_TO_CORRECT = "The caller said ten in the morning, not in the evening. Correct the time, then I verify it."


def tell_last_night(*, deputy: User, supervisor: User) -> None:
    last_night = (timezone.localtime() - timedelta(days=1)).replace(hour=21, minute=40, second=0, microsecond=0)
    if not Incident.objects.filter(number=ANSWERED).exists():
        answered = open_incident(
            number=ANSWERED,
            code="burglary",
            spot=MIDDLE,
            starts_at=last_night,
            by=deputy,
            verified_by=supervisor,
        )
        _answer(answered)
    if not Incident.objects.filter(number=TO_VERIFY).exists():
        open_incident(
            number=TO_VERIFY,
            code="robbery",
            spot=town.corner(20, 11.5, "20th St S & Magnolia Ave S"),
            starts_at=last_night,
            by=deputy,
        )
    if not Incident.objects.filter(number=SENT_BACK).exists():
        spot = town.block("Magnolia Ave S", 1900)
        late = open_incident(number=SENT_BACK, code="package-theft", spot=spot, starts_at=last_night, by=deputy)
        incidents.send_back(incident=late, by=supervisor, reason=WHAT_TO_CORRECT)


def open_incident(
    *, number: str, code: str, spot: Spot, starts_at: datetime, by: User, verified_by: User | None = None
) -> Incident:
    """Open an incident that lasts one hour. verified_by: the person who verifies it, None to leave it unverified."""
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


def draft_canvass(incident: Incident, *, by: User, radius_m: int, reason: str) -> Canvass:
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


def _answer(incident: Incident) -> None:
    deputy = incident.opened_by
    reason = "A white van left the alley; look for its plate and where it turned"
    draft = draft_canvass(incident, by=deputy, radius_m=400, reason=reason)
    canvasses.send(canvass=draft, by=deputy)
    asked = list(FootageRequest.objects.filter(canvass=draft).order_by("registrant__registered_at"))
    # The demo's own resident and business come first and stay unanswered, so that a visitor can answer.
    giver, has_none, declines, *_ = asked[2:]
    give_footage(giver)
    requests.answer_none(request=has_none, by=link_actor(has_none))
    requests.decline(request=declines, by=link_actor(declines))


def give_footage(request: FootageRequest) -> None:
    at = timezone.localtime(request.canvass.starts_at) + timedelta(minutes=12)
    with TemporaryDirectory() as directory:
        footage = street_video(Path(directory) / "front-door.mp4", seconds=20, at=at).read_bytes()
    holder = link_actor(request)
    upload = uploads.create(
        request=request, name="front-door.mp4", size=len(footage), content_type="video/mp4", by=holder
    )
    uploads.append(upload=upload, offset=0, stream=BytesIO(footage), by=holder)
    uploads.give(request=request, files=[upload.pk], by=holder)
    custody.receive(upload=upload.pk)


RETURNED = "2026-000098"
DELAYED = "2026-000099"
CLOSED = (
    ("2026-000093", "burglary", "A shed was broken open before dawn; look for a pickup with its lights off"),
    ("2026-000094", "robbery", "A purse was taken at the crossing; look for a rider on a red scooter"),
    ("2026-000095", "burglary", "Tools were taken from a garage at night; look for a van with a ladder"),
    ("2026-000096", "robbery", "A phone was taken at the bus stop; look for two people who ran north"),
    ("2026-000097", "package-theft", "A parcel was taken at noon; look for who carried it"),
)
MOVES_TO = "1104 20th St S"


def household(*, people: list[Registrant]) -> None:
    resident, shop, *_ = people
    if Incident.objects.exists():
        return
    place = shop.premises.get()
    for details in CAMERAS[: 5 - place.cameras.count()]:
        cameras.add(premises=place, by=shop.user, details=replace(details, name=f"{details.name}, shop"))
    home, house = resident.premises.get(), town.houses()[MOVES_TO]
    with signed_in(resident.user):
        moves.move(
            premises=home,
            by=resident.user,
            place=NewPremises(kind=home.kind, address=house.address, pin=house.point),
        )


def tell_last_week(*, deputy: User, supervisor: User, other_supervisor: User) -> None:
    if Incident.objects.filter(number=RETURNED).exists():
        return
    week_ago = (timezone.localtime() - timedelta(days=6)).replace(hour=16, minute=10, second=0, microsecond=0)
    opened = open_incident(
        number=RETURNED,
        code="package-theft",
        spot=town.block("20th St S", 1100),
        starts_at=week_ago,
        by=deputy,
        verified_by=supervisor,
    )
    reason = "Packages were taken off a porch; look for who came by bicycle"
    draft = draft_canvass(opened, by=deputy, radius_m=150, reason=reason)
    canvasses.send(canvass=draft, by=deputy)
    neighborhood.confirm_at_doors(canvass=draft, deputy=deputy)
    for request in FootageRequest.objects.filter(canvass=draft).order_by("registrant__registered_at")[:1]:
        give_footage(request)
    for footage in Evidence.objects.filter(request__canvass=draft):
        custody.view(evidence=footage, by=deputy, reason="Look for the rider's face and which way he left")
        custody.download(evidence=footage, by=deputy, reason="Copy for the district attorney's first hearing")
        retention.place_hold(
            incident=opened, reason="The district attorney asked us to keep it for trial", by=supervisor
        )
    _delayed(deputy=deputy, supervisor=supervisor, other_supervisor=other_supervisor, at=week_ago + timedelta(days=2))
    _closed(deputy=deputy, supervisor=supervisor, at=week_ago - timedelta(days=2))
    _to_approve(Incident.objects.get(number=ANSWERED), deputy)


def _delayed(*, deputy: User, supervisor: User, other_supervisor: User, at: datetime) -> None:
    spot = town.block("Magnolia Ave S", 2000)
    incident = open_incident(number=DELAYED, code="robbery", spot=spot, starts_at=at, by=deputy, verified_by=supervisor)
    reason = "The robber waited in a parked car; find where it stood"
    draft = draft_canvass(incident, by=deputy, radius_m=200, reason=reason)
    canvasses.show(canvass=draft, by=deputy)
    incidents.assign(incident=incident, user=other_supervisor, by=supervisor)
    seen = canvasses.show(canvass=draft, by=other_supervisor).cameras or ()
    reason = "The suspect lives on this street and must not learn where we look"
    for camera in Camera.objects.filter(pk__in=[found.id for found in seen]).order_by(
        "premises__registrant__registered_at"
    )[:1]:
        access_log.delay_looks(incident=incident, camera=camera, by=other_supervisor, days=14, reason=reason)


def _closed(*, deputy: User, supervisor: User, at: datetime) -> None:
    """Add incidents that are closed for good: a reviewer from outside reads about no other."""
    spot = town.block("20th St S", 1100)
    for number, code, reason in CLOSED:
        incident = open_incident(number=number, code=code, spot=spot, starts_at=at, by=deputy, verified_by=supervisor)
        draft = draft_canvass(incident, by=deputy, radius_m=150, reason=reason)
        canvasses.show(canvass=draft, by=deputy)
        close_for_good(incident, by=deputy)


def close_for_good(incident: Incident, *, by: User) -> None:
    """Close an incident, and settle its closing at once, without the minutes in which it can be taken back."""
    incidents.close(incident=incident, by=by)
    incidents.settle_closings(now=timezone.now() + CLOSING_TAKEN_BACK_WITHIN)


def _to_approve(incident: Incident, deputy: User) -> None:
    reason = "The van drove on to the highway; follow it past the first mile"
    wide = draft_canvass(incident, by=deputy, radius_m=1200, reason=reason)
    approvals.ask(canvass=wide, by=deputy, reason="A witness saw it turn at the university, outside the usual area")


DISPATCH_SOURCE = "county-cad"
DISPATCH_KEY_ID = "county-cad-demo"
DISPATCHED = "2026-000103"


def tell_of_dispatch(*, administrators: tuple[User, User]) -> None:
    """Deliver an incident as a dispatch system does, once. The private key that signs it is new and not kept."""
    if (
        Incident.objects.filter(number=DISPATCHED).exists()
        or DispatchKey.objects.filter(source=DISPATCH_SOURCE).exists()
    ):
        return
    proposing, approving = administrators
    private = Ed25519PrivateKey.generate()
    public = private.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
    key = dispatch.propose_key(source=DISPATCH_SOURCE, key_id=DISPATCH_KEY_ID, public_key=public, by=proposing)
    dispatch.approve_key(key=key, by=approving)
    dispatch.take_delivery(token=_signed_delivery(private))


def _signed_delivery(private: Ed25519PrivateKey) -> str:
    now = timezone.localtime().replace(second=0, microsecond=0)
    spot = town.block("Magnolia Ave S", 1900)
    incident = {
        "id": "CAD-2026-88123",
        "as_of": now.isoformat(),
        "number": DISPATCHED,
        "type": "missing-person",
        "place": spot.name,
        "latitude": spot.point.latitude,
        "longitude": spot.point.longitude,
        "starts_at": (now - timedelta(hours=5)).isoformat(),
        "ends_at": (now - timedelta(hours=2)).isoformat(),
    }
    claims = {"iss": DISPATCH_SOURCE, "jti": str(uuid.uuid4()), "iat": int(now.timestamp()), "incidents": [incident]}
    return jwt.api_jws.PyJWS().encode(
        json.dumps(claims).encode(), private, algorithm="EdDSA", headers={"kid": DISPATCH_KEY_ID}
    )
