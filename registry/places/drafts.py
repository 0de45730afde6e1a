"""A new place, or the new address of one that moves, typed step by step."""

from abc import ABC, abstractmethod
from typing import Any
from uuid import UUID

from django.contrib.sessions.backends.base import SessionBase

from fusus_portal.ground.geo.counties import county_at
from fusus_portal.ground.geo.geocoding import Address, Geocoded
from fusus_portal.ground.geo.points import Point, Precision
from registry.places.forms.addresses import MISSING, address_of
from registry.places.services.premises import NewPremises


class Typed(ABC):
    """Values that a person typed, by step of a page: plain text, numbers and lists."""

    typed: dict[str, Any]

    def __getitem__(self, step: str) -> Any:
        return self.typed[step]

    def get(self, step: str) -> Any:
        return self.typed.get(step)

    @abstractmethod
    def put(self, step: str, typed: Any, *, forget: tuple[str, ...] = ()) -> None:
        """Keep the values of a step, and forget those of other steps."""

    def put_place(self, typed: dict[str, str], found: Geocoded) -> None:
        """Keep an address and its geocoded point; forget the pin of another address."""
        point = found.point
        where = {"latitude": point.latitude, "longitude": point.longitude, "precision": str(found.precision)}
        whole = {**typed, "found": where}
        self.put("place", whole, forget=() if self.get("place") == whole else ("pin",))

    @property
    def found(self) -> Geocoded:
        where = self.typed["place"]["found"]
        point = Point(where["latitude"], where["longitude"])
        return Geocoded(point, Precision(where["precision"]), county_at(point))

    @property
    def address(self) -> Address:
        return address_of(self.typed["place"])

    @property
    def pin(self) -> Point:
        return Point(self.typed["pin"]["latitude"], self.typed["pin"]["longitude"])

    @property
    def place(self) -> NewPremises:
        place, confirmed = self.typed["place"], self.typed["pin"]["confirmed"]
        name, is_missing = place.get("name", ""), place.get("meant") == MISSING
        return NewPremises(place["kind"], self.address, self.pin, confirmed, name, is_missing)


class PlaceDraft(Typed):
    """A new place, or the new address of the place `moves`, kept in the session until confirmed."""

    def __init__(self, session: SessionBase, *, moves: UUID | None = None) -> None:
        self.session, self.premises = session, str(moves or "")
        self.key = "moving" if moves else "new_place"
        kept = session.get(self.key, {})
        self.typed = dict(kept.get("typed", {})) if kept.get("premises") == self.premises else {}

    def put(self, step: str, typed: Any, *, forget: tuple[str, ...] = ()) -> None:
        self.typed = {name: value for name, value in self.typed.items() if name not in forget} | {step: typed}
        self.session[self.key] = {"premises": self.premises, "typed": self.typed}

    def clear(self) -> None:
        self.session.pop(self.key, None)
        self.typed = {}
