"""Files that counties have are read, and each wrong one says what is wrong."""

import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from django.utils import translation

from fusus_portal.demo.data import tiger
from fusus_portal.demo.data.tiger import Edge, Home
from fusus_portal.ground.streets.finder.numbers import house_number
from fusus_portal.ground.streets.readers import Unreadable, open_source
from fusus_portal.ground.streets.readers.rows import HouseRow, SegmentRow, SiteRow

EDGE = Edge("20th St S", [(-86.80, 33.50), (-86.81, 33.51)], (1100, 1198), (1101, 1199), "35205")
HOME = Home(1104, "20TH ST S", "BIRMINGHAM", "35205", -86.7985, 33.5013)
LAMBERT = 'PROJCS["NAD_1983_StatePlane_Alabama_West_FIPS_0102_Feet",GEOGCS["GCS_North_American_1983"]]'


def rows(path: Path, **columns: str) -> tuple[list[object], list[tuple[int, str]]]:
    """Return the good rows of a file, and the bad ones with why."""
    bad: list[tuple[int, str]] = []
    return list(open_source(path, columns=columns).rows(lambda number, why: bad.append((number, why)))), bad


def test_a_street_has_its_line_and_its_numbers(tmp_path: Path) -> None:
    good, bad = rows(tiger.write_edges(tmp_path / "edges", [EDGE]))
    assert good == [SegmentRow("20th St S", "S1400", list(EDGE.line), (1100, 1198), (1101, 1199), "35205", "35205")]
    assert bad == []


def test_a_zipped_shapefile_is_read_as_it_was_downloaded(tmp_path: Path) -> None:
    tiger.write_edges(tmp_path / "edges", [EDGE])
    with zipfile.ZipFile(tmp_path / "edges.zip", "w") as archive:
        for suffix in ("shp", "shx", "dbf", "prj"):
            archive.write(tmp_path / f"edges.{suffix}", f"tl_2025_01073_edges.{suffix}")
    good, _bad = rows(tmp_path / "edges.zip")
    assert [each.name for each in good if isinstance(each, SegmentRow)] == ["20th St S"]


@pytest.mark.parametrize("kind", ["csv", "geojson"])
def test_zipped_addresses_are_read_as_they_were_downloaded(tmp_path: Path, kind: str) -> None:
    feature = {"type": "Feature", "properties": {"number": "1104", "street": "20TH ST S"},
               "geometry": {"type": "Point", "coordinates": [-86.7985, 33.5013]}}  # fmt: skip
    text = {"csv": "LON,LAT,NUMBER,STREET\n-86.7985,33.5013,1104,20TH ST S\n", "geojson": json.dumps(feature)}[kind]
    with zipfile.ZipFile(tmp_path / "jefferson.zip", "w") as archive:
        archive.writestr("README", "of the county")
        archive.writestr(f"us/al/jefferson.{kind}", text)
    good, bad = rows(tmp_path / "jefferson.zip")
    assert good == [HouseRow(1104, "", "20TH ST S", "", "", -86.7985, 33.5013)]
    assert bad == []


def test_a_park_and_its_outline(tmp_path: Path) -> None:
    corners = [(-86.79, 33.50), (-86.79, 33.51), (-86.78, 33.51)]
    good, _bad = rows(tiger.write_areas(tmp_path / "arealm", [tiger.Area("Caldwell Park", "K2180", corners)]))
    [park] = good
    assert isinstance(park, SiteRow)
    assert (park.name, park.kind, park.is_area) == ("Caldwell Park", "K2180", True)
    assert set(park.rings[0]) == set(corners)


def test_addresses_of_openaddresses(tmp_path: Path) -> None:
    good, _bad = rows(tiger.write_points(tmp_path / "a.csv", [HOME]))
    assert good == [HouseRow(1104, "", "20TH ST S", "BIRMINGHAM", "35205", -86.7985, 33.5013)]


def test_addresses_of_nena_have_their_street_in_parts(tmp_path: Path) -> None:
    file = tmp_path / "nena.csv"
    file.write_text(
        "Add_Number,AddNum_Suf,St_PreDir,St_Name,St_PosTyp,St_PosDir,Post_City,Post_Code,Long,Lat\n"
        "1104,B,,20th,Street,South,Birmingham,35205,-86.7985,33.5013\n"
    )
    good, _bad = rows(file)
    assert good == [HouseRow(1104, "B", "20th Street South", "Birmingham", "35205", -86.7985, 33.5013)]


def test_a_countys_own_columns_are_named(tmp_path: Path) -> None:
    file = tmp_path / "own.csv"
    file.write_text("HOUSE,RD,E,N\n1104,20th St S,-86.7985,33.5013\n")
    good, _bad = rows(file, number="HOUSE", street="RD", longitude="E", latitude="N")
    assert good == [HouseRow(1104, "", "20th St S", "", "", -86.7985, 33.5013)]


@pytest.mark.parametrize("form", ["collection", "lines"])
def test_geojson_in_both_forms(tmp_path: Path, form: str) -> None:
    features = [
        {"type": "Feature", "properties": {"number": str(number), "street": "20TH ST S", "city": "", "postcode": ""},
         "geometry": {"type": "Point", "coordinates": [-86.7985, 33.5013]}}
        for number in (1104, 1106)
    ]  # fmt: skip
    file = tmp_path / "a.geojson"
    whole = json.dumps({"type": "FeatureCollection", "features": features}, indent=1)
    file.write_text(whole if form == "collection" else "\n".join(map(json.dumps, features)))
    good, _bad = rows(file)
    assert [each.number for each in good if isinstance(each, HouseRow)] == [1104, 1106]


