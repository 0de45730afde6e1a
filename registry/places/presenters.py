from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any, Protocol

from django.utils.functional import Promise
from django.utils.translation import gettext, gettext_lazy as _, ngettext

from fusus_portal.ground.geo.geocoding import Address, Geocoded
from fusus_portal.ground.geo.points import Point
from fusus_portal.ground.pages import maps
from fusus_portal.ground.streets.presenters import where_found
from registry.places.camera_fields import DESCRIBED
from registry.places.models import Camera, PremisesKind
from registry.places.services.cameras import CameraDetails

APART = ("name", "kind", "covers", "days_kept")
"""Fields of a camera that a canvass shows on lines of their own."""


def pin_map(pin: Point) -> dict[str, Any]:
    """Return a small map of a pin."""
    return {"center": maps.pair(pin), "places": [maps.place(pin, gettext("Pin"))], **maps.ground()}


def described(said: Mapping[str, Any], *, but: Iterable[str] = ("name",)) -> str:
    """Return an owner's description of a camera in one line, or "". but: the fields that are left out."""
    known = [field for field in DESCRIBED if field.name not in but and said.get(field.name) not in (None, "")]
    return ", ".join(field.phrase(said[field.name]) for field in known)


def title(camera: CameraDetails) -> str:
    """Return the name of a camera with its kind: "Front door (Doorbell)"."""
    return f"{camera.name} ({camera.kind})" if camera.kind else camera.name


def sees(camera: CameraDetails) -> str:
    """Return "faces northeast, 90° wide, as far as 100 feet", and other fields without a line of their own."""
    return described(asdict(camera), but=APART)


def sector(camera: Camera | CameraDetails) -> dict[str, int]:
    """Return a camera's sector for the map, empty unless direction, width and reach are known."""
    if camera.facing is None or camera.angle is None or camera.reach_m is None:
        return {}
    return {"facing": camera.facing, "angle": camera.angle, "reach": camera.reach_m}


def overwritten(days_kept: int | None, starts_at: datetime, ends_at: datetime, now: datetime) -> str:
    """Return a warning if a device has probably overwritten the footage, or part of it; else ""."""
    if days_kept is None or starts_at + timedelta(days=days_kept) > now:
        return ""
    if ends_at + timedelta(days=days_kept) <= now:
        words = ngettext(
            "Keeps %(days)d day: this footage is probably overwritten already.",
            "Keeps %(days)d days: this footage is probably overwritten already.",
            days_kept,
        )
    else:
        words = ngettext(
            "Keeps %(days)d day: part of this footage may be overwritten already.",
            "Keeps %(days)d days: part of this footage may be overwritten already.",
            days_kept,
        )
    return words % {"days": days_kept}


Fact = tuple[str | Promise, object]


class Filled(Protocol):
    """Typed values of a registration, by step."""

    @property
    def found(self) -> Geocoded: ...

    @property
    def address(self) -> Address: ...

    @property
    def pin(self) -> Point: ...

    def __getitem__(self, step: str) -> Any: ...


def place_facts(draft: Filled) -> list[Fact]:
    place = draft["place"]
    facts: list[Fact] = [
        (_("Kind of place"), PremisesKind(place["kind"]).label),
        (_("Address"), str(draft.address)),
        (_("Pin"), where_found(draft.pin, draft.found, draft.address.street) or _("Where you put it")),
        (_("Name of the place"), place.get("name", "")),
    ]
    return [(term, said) for term, said in facts if said]
