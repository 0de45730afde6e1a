"""Make the committed file of county boundaries from the Census Bureau's shapefile.

Run once by a developer when the boundaries' year changes; nothing needs it at run time.
"""

import sysconfig
from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import shapefile
import shapely
import shapely.geometry
from django.core.management.base import BaseCommand

from fusus_portal.ground.geo.boundary_file import STEPS_PER_DEGREE as STEPS
from fusus_portal.ground.geo.boundary_file import Outline, write
from fusus_portal.ground.geo.counties import BOUNDARY_PATH

SOURCE = "U.S. Census Bureau, cartographic boundary files, 1:500,000"
LEGAL_KINDS = {
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
}
"""Census legal and statistical area description (LSAD) codes of counties and their equals."""


class Command(BaseCommand):
    """Makes the file of county boundaries from those of the Census Bureau."""

    help = "Writes the compact county boundaries from cb_<year>_us_{county,state}_500k.shp."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take where the Census files are, their year, and where to write."""
        packages = Path(sysconfig.get_path("purelib"))
        folder = packages / "_plotly_geo" / "package_data"
        parser.add_argument("--folder", type=Path, default=folder)
        parser.add_argument("--year", type=int, default=2016)
        parser.add_argument("--output", type=Path, default=BOUNDARY_PATH)

    def handle(self, *args: Any, **options: Any) -> None:
        """Write the file."""
        outlines = list(_outlines(options["folder"], options["year"]))
        size = write(options["output"], year=options["year"], source=SOURCE, outlines=outlines)
        self.stdout.write(f"{len(outlines)} counties, {size:,} bytes: {options['output']}")


def _outlines(folder: Path, year: int) -> Iterator[Outline]:
    states = {
        record["STATEFP"]: (record["NAME"], record["STUSPS"])
        for record in _open(folder / f"cb_{year}_us_state_500k.shp").iterRecords()
    }
    for each in _open(folder / f"cb_{year}_us_county_500k.shp").iterShapeRecords():
        state, code = states[each.record["STATEFP"]]
        kind = LEGAL_KINDS[each.record["LSAD"]]
        yield Outline(
            fips=each.record["GEOID"],
            name=f"{each.record['NAME']} {kind}".strip(),
            state=state,
            state_code=code,
            parts=_parts(_rounded(each.shape.__geo_interface__)),
        )


def _open(path: Path) -> shapefile.Reader:
    return shapefile.Reader(str(path), encoding="utf-8")


def _rounded(geometry: Any) -> shapely.Geometry:
    """The shape at the file's precision, and still a valid one."""
    exact = shapely.geometry.shape(geometry)
    plain = shapely.transform(exact, lambda places: np.round(places * STEPS) / STEPS)
    # Rounding folds two outlines of 3,233; moving their points together keeps all the others as is.
    return plain if plain.is_valid else shapely.set_precision(exact, 1 / STEPS)


def _parts(area: shapely.Geometry) -> list[list[list[tuple[float, float]]]]:
    return [
        [[(x, y) for x, y in ring.coords] for ring in (part.exterior, *part.interiors)]
        for part in shapely.get_parts(area)
    ]
