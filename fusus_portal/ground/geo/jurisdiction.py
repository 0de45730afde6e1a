"""The agency's jurisdiction: its own boundary if loaded, else its county."""

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import shapely
import shapely.geometry
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from numpy.typing import NDArray

from fusus_portal.ground.geo.points import METERS_PER_DEGREE, Point

from .counties import County, Edition, county, edition, year_of

CONFIRM_WITHIN_M = 200.0
MAP_TOLERANCE_M = 50.0
MAP_DIGITS = 5


def own_county() -> County:
    """Return the county of settings.COUNTY_FIPS. Raises UnknownCounty."""
    return county(settings.COUNTY_FIPS)


def inside_jurisdiction(point: Point) -> bool:
    return bool(shapely.intersects_xy(_jurisdiction(), point.longitude, point.latitude))


def near_boundary(point: Point, meters: float = CONFIRM_WITHIN_M) -> bool:
    """True within so many meters of the boundary. There the person confirms the place: boundaries are generalized."""
    return boundary_distance_m(point) <= meters


def boundary_distance_m(point: Point) -> float:
    """Return meters from the point to the boundary, in a plane: exact to a meter within some kilometers."""
    scale = np.array([np.cos(np.radians(point.latitude)), 1.0]) * METERS_PER_DEGREE
    origin = np.array([point.longitude, point.latitude])

    def flat(places: NDArray[np.float64]) -> NDArray[np.float64]:
        away = places - origin
        away[:, 0] = (away[:, 0] + 180.0) % 360.0 - 180.0
        flattened: NDArray[np.float64] = away * scale
        return flattened

    line = shapely.transform(shapely.boundary(_jurisdiction()), flat)
    return float(shapely.distance(line, shapely.Point(0.0, 0.0)))


def boundary_geojson() -> dict[str, Any]:
    """Return the boundary as a GeoJSON Feature for maps only: within 50 m, coordinates of 5 digits (1.1 m)."""
    return json.loads(_drawn(*_configured()))  # type: ignore[no-any-return]


def _configured() -> tuple[str, str, Edition]:
    return own_county().fips, settings.AGENCY_BOUNDARY, edition()


def _jurisdiction() -> shapely.Geometry:
    return _area(*_configured())


@lru_cache(maxsize=4)
def _area(fips: str, path: str, _edition: Edition) -> shapely.Geometry:
    area = _agency_area(Path(path)) if path else county(fips).polygon
    shapely.prepare(area)
    return area


def _agency_area(path: Path) -> shapely.Geometry:
    try:
        loaded = json.loads(path.read_text(encoding="utf-8"))
        area = shapely.union_all([shapely.geometry.shape(each) for each in _geometries(loaded)])
    except (
        OSError,
        ValueError,
        KeyError,
        TypeError,
        AttributeError,
        shapely.GEOSException,
    ) as error:
        raise ImproperlyConfigured(f"AGENCY_BOUNDARY: {path} can't be read as GeoJSON ({error}).") from error
    if area.is_empty or area.geom_type not in {"Polygon", "MultiPolygon"}:
        raise ImproperlyConfigured(f"AGENCY_BOUNDARY: {path} holds no polygon.")
    return area


def _geometries(loaded: dict[str, Any]) -> list[dict[str, Any]]:
    if loaded["type"] == "FeatureCollection":
        return [feature["geometry"] for feature in loaded["features"]]
    return [loaded["geometry"] if loaded["type"] == "Feature" else loaded]


@lru_cache(maxsize=4)
def _drawn(fips: str, path: str, of: Edition) -> str:
    own = county(fips)
    # A degree of longitude is shorter than one of latitude, so the line stays within the tolerance.
    simple = shapely.simplify(_area(fips, path, of), MAP_TOLERANCE_M / METERS_PER_DEGREE)
    rounded = shapely.transform(simple, lambda places: np.round(places, MAP_DIGITS))
    feature = {
        "type": "Feature",
        "properties": {
            "fips": own.fips,
            "name": own.name,
            "state": own.state,
            "year": None if path else year_of(fips),
        },
        "geometry": json.loads(shapely.to_geojson(rounded)),
    }
    return json.dumps(feature)
