from collections.abc import Iterable
from typing import Any, Final

from django.utils.translation import gettext as _, gettext_lazy

from fusus_portal.ground.geo.geocoding import Geocoded
from fusus_portal.ground.geo.points import Point, Precision
from fusus_portal.ground.streets import selectors, uploads
from fusus_portal.ground.streets.finder.blocks import block_at
from fusus_portal.ground.streets.finder.houses import SAME_SPOT_M, house_in_front, houses_near
from fusus_portal.ground.streets.models import StreetData
from fusus_portal.ground.streets.states import LoadState

SAMPLES: Final = 20
"""Most names shown of the streets that a load adds, and of those that it removes."""

COUNTED: Final = {
    "streets": gettext_lazy("streets"),
    "segments": gettext_lazy("street segments"),
    "addresses": gettext_lazy("addresses"),
    "corners": gettext_lazy("corners"),
    "sites": gettext_lazy("parks, waters and places by name"),
}
KINDS: Final = {LoadState.CURRENT: "good", LoadState.READY: "warn", LoadState.FAILED: "bad"}


def lines_of(loadings: Iterable[StreetData]) -> list[dict[str, Any]]:
    return [
        {
            "data": data,
            "kind": KINDS.get(LoadState(data.state), "quiet"),
            "streets": data.counts.get("streets", 0),
            "addresses": data.counts.get("addresses", 0),
        }
        for data in loadings
    ]


def page(data: StreetData) -> dict[str, Any]:
    current = selectors.in_use()
    told: dict[str, Any] = {
        "data": data,
        "kind": KINDS.get(LoadState(data.state), "quiet"),
        "can_use": data.state == LoadState.READY,
        "can_go_back": data.state == LoadState.PREVIOUS,
        "can_discard": data.state in (LoadState.READY, LoadState.FAILED),
        "current": current,
        **how_far(data),
    }
    if data.state in (LoadState.READY, LoadState.PREVIOUS) and current:
        told |= {"come": _samples(data, current), "go": _samples(current, data)}
    return told | {"counts": _counts(data, current)}


def how_far(data: StreetData) -> dict[str, Any]:
    told = uploads.progress_of(data.pk)
    percent = told["done"] * 100 // told["whole"] if told and told["whole"] else None
    return {"data": data, "at_work": data.state == LoadState.LOADING, "told": told, "percent": percent}


def note() -> str:
    current = selectors.in_use()
    return _("In use: data of %(date)s.") % {"date": current.date} if current else without()


def without() -> str:
    """Return the warning of a portal without loaded streets, or ""."""
    if selectors.in_use() is not None:
        return ""
    return _("No streets are loaded: no address is found, and the map is empty. A pin and “I am here” work.")


def where(point: Point, *, address: str = "") -> str:
    """Return the spot of a point as people call it: a house, else a block, or "" far from a known street.

    address: the street line that the point was found by, named itself if the county has no point of it.
    """
    house = house_in_front(point)
    block = None if house else block_at(point)
    if address and (block or (house and not house.is_at(address))):
        return _("Near %(address)s") % {"address": address}
    if house:
        return _("In front of %(address)s") % {"address": house.label}
    if block is None:
        return ""
    if not block.cross:
        return block.label
    return _("%(block)s, near %(street)s") % {"block": block.label, "street": block.cross}


def where_found(pin: Point, found: Geocoded, address: str) -> str:
    """Return the spot of a pin as `where`. found, address: the point and street line of the pin's address.

    While the pin is where its address put it, the words are about that address.
    """
    is_there = found.precision == Precision.ROOFTOP and pin.distance_m(found.point) < SAME_SPOT_M
    return where(pin, address=address if is_there else "")


def around(point: Point) -> dict[str, Any]:
    """Return the words for a point, and the house numbers to draw around it."""
    houses = [
        {
            "number": house.number,
            "latitude": round(house.point.latitude, 6),
            "longitude": round(house.point.longitude, 6),
            "exact": house.is_exact,
        }
        for house in houses_near(point)
    ]
    return {"where": where(point), "houses": houses}


def _counts(data: StreetData, current: StreetData | None) -> list[tuple[str, int, int | None]]:
    other = current if current and current.pk != data.pk else None
    return [
        (str(name), data.counts.get(kind, 0), other.counts.get(kind, 0) if other else None)
        for kind, name in COUNTED.items()
        if data.counts
    ]


def _samples(data: StreetData, other: StreetData) -> dict[str, Any]:
    rows = selectors.only_in(data, other)
    return {"count": rows.count(), "names": list(rows.values_list("label", flat=True)[:SAMPLES])}
