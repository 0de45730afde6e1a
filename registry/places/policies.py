"""Rules of places and cameras. A text may say anything but how to watch a camera (promise R2)."""

import re
from collections.abc import Mapping

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from fusus_portal.ground.geo.counties import county_at, inside_jurisdiction, near_boundary, own_county
from fusus_portal.ground.geo.geocoding import Address, Geocoded
from fusus_portal.ground.geo.points import Point, Precision
from fusus_portal.ground.lifecycle import Stale
from fusus_portal.ground.streets.geocoding import water_at
from registry.places.models import Camera, Premises
from registry.rules import CAMERAS_AT_ONE, PIN_FAR_FROM_ROOFTOP_M, PIN_FAR_FROM_ZIP_M, PLACES_OF_ONE

NETWORK_ADDRESS = r"(?:\d{1,3}(?:\.\d{1,3}){3}|\[[0-9a-f:]*:[0-9a-f:.]*\])"

WAYS_IN = re.compile(
    r"\b(?:rtsps?|rtspu|rtmp[a-z]?|srt|mms|onvif|rtp|udp|webrtc)\s*:\s*//"  # the address of a stream
    rf"|\b[a-z][a-z0-9+.-]*://(?:[^\s/@]+@|{NETWORK_ADDRESS})"  # an address with a sign-in, or of one device
    rf"|(?<![\d.]){NETWORK_ADDRESS}\s*:\s*\d{{2,5}}\b"  # a network address with its port
    r"|[^\s:@/]+:[^\s@/]+@[\w.-]+\.\w+",  # name:password@host
    re.IGNORECASE,
)

COLON = ":"
"""Each way to watch a camera has a colon, and few texts do, so most texts need no slower search."""


def check_inside(point: Point, *, field: str) -> None:
    """Raise ValidationError on `field`, naming the county, for a point outside the agency's boundary."""
    if inside_jurisdiction(point):
        return
    county, own = county_at(point), own_county()
    if county is None:
        sentence = _("This place is not in any county. This registry is for %(own)s.") % {"own": own}
    elif county.fips == own.fips:
        sentence = _("This place is outside the area that this office serves.")
    else:
        sentence = _("This place is in %(county)s. This registry is for %(own)s.") % {"county": county, "own": own}
    raise ValidationError({field: sentence})


def check_pin(pin: Point, *, address: Geocoded) -> None:
    """Raise ValidationError on "pin" when it is too far from the address, by how precisely the address is known."""
    far = PIN_FAR_FROM_ROOFTOP_M if address.precision == Precision.ROOFTOP else PIN_FAR_FROM_ZIP_M
    if pin.distance_m(address.point) > far:
        raise ValidationError({"pin": _("This pin is far from the address. Please check the pin and the ZIP code.")})


def check_confirmed(point: Point, *, confirmed: bool) -> None:
    """Raise ValidationError on "confirmed" for a point at the boundary or in water that nobody has confirmed."""
    if confirmed:
        return
    if near_boundary(point):
        sentence = _("This place is close to the county line. Please confirm that the pin is right.")
        raise ValidationError({"confirmed": sentence})
    water = water_at(point)
    if water is not None:
        sentence = _("The pin is in %(water)s. Move it to the building, or confirm that the cameras are on the water.")
        raise ValidationError({"confirmed": sentence % {"water": water or _("a lake or a river")}})


def check_outside(point: Point) -> None:
    """Raise ValidationError on "pin" for a place inside the agency's boundary: moving there ends no registration."""
    if inside_jurisdiction(point):
        raise ValidationError({"pin": _("This place is in the area that this office serves, so you stay registered.")})


def check_moves(address: Address, *, to: Address) -> None:
    """Raise ValidationError on "street" when a place's new address is the present one."""
    if _plain(address) == _plain(to):
        raise ValidationError({"street": _("This is the address that we have. To correct the spot, move the pin.")})


def already_here() -> str:
    return _("This address is one of your places already. You can add cameras to it there.")


def check_room_for_place(there: int) -> None:
    """Raise ValidationError on "street" when a registration has as many places as allowed."""
    if there >= PLACES_OF_ONE:
        sentence = _("One registration holds at most %(limit)d places. Please call us if you have more.")
        raise ValidationError({"street": sentence % {"limit": PLACES_OF_ONE}})


def check_room_for_camera(there: int) -> None:
    """Raise ValidationError on "name" when a place has as many cameras as allowed."""
    if there >= CAMERAS_AT_ONE:
        sentence = _("One place holds at most %(limit)d cameras. Please call us if you have more.")
        raise ValidationError({"name": sentence % {"limit": CAMERAS_AT_ONE}})


def check_camera_name(name: str, *, at: Premises, own: Camera | None = None) -> None:
    """Raise ValidationError on "name" for a name in use there, or a camera too many. own: the camera to change."""
    there = at.cameras.registered()
    if own is None:
        check_room_for_camera(there.count())
    if there.filter(name__iexact=" ".join(name.split())).exclude(pk__in=[own.pk] if own else []).exists():
        raise ValidationError({"name": camera_here()})


def camera_here() -> str:
    return _("You have a camera of this name here already.")


def check_direction(facing: object, *seen: object) -> None:
    """Raise ValidationError on "facing" for a camera's width or reach (`seen`) without a direction."""
    if facing is None and any(each is not None for each in seen):
        raise ValidationError({"facing": _("Say where the camera faces, or leave width and reach empty.")})


def check_no_way_in(texts: Mapping[str, object]) -> None:
    """Raise ValidationError by field for text with the address of a camera's video, or a sign-in to it."""
    found = {field for field, text in texts.items() if isinstance(text, str) and COLON in text and WAYS_IN.search(text)}
    if found:
        sentence = _(
            "This looks like the address of a camera's video, or a sign-in to it. "
            "We keep none, so that nobody can watch. Please write it without."
        )
        raise ValidationError(dict.fromkeys(sorted(found), sentence))


def must_be_registered(premises: Premises) -> None:
    if premises.removed_at is not None:
        raise Stale(_("This place is no longer in the registry."), subject=premises.subject)


def _plain(address: Address) -> tuple[str, ...]:
    words = (address.street, address.city, address.state, address.zip_code[:5])
    return tuple(" ".join(word.casefold().split()) for word in words)