def test_a_bad_row_is_left_out_and_told(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_text(
        "LON,LAT,NUMBER,STREET\n-86.79,33.50,1104,20TH ST S\n33.50,-86.79,1106,20TH ST S\n-86.79,33.50,none,20TH ST S\n"
        "12.5,41.9,1,VIA APPIA\n-86.79,33.50,1108\n-86.79,33.50,1110, \nx,y,1112,20TH ST S\n"
    )
    good, bad = rows(file)
    assert len(good) == 1
    assert bad == [
        (3, "Latitude and longitude are swapped."),
        (4, "“none” is not a house number."),
        (5, "The place is outside the United States. Coordinates must be degrees (WGS 84)."),
        (6, "The row has 3 columns, and the first one has 4."),
        (7, "The street has no name."),
        (8, "The coordinates are not numbers."),
    ]


def test_why_a_row_is_left_out_is_said_in_the_readers_language(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_text("LON,LAT,NUMBER,STREET\n33.50,-86.79,1106,20TH ST S\n-86.79,33.50,none,20TH ST S\n")
    with translation.override("es"):
        _good, bad = rows(file)
    assert [why for _row, why in bad] == [
        "La latitud y la longitud están intercambiadas.",
        "“none” no es un número de casa.",
    ]


def without_table(folder: Path) -> Path:
    path = tiger.write_edges(folder / "edges", [EDGE])
    path.with_suffix(".dbf").unlink()
    return path


def in_feet(folder: Path) -> Path:
    path = tiger.write_edges(folder / "edges", [EDGE])
    path.with_suffix(".prj").write_text(LAMBERT)
    return path


def of_no_kind(folder: Path) -> Path:
    path = folder / "streets.pdf"
    path.write_bytes(b"%PDF-1.7")
    return path


def empty(folder: Path) -> Path:
    path = folder / "a.csv"
    path.write_text("")
    return path


def without_street(folder: Path) -> Path:
    path = folder / "a.csv"
    path.write_text("LON,LAT,NUMBER\n")
    return path


def no_zip(folder: Path) -> Path:
    path = folder / "edges.zip"
    path.write_bytes(b"PK not at all")
    return path


def zip_of_nothing(folder: Path) -> Path:
    path = folder / "edges.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("README", "of the county")
    return path


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (without_table, "needs its .dbf file beside it"),
        (in_feet, "is in the projection NAD_1983_StatePlane_Alabama_West_FIPS_0102_Feet. Export it in degrees"),
        (of_no_kind, "is no shapefile, CSV or GeoJSON file, and no zip file with one of them"),
        (empty, "is empty"),
        (without_street, "No column for street is in this file"),
        (no_zip, "is damaged"),
        (zip_of_nothing, "no zip file with one of them"),
        (lambda folder: folder / "missing.csv", "There is no file missing.csv"),
    ],
)
def test_a_file_that_cant_be_used_says_why(tmp_path: Path, make: Callable[[Path], Path], sentence: str) -> None:
    with pytest.raises(Unreadable, match=sentence.replace(".", r"\.")):
        open_source(make(tmp_path))


def test_a_shapefile_that_is_cut_off(tmp_path: Path) -> None:
    path = tiger.write_edges(tmp_path / "edges", [EDGE] * 50)
    path.write_bytes(path.read_bytes()[:1_000])
    with pytest.raises(Unreadable, match="cut off"):
        rows(path)


@pytest.mark.parametrize(
    ("text", "number", "letter"),
    [
        ("1104", 1104, ""),
        ("01104", 1104, ""),
        ("1104.0", 1104, ""),
        ("1104B", 1104, "B"),
        ("1104 1/2", 1104, "1/2"),
        ("84-12", 8412, "-12"),
        ("84-05", 8405, "-05"),
        ("1104-1108", 1104, ""),
        ("123-125", 123, ""),
    ],
)
def test_house_numbers_are_read_as_they_are_written(text: str, number: int, letter: str) -> None:
    assert house_number(text) == (number, letter)


@pytest.mark.parametrize("number", ["1104", "1104B", "1104 1/2", "84-12", "84-05"])
def test_house_numbers_are_shown_as_they_are_written(number: str) -> None:
    assert str(house_number(number)) == number


@pytest.mark.parametrize("text", ["", "0", "none", "B", "1234567", "-12", "1104 MAIN"])
def test_other_texts_are_no_house_numbers(text: str) -> None:
    assert house_number(text) is None


def test_a_geojson_file_that_is_cut_off(tmp_path: Path) -> None:
    file = tmp_path / "a.geojson"
    feature = {"type": "Feature", "properties": {"number": "1104", "street": "20TH ST S"},
               "geometry": {"type": "Point", "coordinates": [-86.7985, 33.5013]}}  # fmt: skip
    file.write_text(json.dumps({"type": "FeatureCollection", "features": [feature] * 3})[:-60])
    with pytest.raises(Unreadable, match="is cut off, or no GeoJSON"):
        rows(file)


def test_a_side_without_numbers_has_no_range(tmp_path: Path) -> None:
    edge = Edge("20th St S", EDGE.line, (1100, 1198), None)
    good, _bad = rows(tiger.write_edges(tmp_path / "edges", [edge]))
    assert [(each.left, each.right) for each in good if isinstance(each, SegmentRow)] == [((1100, 1198), None)]
