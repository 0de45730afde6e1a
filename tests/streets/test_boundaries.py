"""The county's boundary, and those around it, from the Census Bureau's file of this year."""

import zipfile
from pathlib import Path

import pytest
import shapefile
import shapely
from django.core.management import CommandError

from audit.log.events import Event
from audit.log.models import AuditEntry
from fusus_portal.demo.data import tiger
from fusus_portal.demo.data.tiger import NAD83
from fusus_portal.ground.geo import counties
from fusus_portal.ground.geo.counties import boundary_geojson, county, county_at, inside_jurisdiction
from fusus_portal.ground.geo.points import Point
from fusus_portal.ground.streets.models import StreetData
from fusus_portal.ground.streets.readers import Unreadable, open_source
from tests.streets.test_command import HOME, places

pytestmark = pytest.mark.django_db

JEFFERSON, SHELBY, MONTGOMERY = "01073", "01117", "01101"
BOXES = {
    JEFFERSON: shapely.box(-87.4, 33.2, -86.5, 33.9, ccw=False),
    SHELBY: shapely.box(-87.4, 32.9, -86.5, 33.2, ccw=False),
    MONTGOMERY: shapely.box(-86.6, 32.1, -86.0, 32.5, ccw=False),
}
OUTSIDE_OF_2016 = Point(33.88, -87.38)
FIELDS = ("STATEFP", "COUNTYFP", "GEOID", "NAME", "NAMELSAD", "LSAD")


def census(
    folder: Path, *, codes: tuple[str, ...] = tuple(BOXES), fields: tuple[str, ...] = FIELDS, projection: str = NAD83
) -> Path:
    """Write counties as the Census Bureau does."""
    path = folder / "cb_2031_us_county_500k.shp"
    with shapefile.Writer(str(path), shapeType=shapefile.POLYGON) as writer:
        for field in fields:
            writer.field(field, "C", 100)
        for code in codes:
            told = dict(zip(FIELDS, (code[:2], code[2:], code, f"No. {code}", f"No. {code} County", "06"), strict=True))
            writer.poly([[list(corner) for corner in BOXES[code].exterior.coords]])
            writer.record(*(told[field] for field in fields))
    path.with_suffix(".prj").write_text(projection)
    return path


def zipped(path: Path) -> Path:
    """Return the files of a shapefile as one zip file."""
    archive = path.with_suffix(".zip")
    with zipfile.ZipFile(archive, "w") as file:
        for part in path.parent.glob(f"{path.stem}.[sdp]*"):
            file.write(part, part.name)
    return archive


def test_the_county_and_its_neighbors_are_as_the_file_says_and_others_as_before(tmp_path: Path) -> None:
    montgomery = county(MONTGOMERY).polygon
    assert not inside_jurisdiction(OUTSIDE_OF_2016)
    assert places("load", zipped(census(tmp_path)))[0] == "2 boundaries of counties\n"
    assert inside_jurisdiction(OUTSIDE_OF_2016)
    assert str(county_at(OUTSIDE_OF_2016)) == "No. 01073 County, Alabama"
    assert county(SHELBY).polygon.equals(BOXES[SHELBY])
    assert county(MONTGOMERY).polygon.equals(montgomery)
    assert boundary_geojson()["properties"]["year"] == 2031
    assert not StreetData.objects.exists()


def test_loading_it_is_an_entry(tmp_path: Path) -> None:
    places("load", census(tmp_path))
    entry = AuditEntry.objects.get(event=Event.BOUNDARIES_LOADED)
    assert (entry.actor_role, entry.subject_id, entry.facts) == ("operator", JEFFERSON, {"year": 2031, "counties": 2})


def test_a_later_file_takes_the_place_of_the_one_before(tmp_path: Path) -> None:
    places("load", census(tmp_path))
    places("load", census(tmp_path, codes=(JEFFERSON,)))
    assert not county(SHELBY).polygon.equals(BOXES[SHELBY])
    assert county(JEFFERSON).polygon.equals(BOXES[JEFFERSON])


def test_it_is_loaded_beside_streets_and_addresses(tmp_path: Path) -> None:
    said, _progress = places("load", census(tmp_path), tiger.write_points(tmp_path / "a.csv", [HOME]))
    assert "2 boundaries of counties" in said
    assert "1 addresses" in said


@pytest.mark.parametrize(
    ("told", "sentence"),
    [
        pytest.param({"codes": (SHELBY,)}, "has no county with the code 01073", id="another country's part"),
        pytest.param({"fields": FIELDS[:3]}, "has no boundaries of counties", id="other fields"),
        pytest.param({"projection": 'PROJCS["NAD_1983_Albers",...]'}, "in the projection NAD_1983_Albers", id="meters"),
    ],
)
def test_another_file_changes_nothing(tmp_path: Path, told: dict[str, object], sentence: str) -> None:
    with pytest.raises(CommandError, match=sentence):
        places("load", census(tmp_path, **told))  # type: ignore[arg-type]
    assert counties.edition() is None


def test_a_file_that_is_cut_off_changes_nothing(tmp_path: Path) -> None:
    path = census(tmp_path)
    path.write_bytes(path.read_bytes()[:-60])
    with pytest.raises(CommandError, match="is cut off"):
        places("load", path)
    assert counties.edition() is None


def test_among_files_of_streets_it_is_refused_with_where_it_belongs(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match=r"manage\.py places load cb_2031_us_county_500k\.shp"):
        open_source(census(tmp_path))
