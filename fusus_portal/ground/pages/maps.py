"""What a map on a page needs besides its own places."""

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
    streets = "" if settings.MAP_TILE_URL else map_files.address()
    return {
        "boundary": boundary_geojson(),
        "tiles": settings.MAP_TILE_URL,
        "streets": streets,
        "attribution": map_files.attribution() if streets else settings.MAP_TILE_ATTRIBUTION,
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


def is_vague(located: Located) -> bool:
    """Return whether a point is only as good as a ZIP code, so that nothing exact can be drawn on it."""
    return located.precision == Precision.AREA
