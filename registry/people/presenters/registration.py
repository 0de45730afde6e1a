from typing import Any, Protocol

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from fusus_portal.ground.geo.geocoding import Address
from fusus_portal.ground.geo.points import Point
from registry.people.models import LANGUAGES, ContactWay
from registry.people.services.registrants import Reach
from registry.places.models import PremisesKind
from registry.places.presenters import described, pin_map, where

Fact = tuple[str | Promise, object]


class Filled(Protocol):
    """Values of a registration by step."""

    @property
    def address(self) -> Address:
        """The address as typed."""

    @property
    def pin(self) -> Point:
        """The point of the pin."""

    def __getitem__(self, step: str) -> Any: ...


def summary(draft: Filled) -> list[dict[str, Any]]:
    """Return all that will be saved, to be checked first (WCAG 3.3.4): you, place, cameras, in the order of the steps.

    Each part has its heading, the page that corrects it, and its facts; a place has a map if its pin needs one.
    """
    you = draft["you"]
    about_you: list[Fact] = [
        (_("Name"), you["name"]),
        (_("Phone number"), you["phone"]),
        *reach_facts(Reach.typed(you)),
        (_("We write in"), LANGUAGES[you["language"]]),
    ]
    cameras = [_camera_fact(number, camera) for number, camera in enumerate(draft["cameras"], start=1)]
    return [
        {"heading": _("You"), "page": "register_you", "facts": about_you},
        {
            "heading": _("Place"),
            "page": "register_place",
            "facts": place_facts(draft),
            "map": pin_map(draft.pin),
        },
        {"heading": _("Cameras"), "page": "register_cameras", "facts": cameras},
    ]


def _camera_fact(number: int, camera: dict[str, Any]) -> Fact:
    said = ", ".join(filter(None, (camera["name"], described(camera))))
    return gettext("Camera %(number)s") % {"number": number}, said


def place_facts(draft: Filled) -> list[Fact]:
    place = draft["place"]
    facts: list[Fact] = [
        (_("Kind of place"), PremisesKind(place["kind"]).label),
        (_("Address"), str(draft.address)),
        (_("Pin"), where(draft.pin) or _("Where you put it")),
        (_("Name of the place"), place.get("name", "")),
    ]
    return [(term, said) for term, said in facts if said]


def reach_facts(reach: Reach) -> list[Fact]:
    facts: list[Fact] = [
        (_("How we may reach you"), ContactWay(reach.contact_way).label),
        (_("Whom to ask for"), reach.contact_person),
        (_("Second phone number"), reach.second_phone),
        (_("When"), reach.hours),
    ]
    return [(term, said) for term, said in facts if said]
