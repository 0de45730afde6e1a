"""What a registrant's profile says."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from fusus_portal.geo import Precision
from registry.links import token_for
from registry.models import Camera, FootageRequest, Premises, Registrant
from registry.models.people import LANGUAGES
from registry.presenters import maps
from registry.presenters.registration import Fact, described


@dataclass(frozen=True, slots=True)
class PlaceCard:
    """One place with its cameras. is_vague: its point is only as good as its ZIP code, so no search finds it."""

    premises: Premises
    cameras: Sequence[Camera]

    @property
    def is_vague(self) -> bool:
        """Whether the pin is still to be placed."""
        return self.premises.precision == Precision.AREA

    @property
    def center(self) -> str:
        """The place as the map reads it."""
        return maps.pair(self.premises.point)

    @property
    def places_id(self) -> str:
        """The id of the element with the map's markers."""
        return f"places-{self.premises.pk}"

    @property
    def places(self) -> list[dict[str, Any]]:
        """The map's one marker."""
        return [maps.place(self.premises.point, str(self.premises.address))]

    @property
    def rows(self) -> list[tuple[Camera, str]]:
        """Each camera, and what is known of it."""
        return [(camera, described(_words(camera))) for camera in self.cameras]


@dataclass(frozen=True, slots=True)
class Waiting:
    """A request that waits for an answer, and where it is answered."""

    request: FootageRequest

    @property
    def url(self) -> str:
        """The page of the request, which the link in the message leads to as well."""
        return reverse("reply", args=[token_for(self.request)])


def contact_facts(registrant: Registrant, email: str) -> list[Fact]:
    """Return how the office reaches a registrant."""
    return [
        (_("Registration number"), registrant.reference),
        (_("Name"), registrant.name),
        (_("E-mail address"), email),
        (_("Phone number"), registrant.phone),
        (_("We write in"), LANGUAGES[registrant.language]),
    ]


def _words(camera: Camera) -> dict[str, str]:
    return {"kind": camera.kind, "make": camera.make, "model": camera.model, "covers": camera.covers}
