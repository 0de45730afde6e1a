"""What the last page of registering says."""

from collections.abc import Mapping
from typing import Any, Protocol

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from fusus_portal.ground.geo import Address
from registry.people.models import LANGUAGES, ContactWay
from registry.people.services.registrants import Reach
from registry.places.models import PremisesKind
from registry.places.presenters import described

Fact = tuple[str | Promise, object]


class Described(Protocol):
    """A place that is being added."""

    @property
    def address(self) -> Address:
        """The address as typed."""

    def __getitem__(self, name: str) -> Any: ...


class Filled(Protocol):
    """Everything that was typed, by step."""

    @property
    def address(self) -> Address:
        """The address as typed."""

    def __getitem__(self, step: str) -> Any: ...


class Summary:
    """All that will be saved, to be checked first (WCAG 3.3.4)."""

    def __init__(self, draft: Filled) -> None:
        self.draft = draft

    @property
    def parts(self) -> list[dict[str, Any]]:
        """You, place, cameras, in the order they were asked for, each with the page where it is corrected."""
        return [
            {"heading": _("You"), "page": "register_you", "facts": self._you()},
            {"heading": _("Place"), "page": "register_place", "facts": self._place()},
            {"heading": _("Cameras"), "page": "register_cameras", "facts": self._cameras()},
        ]

    def _you(self) -> list[Fact]:
        you = self.draft["you"]
        return [
            (_("Name"), you["name"]),
            (_("Phone number"), you["phone"]),
            *reach_facts(Reach.typed(you)),
            (_("We write in"), LANGUAGES[you["language"]]),
        ]

    def _place(self) -> list[Fact]:
        place = self.draft["place"]
        return _place_facts(place["kind"], self.draft.address, self.draft["pin"], place.get("name", ""))

    def _cameras(self) -> list[Fact]:
        return [
            (camera["name"], described(camera) or _("Nothing more said, and that is fine."))
            for camera in self.draft["cameras"]
        ]


def kept_in_words(days: int) -> str:
    """Return a number of days as people say it: "3 years", or in days."""
    years, rest = divmod(days, 365)
    if rest or not years:
        return ngettext("%(count)d day", "%(count)d days", days) % {"count": days}
    return ngettext("%(count)d year", "%(count)d years", years) % {"count": years}


def place_facts(place: Described) -> list[Fact]:
    """Return what will be saved of one more place."""
    return _place_facts(place["kind"], place.address, place["pin"], place["name"])


def reach_facts(reach: Reach) -> list[Fact]:
    """Return how somebody may be reached besides by e-mail; nothing that is empty."""
    facts: list[Fact] = [
        (_("How we may reach you"), ContactWay(reach.contact_way).label),
        (_("Whom to ask for"), reach.contact_person),
        (_("Second phone number"), reach.second_phone),
        (_("When"), reach.hours),
    ]
    return [(term, said) for term, said in facts if said]


def _place_facts(kind: str, address: Address, pin: Mapping[str, float], name: str) -> list[Fact]:
    facts: list[Fact] = [
        (_("Kind of place"), PremisesKind(kind).label),
        (_("Address"), str(address)),
        (_("Pin"), f"{pin['latitude']:.5f}, {pin['longitude']:.5f}"),
    ]
    return [*facts, (_("Name of the place"), name)] if name else facts
