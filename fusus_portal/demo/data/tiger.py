"""Writes files of streets, areas and addresses as the Census Bureau and counties do, for the demo and the tests.

Source: TIGER/Line Shapefiles Technical Documentation (EDGES, ADDRFEAT, AREALM, AREAWATER); OpenAddresses' columns.
"""

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import shapefile

Coordinate = tuple[float, float]
"""Longitude, latitude: degrees."""

Range = tuple[int, int]

NAD83: Final = (
    'GEOGCS["GCS_North_American_1983",DATUM["D_North_American_1983",SPHEROID["GRS_1980",6378137.0,298.257222101]],'
    'PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]]'
)
POINT_COLUMNS: Final = "LON,LAT,NUMBER,STREET,UNIT,CITY,DISTRICT,REGION,POSTCODE,ID,HASH"


@dataclass(frozen=True, slots=True)
class Edge:
    """A piece of a street. left, right: first and last house number on that side, in the direction of the line."""

    name: str
    line: Sequence[Coordinate]
    left: Range | None = None
    right: Range | None = None
    zip_code: str = ""
    road: str = "S1400"


@dataclass(frozen=True, slots=True)
class Area:
    """A park, a school, water: its feature class (MTFCC) and its outline, without the first corner repeated."""

    name: str
    feature: str
    outline: Sequence[Coordinate]


@dataclass(frozen=True, slots=True)
class Home:
    number: int
    street: str
    city: str
    zip_code: str
    longitude: float
    latitude: float


def write_edges(path: Path, edges: Iterable[Edge]) -> Path:
    """Write streets as a shapefile of EDGES; return the path of its .shp. The .dbf, .shx and .prj are beside it."""
    widths = {"TLID": 22, "TFIDL": 10, "TFIDR": 10, "MTFCC": 5, "FULLNAME": 100, "LFROMADD": 12, "LTOADD": 12,
              "RFROMADD": 12, "RTOADD": 12, "ZIPL": 5, "ZIPR": 5, "ROADFLG": 1}  # fmt: skip
    with shapefile.Writer(str(path), shapeType=shapefile.POLYLINE) as writer:
        for name, width in widths.items():
            writer.field(name, "C", size=width)
        for number, edge in enumerate(edges, 1):
            writer.line([list(edge.line)])
            ranges = [*(edge.left or ("", "")), *(edge.right or ("", ""))]
            told = [number, number, number, edge.road, edge.name, *ranges, edge.zip_code, edge.zip_code, "Y"]
            writer.record(*map(str, told))
    return _with_projection(path)


def write_areas(path: Path, areas: Iterable[Area]) -> Path:
    with shapefile.Writer(str(path), shapeType=shapefile.POLYGON) as writer:
        for name, width in (("ANSICODE", 8), ("AREAID", 22), ("FULLNAME", 100), ("MTFCC", 5)):
            writer.field(name, "C", size=width)
        for number, area in enumerate(areas, 1):
            writer.poly([[*area.outline, area.outline[0]]])
            writer.record("", str(number), area.name, area.feature)
    return _with_projection(path)


def write_points(path: Path, homes: Iterable[Home]) -> Path:
    with path.open("w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file)
        rows.writerow(POINT_COLUMNS.split(","))
        for home in homes:
            place = [f"{home.longitude:.7f}", f"{home.latitude:.7f}"]
            rows.writerow([*place, home.number, home.street, "", home.city, "", "AL", home.zip_code, "", ""])
    return path


def _with_projection(path: Path) -> Path:
    path.with_suffix(".prj").write_text(NAD83)
    return path.with_suffix(".shp")
