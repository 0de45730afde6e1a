from dataclasses import dataclass
from typing import Any

from django.conf import settings

from fusus_portal.ground.geo.counties import boundary_geojson
from fusus_portal.ground.geo.models import Located
from fusus_portal.ground.geo.points import Area, Point, Precision
from fusus_portal.ground.streets import street_map


def ground() -> dict[str, Any]:
    """Return a map's ground: the agency's boundary (GeoJSON), the URL of tiles or of streets, and their attribution."""
    streets, attribution = ("", "") if settings.MAP_TILE_URL else street_map.drawn_map()
    return {
        "boundary": boundary_geojson(),
        "tiles": settings.MAP_TILE_URL,
        "streets": streets,
        "attribution": attribution if streets else settings.MAP_TILE_ATTRIBUTION,
    }


def pair(point: Point) -> str:
    """Return "latitude,longitude" in degrees."""
    return f"{point.latitude:.6f},{point.longitude:.6f}"


def ring(area: Area) -> list[list[float]]:
    """Return a polygon's corners as [latitude, longitude] in degrees; [] for a circle."""
    return [[corner.latitude, corner.longitude] for corner in area.corners]


def place(
    point: Point, label: str, *, kind: str = "", row: str = "", sector: dict[str, int] | None = None
) -> dict[str, Any]:
    """Return a marker of a map. kind: "camera" draws a dot, "sector" just what a camera sees. row: id of a list row."""
    return {"lat": point.latitude, "lon": point.longitude, "label": label, "kind": kind, "id": row, **(sector or {})}


def outline(area: Area, label: str, *, kind: str = "", row: str = "") -> dict[str, Any]:
    """Return an area of a map in degrees and meters. kind: "declared", or "prepared" if unsent. row: id of its row."""
    center = [area.center.latitude, area.center.longitude]
    return {"center": center, "radius": area.radius_m, "corners": ring(area), "label": label, "kind": kind, "id": row}


@dataclass(frozen=True, slots=True)
class MappedArea:
    """An area on a map, and its row in the list. kind, label: as of `outline`. row, text, url: of that row."""

    area: Area
    kind: str
    row: str
    label: str
    text: str
    link: str = ""
    url: str = ""

    @property
    def outline(self) -> dict[str, Any]:
        return outline(self.area, self.label, kind=self.kind, row=self.row)


def is_vague(located: Located) -> bool:
    return located.precision == Precision.AREA
