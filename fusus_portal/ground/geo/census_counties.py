"""Census Bureau shapefiles of counties: cartographic boundaries (cb_..._us_county) and TIGER/Line (tl_...)."""

import re
from collections.abc import Mapping
from typing import Any, Final

import numpy as np
import shapely

from .boundary_file import STEPS_PER_DEGREE as STEPS
from .boundary_file import Outline

NAMED: Final = re.compile(r"(?:cb|tl)_(\d{4})_us_county(?:_500k|_5m|_20m)?", re.IGNORECASE)

FIELDS: Final = frozenset({"GEOID", "STATEFP", "COUNTYFP", "NAME", "LSAD"})
LEGAL_KINDS: Final = {
    "00": "",
    "03": "City and Borough",
    "04": "Borough",
    "05": "Census Area",
    "06": "County",
    "07": "District",
    "10": "Island",
    "12": "Municipality",
    "13": "Municipio",
    "15": "Parish",
    "25": "city",
    "PL": "Planning Region",
}
"""Census legal and statistical area description (LSAD) codes of counties and their equals."""


def outline(told: Mapping[str, Any], shape: shapely.Geometry, *, state: str, state_code: str) -> Outline:
    kind = LEGAL_KINDS.get(told["LSAD"], "")
    return Outline(
        fips=told["GEOID"],
        name=told.get("NAMELSAD") or f"{told['NAME']} {kind}".strip(),
        state=state,
        state_code=state_code,
        parts=parts(shape),
    )


def parts(shape: shapely.Geometry) -> list[list[list[tuple[float, float]]]]:
    """Return the polygons of an area, at the precision of the compact file and still valid."""
    return [
        [[(x, y) for x, y in ring.coords] for ring in (part.exterior, *part.interiors)]
        for part in shapely.get_parts(_rounded(shape))
    ]


def _rounded(exact: shapely.Geometry) -> shapely.Geometry:
    plain = shapely.transform(exact, lambda places: np.round(places * STEPS) / STEPS)
    # Rounding folds two outlines of 3,233; moving their points together keeps all the others as is.
    return plain if shapely.is_valid(plain) else shapely.set_precision(exact, 1 / STEPS)
