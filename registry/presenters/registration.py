"""What the last page of registering says."""

from dataclasses import dataclass
from typing import Any, Protocol

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from fusus_portal.geo import Address
from registry.models import PremisesKind
from registry.models.people import LANGUAGES

Fact = tuple[str | Promise, object]


class Filled(Protocol):
    """Everything that was typed, by step."""

    @property
    def address(self) -> Address:
        """The address as typed."""

    def __getitem__(self, step: str) -> Any: ...


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the summary, and the page where it is corrected."""

    heading: str | Promise
    page: str
    facts: list[Fact]


class Summary:
    """All that will be saved, to be checked first (WCAG 3.3.4)."""

    def __init__(self, draft: Filled) -> None:
        self.draft = draft

    @property
    def parts(self) -> list[Part]:
        """You, place, cameras, in the order they were asked for."""
        return [
            Part(_("You"), "register_you", self._you()),
            Part(_("Place"), "register_place", self._place()),
            Part(_("Cameras"), "register_cameras", self._cameras()),
        ]

    def _you(self) -> list[Fact]:
        you = self.draft["you"]
        return [
            (_("Name"), you["name"]),
            (_("Phone number"), you["phone"]),
            (_("We write in"), LANGUAGES[you["language"]]),
        ]

    def _place(self) -> list[Fact]:
        pin = self.draft["pin"]
        return [
            (_("Kind of place"), PremisesKind(self.draft["place"]["kind"]).label),
            (_("Address"), str(self.draft.address)),
            (_("Pin"), f"{pin['latitude']:.5f}, {pin['longitude']:.5f}"),
        ]

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


def described(camera: dict[str, str]) -> str:
    """Return what is known of a camera besides its name, in one line; "" when nothing is."""
    return ", ".join(filter(None, [camera["kind"], camera["make"], camera["model"], camera["covers"]]))
