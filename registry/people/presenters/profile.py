"""A registrant's profile, and the last page of registering."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext, gettext_lazy as _, ngettext

from fusus_portal.ground.pages import maps
from registry.letters.presenters import PlaceNote, notes_on
from registry.people.services.registrants import Reach
from registry.places import presenters
from registry.places.camera_fields import NAMES
from registry.places.models import Camera, Premises
from registry.places.presenters import Fact, Filled, described, pin_map, place_facts
from registry.registrants.models import LANGUAGES, ContactWay, Registrant


def summary(draft: Filled) -> list[dict[str, Any]]:
    """Return all that registering will save, to be checked first (WCAG 3.3.4), part by part as in the steps."""
    you = draft["you"]
    about_you: list[Fact] = [
        (_("Name"), you["name"]),
        *phone_facts(you["phone"]),
        *reach_facts(Reach.typed(you)),
        (_("We write in"), LANGUAGES[you["language"]]),
    ]
    cameras: list[Fact] = [
        (
            gettext("Camera %(number)s") % {"number": number},
            ", ".join(filter(None, (camera["name"], described(camera)))),
        )
        for number, camera in enumerate(draft["cameras"], start=1)
    ]
    return [
        {"heading": _("You"), "page": "register_you", "facts": about_you},
        {"heading": _("Place"), "page": "register_place", "facts": place_facts(draft), "map": pin_map(draft.pin)},
        {"heading": _("Cameras"), "page": "register_cameras", "facts": cameras},
    ]


def phone_facts(phone: str) -> list[Fact]:
    return [(_("Phone number"), phone)] if phone else []


def reach_facts(reach: Reach) -> list[Fact]:
    facts: list[Fact] = [
        (_("How we may reach you"), ContactWay(reach.contact_way).label),
        (_("Whom to ask for"), reach.contact_person),
        (_("Second phone number"), reach.second_phone),
        (_("When"), reach.hours),
    ]
    return [(term, said) for term, said in facts if said]


CAMERAS_AT_FIRST = 6
"""Cameras of a place that its card shows at once; the others are folded."""


@dataclass(frozen=True, slots=True)
class PlaceCard:
    """An owner's place with its cameras. is_vague: no search finds it, since its point is only that of its ZIP code."""

    premises: Premises
    cameras: Sequence[Camera]
    confirmation: PlaceNote

    @property
    def is_vague(self) -> bool:
        return maps.is_vague(self.premises)

    @property
    def is_unfound(self) -> bool:
        """True if no search finds the place's cameras, paused or not. The card says why."""
        return self.is_vague or self.confirmation.is_left_out

    @property
    def label(self) -> str:
        return self.premises.name or str(self.premises.address)

    @property
    def counted(self) -> str:
        """Numbers of cameras, and of paused ones if there are any."""
        number, paused = len(self.cameras), sum(camera.paused_at is not None for camera in self.cameras)
        cameras = ngettext("%(number)d camera", "%(number)d cameras", number) % {"number": number}
        words = ngettext("%(number)d is paused", "%(number)d are paused", paused) % {"number": paused}
        return f"{cameras}, {words}" if paused else cameras

    @property
    def first(self) -> list[dict[str, Any]]:
        return [_line(camera) for camera in self.cameras[:CAMERAS_AT_FIRST]]

    @property
    def rest(self) -> list[dict[str, Any]]:
        return [_line(camera) for camera in self.cameras[CAMERAS_AT_FIRST:]]

    @property
    def markers(self) -> list[dict[str, Any]]:
        point = self.premises.point
        sectors = [presenters.sector(camera) for camera in self.cameras] if not self.is_vague else []
        drawn = [maps.place(point, "", kind="sector", sector=sector) for sector in sectors if sector]
        return [*drawn, maps.place(point, self.label)]


@dataclass(frozen=True, slots=True)
class Pauses:
    """Numbers of an owner's cameras. unfound: not paused, but at a place where no search finds any."""

    total: int
    paused: int
    unfound: int = 0

    @property
    def words(self) -> str:
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
        words = ngettext(
            "%(found)d of your %(total)d cameras can be found by a search after a crime or an emergency nearby.",
            "%(found)d of your %(total)d cameras can be found by a search after a crime or an emergency nearby.",
            numbers["found"],
        )
        return words % numbers


def places_page(places: Iterable[Premises]) -> dict[str, Any]:
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


def contact_facts(registrant: Registrant, email: str) -> list[Fact]:
    return [
        (_("Registration number"), registrant.reference),
        (_("Name"), registrant.name),
        (_("E-mail address"), email),
        *phone_facts(registrant.phone),
        *reach_facts(Reach.of(registrant)),
        (_("We write in"), LANGUAGES[registrant.language]),
    ]


def _line(camera: Camera) -> dict[str, Any]:
    return {"camera": camera, "words": described({name: getattr(camera, name) for name in NAMES})}
