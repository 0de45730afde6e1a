"""A place that is being added. It lives in the session until it is confirmed."""

from typing import Any, Final

from django.contrib.sessions.backends.base import SessionBase

from fusus_portal.ground.geo import Address, Geocoded, Point, Precision, county_at
from registry.places.forms.places import address_of
from registry.places.services.premises import NewPremises

KEY: Final = "new_place"


class NewPlace:
    """What was typed so far: the address with where it leads, then the pin."""

    def __init__(self, session: SessionBase) -> None:
        self.session = session
        self.typed: dict[str, Any] | None = session.get(KEY)

    def put_address(self, typed: dict[str, str], found: Geocoded) -> None:
        """Keep an address and where it leads; the pin comes next."""
        point = found.point
        where = {"latitude": point.latitude, "longitude": point.longitude, "precision": str(found.precision)}
        self._put({**typed, "found": where})

    def put_pin(self, typed: dict[str, Any]) -> None:
        """Keep the pin."""
        self._put({**(self.typed or {}), "pin": typed})

    def first_gap(self, *, pin: bool) -> str | None:
        """Return the name of the page that must be filled in first, or None. pin: whether the pin must be there."""
        if self.typed is None:
            return "premises_new"
        return "premises_new_pin" if pin and "pin" not in self.typed else None

    def __getitem__(self, name: str) -> Any:
        return (self.typed or {})[name]

    def get(self, name: str) -> Any:
        """Return what was typed, or None."""
        return (self.typed or {}).get(name)

    @property
    def found(self) -> Geocoded:
        """Where the address leads."""
        where = self["found"]
        point = Point(where["latitude"], where["longitude"])
        return Geocoded(point, Precision(where["precision"]), county_at(point))

    @property
    def address(self) -> Address:
        """The address as typed."""
        return address_of(self.typed or {})

    @property
    def place(self) -> NewPremises:
        """The place as the service takes it."""
        pin = self["pin"]
        spot = Point(pin["latitude"], pin["longitude"])
        return NewPremises(self["kind"], self.address, pin=spot, confirmed=pin["confirmed"], name=self["name"])

    def clear(self) -> None:
        """Forget everything."""
        self.session.pop(KEY, None)
        self.typed = None

    def _put(self, typed: dict[str, Any]) -> None:
        self.typed = self.session[KEY] = typed
