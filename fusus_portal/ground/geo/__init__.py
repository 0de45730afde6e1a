"""Places: points, counties, the agency's jurisdiction, addresses, and search by distance.

`Located`, the columns of a row with a place, is in `fusus_portal.ground.geo.models`: a model can't be
defined while Django is still loading its applications.
"""

from .areas import Area
from .counties import BOUNDARY_YEAR, County, UnknownCounty, counties_named, county, county_at
from .geocoding import (
    Address,
    AddressNotFound,
    Geocoded,
    GeocoderUnavailable,
    check_zip_code,
    geocode,
    geocode_area,
)
from .jurisdiction import (
    boundary_distance_m,
    boundary_geojson,
    inside_jurisdiction,
    near_boundary,
    own_county,
)
from .points import (
    EARTH_RADIUS_M,
    FINDABLE,
    MILE_M,
    SQUARE_MILE_M2,
    Point,
    Precision,
    radius_for,
    square_miles,
)
from .search import inside, point_index, within

__all__ = [
    "BOUNDARY_YEAR",
    "EARTH_RADIUS_M",
    "FINDABLE",
    "MILE_M",
    "SQUARE_MILE_M2",
    "Address",
    "AddressNotFound",
    "Area",
    "County",
    "Geocoded",
    "GeocoderUnavailable",
    "Point",
    "Precision",
    "UnknownCounty",
    "boundary_distance_m",
    "boundary_geojson",
    "check_zip_code",
    "counties_named",
    "county",
    "county_at",
    "geocode",
    "geocode_area",
    "inside",
    "inside_jurisdiction",
    "near_boundary",
    "own_county",
    "point_index",
    "radius_for",
    "square_miles",
    "within",
]
