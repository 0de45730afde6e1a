"""Makes the committed file of county boundaries; a developer runs it when the boundaries' year changes."""

import json
import sysconfig
from argparse import ArgumentParser
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import shapefile
import shapely
import shapely.geometry
from django.core.management.base import BaseCommand

from fusus_portal.ground.geo import counties

SOURCE = "U.S. Census Bureau, cartographic boundary files, 1:500,000; what changed since 2016: 1:5,000,000"
CHANGED = counties.BOUNDARY_PATH.with_name("changed_since_2016.geojson")
REPLACED = {"AK": {"02261"}, "CT": {f"090{number:02}" for number in range(1, 16, 2)}}
"""Counties of 2016 that no longer exist, by state: Valdez-Cordova, and those of Connecticut."""


class Command(BaseCommand):
    help = "Writes the compact county boundaries from cb_2016_us_{county,state}_500k.shp and what changed since."

    def add_arguments(self, parser: ArgumentParser) -> None:
        packages = Path(sysconfig.get_path("purelib"))
        parser.add_argument("--folder", type=Path, default=packages / "_plotly_geo" / "package_data")
        parser.add_argument("--output", type=Path, default=counties.BOUNDARY_PATH)

    def handle(self, *args: Any, **options: Any) -> None:
        outlines = list(_outlines(options["folder"]))
        size = counties.write(options["output"], year=counties.BOUNDARY_YEAR, source=SOURCE, outlines=outlines)
        self.stdout.write(f"{len(outlines)} counties, {size:,} bytes: {options['output']}")


def _outlines(folder: Path) -> Iterator[counties.Outline]:
    states = {
        record["STATEFP"]: (record["NAME"], record["STUSPS"])
        for record in _open(folder / "cb_2016_us_state_500k.shp").iterRecords()
    }
    gone: dict[str, list[shapely.Geometry]] = {code: [] for code in REPLACED}
    for each in _open(folder / "cb_2016_us_county_500k.shp").iterShapeRecords():
        state, code = states[each.record["STATEFP"]]
        shape = shapely.geometry.shape(each.shape.__geo_interface__)
        if each.record["GEOID"] in REPLACED.get(code, ()):
            gone[code].append(shape)
        else:
            yield counties.census_outline(each.record.as_dict(), shape, state=state, state_code=code)
    for code, shapes in gone.items():
        yield from _changed(code, shapely.union_all(shapes))


def _open(path: Path) -> shapefile.Reader:
    return shapefile.Reader(str(path), encoding="utf-8")


def _changed(code: str, whole: shapely.Geometry) -> Iterator[counties.Outline]:
    """Yield the present counties of the part of a state whose counties changed. whole: that part's outline."""
    features = [each for each in json.loads(CHANGED.read_text())["features"] if each["properties"]["STUSPS"] == code]
    rough = {each["properties"]["GEOID"]: shapely.geometry.shape(each["geometry"]) for each in features}
    shapes = _fitted(rough, whole)
    for told in (each["properties"] for each in features):
        yield counties.Outline(
            told["GEOID"], told["NAMELSAD"], told["STATE_NAME"], code, counties.rounded_polygons(shapes[told["GEOID"]])
        )


def _fitted(rough: Mapping[str, shapely.Geometry], whole: shapely.Geometry) -> dict[str, shapely.Geometry]:
    """Return simplified counties, fitted to fill `whole`: only the borders between them stay simplified."""
    fitted = {fips: [shapely.intersection(whole, area)] for fips, area in rough.items()}
    for left in shapely.get_parts(shapely.difference(whole, shapely.union_all(list(rough.values())))):
        fitted[min(rough, key=lambda fips: shapely.distance(rough[fips], left))].append(left)
    return {fips: _areas(shapely.union_all(shapes)) for fips, shapes in fitted.items()}


def _areas(shape: shapely.Geometry) -> shapely.MultiPolygon:
    return shapely.MultiPolygon([part for part in shapely.get_parts(shape) if part.geom_type == "Polygon"])
