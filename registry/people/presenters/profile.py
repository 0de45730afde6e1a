"""What a registrant's profile says."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from fusus_portal.ground.pages import maps
from registry.canvasses.models.canvasses import FootageRequest
from registry.canvasses.request_links import token_for
from registry.letters.presenters import PlaceNote, notes_on
from registry.people.models import LANGUAGES, Registrant
from registry.people.presenters.registration import Fact, reach_facts
from registry.people.services.registrants import Reach
from registry.places import presenters
from registry.places.camera_fields import NAMES
from registry.places.models import Camera, Premises

CAMERAS_AT_FIRST = 6
"""So many cameras of a place are listed at once; the others are folded behind them."""


@dataclass(frozen=True, slots=True)
class CameraLine:
    """One camera, and what is known of it in words."""

    camera: Camera
    words: str


@dataclass(frozen=True, slots=True)
class PlaceCard:
    """One place with its cameras. is_vague: its point is only as good as its ZIP code, so no search finds it.

    confirmation: whether it is confirmed.
    """

    premises: Premises
    cameras: Sequence[Camera]
    confirmation: PlaceNote

    @property
    def is_vague(self) -> bool:
        """Whether the pin is still to be placed."""
        return maps.is_vague(self.premises)

    @property
    def is_unfound(self) -> bool:
        """Whether no search finds its cameras, paused or not; its card says why."""
        return self.is_vague or self.confirmation.is_left_out

    @property
    def label(self) -> str:
        """What its owner calls it, else its address."""
        return self.premises.name or str(self.premises.address)

    @property
    def first(self) -> list[CameraLine]:
        """The cameras that are listed at once."""
        return [_line(camera) for camera in self.cameras[:CAMERAS_AT_FIRST]]

    @property
    def rest(self) -> list[CameraLine]:
        """The cameras behind them."""
        return [_line(camera) for camera in self.cameras[CAMERAS_AT_FIRST:]]

    @property
    def markers(self) -> list[dict[str, Any]]:
        """Its pin on the map, and what its cameras see."""
        point = self.premises.point
        sectors = [presenters.sector(camera) for camera in self.cameras] if not self.is_vague else []
        drawn = [maps.place(point, "", kind="sector", sector=sector) for sector in sectors if sector]
        return [*drawn, maps.place(point, self.label)]


@dataclass(frozen=True, slots=True)
class Pauses:
    """How many cameras there are, and how many of them are paused.

    unfound: of the others, how many are at a place where no search finds any.
    """

    total: int
    paused: int
    unfound: int = 0

    @property
    def words(self) -> str:
        """Their state in one sentence."""
        if self.unfound:
            return self._words_of_unfound
        if not self.paused:
            return ngettext(
                "Your camera can be found by a search after a crime or an emergency nearby.",
                "Your %(total)d cameras can be found by a search after a crime or an emergency nearby.",
                self.total,
            ) % {"total": self.total}
        if self.paused < self.total:
            return ngettext(
                "%(paused)d of your %(total)d cameras is paused. No search finds it.",
                "%(paused)d of your %(total)d cameras are paused. No search finds them.",
                self.paused,
            ) % {"paused": self.paused, "total": self.total}
        return ngettext(
            "Your camera is paused. No search finds it, and no new request reaches you.",
            "All your %(total)d cameras are paused. No search finds them, and no new request reaches you.",
            self.total,
        ) % {"total": self.total}

    @property
    def _words_of_unfound(self) -> str:
        numbers = {"found": self.total - self.paused - self.unfound, "total": self.total}
        if not numbers["found"]:
            return ngettext(
                "No search finds your camera now. Its place says why.",
                "No search finds your %(total)d cameras now. Their places say why.",
                self.total,
            ) % {"total": self.total}
        return (
            ngettext(
                "%(found)d of your %(total)d cameras can be found by a search after a crime or an emergency nearby.",
                "%(found)d of your %(total)d cameras can be found by a search after a crime or an emergency nearby.",
                numbers["found"],
            )
            % numbers
        )


def places_page(places: Iterable[Premises]) -> dict[str, Any]:
    """Return what the profile says about places with their cameras, which must be loaded."""
    places = list(places)
    notes = notes_on(places)
    cards = [PlaceCard(premises, list(premises.cameras.all()), notes[premises.pk]) for premises in places]
    cameras = [camera for card in cards for camera in card.cameras]
    unfound = [camera for card in cards if card.is_unfound for camera in card.cameras if not camera.paused_at]
    return {
        "places": cards,
        "pauses": Pauses(len(cameras), len([camera for camera in cameras if camera.paused_at]), len(unfound)),
        "markers": [marker for card in cards for marker in card.markers],
        "center": maps.pair(cards[0].premises.point) if cards else "",
    }


def answer_url(request: FootageRequest) -> str:
    """Return where a request is answered, which the link in the message leads to as well."""
    return reverse("reply", args=[token_for(request)])


def contact_facts(registrant: Registrant, email: str) -> list[Fact]:
    """Return how the office reaches a registrant."""
    return [
        (_("Registration number"), registrant.reference),
        (_("Name"), registrant.name),
        (_("E-mail address"), email),
        (_("Phone number"), registrant.phone),
        *reach_facts(Reach.of(registrant)),
        (_("We write in"), LANGUAGES[registrant.language]),
    ]


def _line(camera: Camera) -> CameraLine:
    return CameraLine(camera, presenters.described({name: getattr(camera, name) for name in NAMES}))
