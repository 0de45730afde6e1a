"""A registration that is being filled in. It lives in the session until it is confirmed."""

from typing import Any, Final

from django.contrib.sessions.backends.base import SessionBase
from django.utils.translation import gettext_lazy as _

from fusus_portal.geo import Address, Geocoded, Point, Precision, county_at
from registry.forms.places import address_of
from registry.services.premises import Place

KEY: Final = "registration"

STEPS: Final = {
    "you": "register_you",
    "place": "register_place",
    "pin": "register_pin",
    "cameras": "register_cameras",
    "meaning": "register_meaning",
}
"""What must be filled in, in this order, and the page that asks for it."""

LABELS: Final = [_("You"), _("Place"), _("Cameras"), _("What it means"), _("Check")]


class Draft:
    """What was typed so far, by step. Values are plain text, numbers and lists."""

    def __init__(self, session: SessionBase) -> None:
        self.session = session
        self.typed: dict[str, Any] = session.get(KEY, {})

    def __getitem__(self, step: str) -> Any:
        return self.typed[step]

    def get(self, step: str) -> Any:
        """Return what was typed at a step, or None."""
        return self.typed.get(step)

    def put(self, step: str, typed: Any) -> None:
        """Keep what was typed at a step."""
        self.typed = {**self.typed, step: typed}
        self.session[KEY] = self.typed

    def put_place(self, typed: dict[str, str], found: Geocoded) -> None:
        """Keep an address and where it leads; a pin for another address is forgotten."""
        point = found.point
        where = {"latitude": point.latitude, "longitude": point.longitude, "precision": str(found.precision)}
        if self.get("place") != {**typed, "found": where}:
            self.typed.pop("pin", None)
        self.put("place", {**typed, "found": where})

    @property
    def found(self) -> Geocoded:
        """Where the address leads."""
        where = self.typed["place"]["found"]
        point = Point(where["latitude"], where["longitude"])
        return Geocoded(point, Precision(where["precision"]), county_at(point))

    @property
    def address(self) -> Address:
        """The address as typed."""
        return address_of(self.typed["place"])

    @property
    def place(self) -> Place:
        """The place as the service takes it."""
        spot = self.typed["pin"]
        pin = Point(spot["latitude"], spot["longitude"])
        return Place(self.typed["place"]["kind"], self.address, pin=pin, confirmed=spot["confirmed"])

    def first_gap(self, *, before: str = "") -> str | None:
        """Return the name of the page of the first step that is not filled in, looking no further than `before`."""
        for step, page in STEPS.items():
            if step == before:
                return None
            if step not in self.typed:
                return page
        return None

    def clear(self) -> None:
        """Forget everything."""
        self.session.pop(KEY, None)
        self.typed = {}
