"""Events before the demo begins, so that no page is empty: answers, looks, a delay, an approval."""

from dataclasses import replace
from datetime import datetime, timedelta

from django.utils import timezone

from fusus_portal.demo.data import confirmed, places, story
from fusus_portal.demo.data.cast import signed_in
from fusus_portal.demo.data.neighborhood import CAMERAS
from fusus_portal.ground.accounts.models import User
from registry.access_log import services as access_log
from registry.canvasses.models import FootageRequest
from registry.canvasses.services import approvals, canvasses
from registry.footage.models.files import Evidence
from registry.footage.services import custody, retention
from registry.incidents.models import Incident
from registry.incidents.services import incidents
from registry.people.models import Registrant
from registry.people.services import moves
from registry.places.models import Camera
from registry.places.services import cameras
from registry.places.services.premises import NewPremises

RETURNED = "2026-000098"
DELAYED = "2026-000099"
CLOSED = "2026-000097"
MOVES_TO = "1104 20th St S"


def household(*, people: list[Registrant]) -> None:
    resident, shop, *_ = people
    if Incident.objects.exists():
        return
    place = shop.premises.get()
    for details in CAMERAS[: 5 - place.cameras.count()]:
        cameras.add(premises=place, by=shop.user, details=replace(details, name=f"{details.name}, shop"))
    home, house = resident.premises.get(), places.houses()[MOVES_TO]
    with signed_in(resident.user):
        moves.move(
            premises=home,
            by=resident.user,
            place=NewPremises(kind=home.kind, address=house.address, pin=house.point),
        )


def tell(*, deputy: User, supervisor: User, other_supervisor: User) -> None:
    if Incident.objects.filter(number=RETURNED).exists():
        return
    week_ago = (timezone.localtime() - timedelta(days=6)).replace(hour=16, minute=10, second=0, microsecond=0)
    opened = story.opened(
        number=RETURNED,
        code="package-theft",
        spot=places.block("20th St S", 1100),
        starts_at=week_ago,
        by=deputy,
        verified_by=supervisor,
    )
    reason = "Packages were taken off a porch; look for who came by bicycle"
    draft = story.drafted(opened, by=deputy, radius_m=150, reason=reason)
    canvasses.send(canvass=draft, by=deputy)
    confirmed.at_doors(canvass=draft, deputy=deputy)
    for request in FootageRequest.objects.filter(canvass=draft).order_by("registrant__registered_at")[:1]:
        story.give(request)
    for footage in Evidence.objects.filter(request__canvass=draft):
        custody.view(evidence=footage, by=deputy, reason="Look for the rider's face and which way he left")
        custody.download(evidence=footage, by=deputy, reason="Copy for the district attorney's first hearing")
        retention.place_hold(
            incident=opened, reason="The district attorney asked us to keep it for trial", by=supervisor
        )
    _delayed(deputy=deputy, supervisor=supervisor, other_supervisor=other_supervisor, at=week_ago + timedelta(days=2))
    _closed(deputy=deputy, supervisor=supervisor, at=week_ago - timedelta(days=2))
    _to_approve(Incident.objects.get(number=story.ANSWERED), deputy)


def _delayed(*, deputy: User, supervisor: User, other_supervisor: User, at: datetime) -> None:
    spot = places.block("Magnolia Ave S", 2000)
    incident = story.opened(number=DELAYED, code="robbery", spot=spot, starts_at=at, by=deputy, verified_by=supervisor)
    reason = "The robber waited in a parked car; find where it stood"
    draft = story.drafted(incident, by=deputy, radius_m=200, reason=reason)
    canvasses.show(canvass=draft, by=deputy)
    incidents.assign(incident=incident, user=other_supervisor, by=supervisor)
    seen = canvasses.show(canvass=draft, by=other_supervisor).cameras or ()
    reason = "The suspect lives on this street and must not learn where we look"
    for camera in Camera.objects.filter(pk__in=[found.id for found in seen]).order_by(
        "premises__registrant__registered_at"
    )[:1]:
        access_log.delay_looks(incident=incident, camera=camera, by=other_supervisor, days=14, reason=reason)


def _closed(*, deputy: User, supervisor: User, at: datetime) -> None:
    """Add a closed incident, the only one that a reviewer from outside can read about."""
    spot = places.block("20th St S", 1100)
    incident = story.opened(
        number=CLOSED, code="package-theft", spot=spot, starts_at=at, by=deputy, verified_by=supervisor
    )
    story.drafted(incident, by=deputy, radius_m=150, reason="A parcel was taken at noon; look for who carried it")
    incidents.close(incident=incident, by=deputy)


def _to_approve(incident: Incident, deputy: User) -> None:
    reason = "The van drove on to the highway; follow it past the first mile"
    wide = story.drafted(incident, by=deputy, radius_m=1200, reason=reason)
    approvals.ask(canvass=wide, by=deputy, reason="A witness saw it turn at the university, outside the usual area")
