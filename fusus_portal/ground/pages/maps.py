"""What a map on a page needs besides its own places."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings

from fusus_portal.ground.geo.areas import Area
from fusus_portal.ground.geo.jurisdiction import boundary_geojson
from fusus_portal.ground.geo.models import Located
from fusus_portal.ground.geo.points import Point, Precision
from fusus_portal.ground.streets import map_files


def ground() -> dict[str, Any]:
    """Return the county's boundary (GeoJSON), and what is drawn below the places.

    tiles: the address of the agency's own tiles, "" without; streets: that of the street map, "" before the first one;
    attribution: of the one that is drawn.
    """
    streets, attribution = ("", "") if settings.MAP_TILE_URL else map_files.drawn()
    return {
        "boundary": boundary_geojson(),
        "tiles": settings.MAP_TILE_URL,
        "streets": streets,
        "attribution": attribution if streets else settings.MAP_TILE_ATTRIBUTION,
    }


def pair(point: Point) -> str:
    """Return a point as the map reads it: "latitude,longitude" in degrees."""
    return f"{point.latitude:.6f},{point.longitude:.6f}"


def ring(area: Area) -> list[list[float]]:
    """Return a polygon's corners as the map reads them: [latitude, longitude] in degrees; none for a circle."""
    return [[corner.latitude, corner.longitude] for corner in area.corners]


def place(
    point: Point, label: str, *, kind: str = "", row: str = "", sector: dict[str, int] | None = None
) -> dict[str, Any]:
    """Return one marker: lat and lon in degrees, label, kind, and the id of its row in the list.

    kind: "camera" for a dot, "sector" for what a camera sees alone. sector: as `coverage.sector` returns it.
    """
    return {"lat": point.latitude, "lon": point.longitude, "label": label, "kind": kind, "id": row, **(sector or {})}


def outline(area: Area, label: str, *, kind: str = "", row: str = "") -> dict[str, Any]:
    """Return one area: its circle or polygon, the label at its edge, its kind, and the id of its row in the list.

    center in degrees, radius in meters, corners as of `ring`. kind: "declared", or "prepared" for what nobody sent.
    """
    center = [area.center.latitude, area.center.longitude]
    return {"center": center, "radius": area.radius_m, "corners": ring(area), "label": label, "kind": kind, "id": row}


@dataclass(frozen=True, slots=True)
class MappedArea:
    """An area on a map, and its line in the list beside it.

    kind, label: as of `outline`. row: the id of the line, which says `text`. link, url: where it leads, or "".
    """

    area: Area
    kind: str
    row: str
    label: str
    text: str
    link: str = ""
    url: str = ""

    @property
    def outline(self) -> dict[str, Any]:
        """The area as the map reads it."""
        return outline(self.area, self.label, kind=self.kind, row=self.row)


def is_vague(located: Located) -> bool:
    """Return whether a point is only as good as a ZIP code, so that nothing exact can be drawn on it."""
    return located.precision == Precision.AREA
