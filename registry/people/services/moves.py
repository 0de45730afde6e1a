"""Moves: inside the boundary a place keeps its cameras (promise R6); outside, it leaves the registry (promise R7)."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.log.events import Event
from audit.log.services import record_many
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.geo.counties import County, county_at
from fusus_portal.ground.geo.points import Precision
from registry.incidents.models import Incident
from registry.other_counties import services as other_counties
from registry.other_counties.models import OutreachLead
from registry.people.selectors import Holdings
from registry.people.services import departures, registrants
from registry.places import hooks, locks, policies
from registry.places.models import Camera, Premises
from registry.places.services import premises as premises_services
from registry.places.services.cameras import line_of
from registry.places.services.premises import NewPremises
from registry.registrants.models import Registrant


@dataclass(frozen=True, slots=True)
class Wish:
    """Consent to ask the agency of the new county to join. with_contact: that agency may write to the person."""

    with_contact: bool = False


@dataclass(frozen=True, slots=True)
class Departure:
    """The result of a move out of the boundary. held: counts of the registration, if this was its last place."""

    county: County | None
    lead: OutreachLead | None
    held: Holdings | None


def move(*, premises: Premises, by: User, place: NewPremises) -> Premises:
    """Give a place a new address inside the boundary: it keeps its id, its cameras and its history (promise R6).

    Requests that wait stay answerable: they are about the old address, and show it. Each camera gets an entry, which
    its owner sees. Raises ValidationError by field (street, zip_code, pin, confirmed), NotYours for another's place.
    """
    policies.check_moves(premises.address, to=place.address)
    located = premises_services.locate(place)
    with transaction.atomic():
        # A canvass that is being sent locks the registrations that it asks, so one of the two waits for the other.
        locked = locks.own_premises(premises.pk, by=by)
        policies.must_be_registered(locked)
        locked.placed_at = locked.moved_at = timezone.now()
        premises_services.save_at(premises=locked, place=place, located=located)
        for follower in hooks.registrants:
            follower.place_moves(locked, by.actor)
        premises_services.note(Event.PREMISES_MOVED, locked, by.actor, precision=str(located.precision))
        premises_services.end_confirmation(premises=locked, actor=by.actor)
        cameras = Camera.objects.registered().filter(premises=locked).select_related("premises")
        record_many(event=Event.CAMERA_MOVED, actor=by.actor, lines=[line_of(camera) for camera in cameras])
    return locked


def move_away(*, premises: Premises, by: User, place: NewPremises, wish: Wish | None = None) -> Departure:
    """End a place whose owner moves out of the boundary, all or nothing (promise R7).

    Its cameras leave every search, its waiting requests are withdrawn, address and history are deleted. The last place
    ends the registration and the account, as leaving does. The new address is not kept. wish: opens an outreach lead
    for the new county. Raises ValidationError by field (street, zip_code, pin, confirmed) for a place inside or at the
    boundary, NotYours for another's place, Stale when requests keep arriving in the same moment.
    """
    there = premises_services.locate_anywhere(place)
    policies.check_outside(there.point)
    if there.precision != Precision.AREA:
        policies.check_confirmed(there.point, confirmed=place.confirmed)
    county = county_at(there.point)
    if wish is not None and county is None:
        raise ValidationError({"pin": _("This place is not in any county, so there is no agency to ask.")})

    act = partial(_depart, premises, by=by, county=county, wish=wish)
    return departures.with_all_locked(registrant=premises.registrant_id, by=by, act=act)


def _depart(
    premises: Premises,
    registrant: Registrant,
    incidents: Sequence[Incident],
    *,
    by: User,
    county: County | None,
    wish: Wish | None,
) -> Departure:
    locked = locks.own_premises(premises.pk, by=by)
    policies.must_be_registered(locked)
    locked.registrant = registrant
    lead = None
    if wish is not None and county is not None:
        lead = other_counties.open_lead(
            registrant=registrant, county_fips=county.fips, with_contact=wish.with_contact, actor=by.actor
        )
    fips = county.fips if county else ""
    premises_services.note(Event.PREMISES_CLOSED, locked, by.actor, county=fips)
    if registrant.premises.registered().exclude(pk=locked.pk).exists():
        departures.end_requests_about(premises=locked, incidents=incidents, actor=by.actor)
        premises_services.empty(premises=locked, actor=by.actor)
        return Departure(county, lead, None)
    held = registrants.end(registrant=registrant, by=by, incidents=incidents, moved_to=fips)
    return Departure(county, lead, held)
