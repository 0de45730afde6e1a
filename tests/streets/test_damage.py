"""Damaged files, and files made to exhaust who reads them, are refused with a sentence that says where and what to do.

At the command and at the worker alike: neither ends with a traceback, nor takes memory without a bound.
"""

import json
import random
import struct
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.management import CommandError
from django.db import transaction

from fusus_portal.demo.data import tiger
from fusus_portal.demo.data.tiger import Edge, Home
from fusus_portal.ground.streets import row_writers
from fusus_portal.ground.streets.contents import fill
from fusus_portal.ground.streets.models import StreetData
from fusus_portal.ground.streets.readers import Row, Unreadable, check_kind, open_source
from fusus_portal.ground.streets.readers.archives import MOST_DIRECTORY
from fusus_portal.ground.streets.readers.rows import MOST_COLUMNS
from tests.peers.web import CHECKOUT

from . import damage
from .damage import EDGE, HEAD, HOME, ROW, collection, csv_of, feature
from .test_command import places

MB = 1 << 20


def read(path: Path) -> tuple[list[Row], list[tuple[int, str]]]:
    """Return the good rows of a file, and the bad ones with why."""
    bad: list[tuple[int, str]] = []
    return list(open_source(path).rows(lambda number, why: bad.append((number, why)))), bad


def refusal(path: Path) -> str:
    """Return why a file is refused."""
    with pytest.raises(Unreadable) as caught:
        read(path)
    return str(caught.value)


# --- Bounds ---


READ_ALONE = """
import os, resource, sys
os.environ["DJANGO_SETTINGS_MODULE"] = "fusus_portal.settings.test"
import django
django.setup()
from pathlib import Path
from fusus_portal.ground.streets.readers import Unreadable, open_source
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
try:
    for _row in open_source(Path(sys.argv[1])).rows(lambda number, why: None):
        pass
    said = "taken"
except Unreadable as error:
    said = str(error)
print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024, said)
"""


def read_alone(path: Path) -> tuple[int, str]:
    """Read a file in a process of its own, for a minute at most; return how many MB that took, and what it said."""
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", READ_ALONE, str(path)],
        cwd=CHECKOUT, capture_output=True, text=True, check=True, timeout=60,
    )  # fmt: skip
    megabytes, _space, said = done.stdout.strip().partition(" ")
    return int(megabytes), said


def test_a_line_without_an_end_takes_no_memory(tmp_path: Path) -> None:
    path = csv_of(tmp_path, b"")
    with path.open("wb") as file:
        file.writelines(damage.long_line(300))
    taken, said = read_alone(path)
    assert said.startswith("Row 2 of a.csv has no end within 100,000 letters.")
    assert taken < 20


def test_a_string_without_an_end_is_no_endless_wait(tmp_path: Path) -> None:
    path = tmp_path / "a.geojson"
    with path.open("wb") as file:
        file.writelines(damage.long_string(300))
    taken, said = read_alone(path)
    assert said.startswith("Feature 2 of a.geojson has no end within 1 MB.")
    assert taken < 50


def test_a_feature_of_many_short_strings_has_the_same_bound(tmp_path: Path) -> None:
    path = tmp_path / "a.geojson"
    many = {f"note {number}": "x" for number in range(200_000)}
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [feature(), feature(**many)]}))
    assert refusal(path).startswith("Feature 2 of a.geojson has no end within 1 MB.")


def test_a_long_line_of_features_a_line_has_the_same_bound(tmp_path: Path) -> None:
    path = tmp_path / "a.geojsonl"
    path.write_text(f"{json.dumps(feature())}\n{json.dumps(feature(note='x' * MB))}\n")
    assert refusal(path).startswith("Feature 2 of a.geojsonl has no end within 1 MB.")


def test_many_features_behind_each_other_have_no_bound(tmp_path: Path) -> None:
    path = collection(tmp_path, *[feature(note="x" * 1_000)] * 3_000)
    assert path.stat().st_size > 3 * MB
    assert len(read(path)[0]) == 3_000


def test_a_file_that_unpacks_to_hundreds_of_times_its_size_is_not_unpacked(tmp_path: Path) -> None:
    """0.9 MB that unpack to 1 GB took 1 GB of memory."""
    path = damage.zipped(tmp_path / "bomb.zip", damage.long_line(200), "a.csv")
    assert path.stat().st_size < MB
    with pytest.raises(Unreadable, match=r"^a\.csv in bomb\.zip unpacks to more than 200 times its size"):
        check_kind(path)


def test_so_is_a_part_of_a_shapefile(tmp_path: Path) -> None:
    path = damage.edges_zip(tmp_path, dbf=bytes(100 * MB))
    with pytest.raises(Unreadable, match=r"^edges\.dbf in edges\.zip unpacks to more than 200 times its size"):
        check_kind(path)


def test_a_small_file_may_unpack_to_any_times_its_size(tmp_path: Path) -> None:
    path = damage.zipped(tmp_path / "a.zip", [HEAD.encode(), ROW.encode() * 100_000], "a.csv")
    assert path.stat().st_size * 150 < len(ROW) * 100_000
    assert len(read(path)[0]) == 100_000


def test_a_zip_file_of_a_million_names_is_not_looked_through(tmp_path: Path) -> None:
    path = tmp_path / "many.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for number in range(MOST_DIRECTORY // 50):
            archive.writestr(f"{number:06}.txt", b"")
    with pytest.raises(Unreadable, match="holds too many files"):
        check_kind(path)


def test_a_zipped_shapefile_is_not_unpacked_into_memory(tmp_path: Path) -> None:
    tiger.write_edges(tmp_path / "edges", [Edge(f"{number} St", EDGE.line) for number in range(5_000)])
    noise = random.Random(3).randbytes(200 * MB)  # noqa: S311 - no secret
    (tmp_path / "edges.dbf").write_bytes((tmp_path / "edges.dbf").read_bytes() + noise)
    with zipfile.ZipFile(tmp_path / "edges.zip", "w") as archive:
        for ending in ("shp", "shx", "dbf", "prj"):
            archive.write(tmp_path / f"edges.{ending}", f"edges.{ending}")
    taken, said = read_alone(tmp_path / "edges.zip")
    assert said == "taken"
    assert taken < 100


def test_a_record_that_is_too_large_is_not_read(tmp_path: Path) -> None:
    corners = [(-86.8 + number * 1e-7, 33.5) for number in range(1_100_000)]
    path = tiger.write_edges(tmp_path / "edges", [EDGE, Edge("Long St", corners)])
    assert refusal(path) == "edges.shp has a record of more than 16 MB. Load a file with less detail."


def test_more_columns_than_any_county_has(tmp_path: Path) -> None:
    names = ",".join(f"c{number}" for number in range(MOST_COLUMNS))
    assert "a.csv has 1,004 columns. It may have 1,000." in refusal(csv_of(tmp_path, f"{HEAD.strip()},{names}\n"))


@pytest.mark.django_db
@pytest.mark.parametrize("column", ["STREET", "CITY"])
def test_more_different_names_than_any_county_has(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, column: str) -> None:
    monkeypatch.setattr(row_writers, "MOST_NAMES", 100)
    homes = [
        Home(1104, f"{at if column == 'STREET' else 1} St", f"City {at if column == 'CITY' else 1}", "", *EDGE.line[0])
        for at in range(101)
    ]
    data = StreetData.objects.create()
    with pytest.raises(Unreadable, match="has more than 100 different names"):
        fill(data, [open_source(tiger.write_points(tmp_path / "a.csv", homes))])


@pytest.mark.parametrize("street", ["x" * 201, "20th\x00St", "\ud800 St", "Elm \u202e St"])
def test_a_name_that_is_none_leaves_its_row_out(tmp_path: Path, street: str) -> None:
    path = tmp_path / "a.geojsonl"
    path.write_text(f"{json.dumps(feature())}\n{json.dumps(feature(street=street))}\n")
    good, [(number, why)] = read(path)
    assert (len(good), number, why[0]) == (1, 2, "“")
    assert why.isprintable()


# --- Damage ---


def unclosed(folder: Path) -> Path:
    return csv_of(folder, HEAD + ROW + '-86.7985,33.5013,1104,"20TH ST S\n' + ROW * 50)


def unclosed_and_long(folder: Path) -> Path:
    return csv_of(folder, HEAD + ROW + '-86.7985,33.5013,1104,"20TH ST S\n' + ROW * 5_000)


def latin(folder: Path) -> Path:
    return csv_of(folder, (HEAD + ROW * 3_000 + "-86.7985,33.5013,1104,PEÑA ST\n" + ROW).encode("latin-1"))


def of_excel(folder: Path) -> Path:
    return csv_of(folder, (HEAD + ROW).encode("utf-16"))


def half_a_zip(folder: Path) -> Path:
    path = damage.zipped(folder / "a.zip", [HEAD.encode(), *(ROW.encode(),) * 20_000], "a.csv")
    raw = bytearray(path.read_bytes())
    raw[len(raw) // 2] ^= 0xFF
    path.write_bytes(raw)
    return path


def with_password(folder: Path) -> Path:
    return damage.with_flag(damage.zipped(folder / "a.zip", [HEAD.encode()], "a.csv"), 1)


def packed_otherwise(folder: Path) -> Path:
    return damage.with_flag(damage.zipped(folder / "a.zip", [HEAD.encode()], "a.csv", zipfile.ZIP_STORED), 0, 9)


def too_deep(folder: Path) -> Path:
    path = folder / "a.geojsonl"
    path.write_text(json.dumps(feature()) + "\n" + '{"type":' * 50_000 + "\n")
    return path


def half_a_feature(folder: Path) -> Path:
    path = folder / "a.geojsonl"
    path.write_text(json.dumps(feature()) + "\n" + json.dumps(feature())[:-40] + "\n")
    return path


def without_index(folder: Path) -> Path:
    path = tiger.write_edges(folder / "edges", [EDGE] * 3)
    path.with_suffix(".shx").write_bytes(path.with_suffix(".shx").read_bytes()[:-3])
    return path


def backward_index(folder: Path) -> Path:
    path = tiger.write_edges(folder / "edges", [EDGE] * 3)
    raw = bytearray(path.with_suffix(".shx").read_bytes())
    raw[104:108] = struct.pack(">i", -1_000)
    path.with_suffix(".shx").write_bytes(raw)
    return path


DAMAGED: list[tuple[Callable[[Path], Path], str]] = [
    (unclosed, "Row 3 of a.csv has no end within 100,000 letters. A quotation mark in it lacks its second one."),
    (unclosed_and_long, "Row 3 of a.csv has no end within 100,000 letters. A quotation mark before it may lack"),
    (latin, "Row 3,002 of a.csv is not UTF-8 (byte 0xD1). Save the file as “CSV UTF-8” and load that."),
    (of_excel, "Row 1 of a.csv is not UTF-8 (byte 0xFF)."),
    (half_a_zip, "a.zip is damaged, or a part of it is missing: "),
    (with_password, "a.zip can't be unpacked here: File 'a.csv' is encrypted, password required for extraction."),
    (packed_otherwise, "a.zip can't be unpacked here: That compression method is not supported"),
    (too_deep, "a.geojsonl is cut off, or no GeoJSON, after 1 features."),
    (half_a_feature, "a.geojsonl is cut off, or no GeoJSON, after 1 features."),
    (without_index, "edges.shp is cut off: it is shorter than it says."),
    (backward_index, "edges.shp is cut off: it is shorter than it says."),
]


@pytest.mark.django_db
@pytest.mark.parametrize(("make", "sentence"), DAMAGED, ids=[make.__name__ for make, _sentence in DAMAGED])
def test_a_damaged_file_is_a_sentence_at_the_command(
    tmp_path: Path, make: Callable[[Path], Path], sentence: str
) -> None:
    with pytest.raises(CommandError) as caught:
        places("load", make(tmp_path))
    assert str(caught.value).startswith(sentence)
    assert not StreetData.objects.exists()


def test_quotation_marks_that_do_not_match_leave_their_row_out(tmp_path: Path) -> None:
    path = csv_of(tmp_path, HEAD + '-86.7985,33.5013,1104,"20TH" ST S\n' + ROW)
    good, bad = read(path)
    assert len(good) == 1
    assert bad == [(2, "The quotation marks of the row do not match.")]


def test_a_row_of_several_lines_is_told_by_its_first_and_the_next_by_its_own(tmp_path: Path) -> None:
    path = csv_of(tmp_path, HEAD + '-86.7985,33.5013,1104,"20TH\nST S"\n' + ROW + "x,y,1,ELM ST\n")
    good, bad = read(path)
    assert len(good) == 2
    assert bad == [(5, "The coordinates are not numbers.")]


@pytest.mark.django_db
@pytest.mark.parametrize("number", ["11\x0004", "\ud800"])
def test_a_bad_row_is_kept_as_an_example_whatever_letters_it_has(tmp_path: Path, number: str) -> None:
    said, _progress = places("load", collection(tmp_path, feature(), feature(number=number), feature()))
    assert "1 rows were left out" in said
    [[row, why]] = StreetData.objects.get().sources[0]["examples"]
    assert row == 2
    assert why.endswith("is not a house number.")


@pytest.mark.parametrize("x", [10**400, float("nan"), float("inf"), "x", None, [1]])
def test_a_place_that_is_none_leaves_its_row_out(tmp_path: Path, x: object) -> None:
    told = feature()
    told["geometry"]["coordinates"][0] = x
    path = tmp_path / "a.geojsonl"
    path.write_text(f"{json.dumps(feature())}\n{json.dumps(told)}\n")
    good, bad = read(path)
    assert (len(good), [number for number, _why in bad]) == (1, [2])


def test_a_line_with_a_corner_that_is_none_is_left_out(tmp_path: Path) -> None:
    (begin, end) = EDGE.line
    path = tiger.write_edges(tmp_path / "edges", [EDGE, Edge("Elm St", [begin, (float("nan"), 33.5), end])])
    good, bad = read(path)
    assert (len(good), [number for number, _why in bad]) == (1, [2])


@pytest.mark.django_db
def test_codes_that_are_too_long_are_cut(tmp_path: Path) -> None:
    path = tiger.write_edges(tmp_path / "edges", [Edge("20th St S", EDGE.line, zip_code="35205")])
    raw = path.with_suffix(".dbf").read_bytes().replace(b"S1400", b"S14\x00\x00")
    path.with_suffix(".dbf").write_bytes(raw)
    fill(StreetData.objects.create(), [open_source(path)])


@pytest.mark.django_db
def test_no_damage_is_a_traceback(tmp_path: Path) -> None:
    """Files of each kind with some bytes that are others, or cut off: loaded, or refused with a sentence."""
    chance = random.Random(34)  # noqa: S311 - no secret
    edges, csv_file = damage.edges_zip(tmp_path), tiger.write_points(tmp_path / "a.csv", [HOME] * 20)
    area = tiger.Area("Park", "K2180", [(-86.79, 33.50), (-86.79, 33.51), (-86.78, 33.51)])
    tiger.write_areas(tmp_path / "areas", [area] * 5)
    collection(tmp_path, *[feature()] * 20)
    whole = {file: file.read_bytes() for file in sorted(tmp_path.iterdir())}
    opened = [edges, csv_file, tmp_path / "edges.shp", tmp_path / "areas.shp", tmp_path / "a.geojson"]
    refusals = []
    for _time in range(250):
        path = chance.choice(opened)
        harmed = chance.choice([each for each in whole if each.stem == path.stem and each.suffix != ".prj"])
        raw = bytearray(whole[harmed])
        for _byte in range(chance.choice([1, 3, 20])):
            raw[chance.randrange(len(raw))] = chance.choice([0, 34, 92, 255, chance.randrange(256)])
        harmed.write_bytes(raw[: chance.randrange(len(raw))] if chance.random() < 0.2 else raw)
        try:
            with transaction.atomic():
                fill(StreetData.objects.create(), [open_source(path)], elsewhere=True)
        except Unreadable as error:
            refusals.append(str(error))
        harmed.write_bytes(whole[harmed])
    assert 25 < len(refusals) < 225
    assert [refusal for refusal in refusals if not refusal.isprintable()] == []


# --- Swapped ---


@pytest.mark.django_db
@pytest.mark.parametrize("kind", ["csv", "geojson"])
def test_swapped_coordinates_are_named_as_such(tmp_path: Path, kind: str) -> None:
    told = feature()
    told["geometry"]["coordinates"].reverse()
    swapped = "33.5013,-86.7985,1104,20TH ST S\n"
    path = collection(tmp_path, *[told] * 8) if kind == "geojson" else csv_of(tmp_path, HEAD + swapped * 8)
    with pytest.raises(CommandError) as caught:
        places("load", path)
    assert str(caught.value) == (
        f"Most rows of {path.name} can't be used: 8 of 8. Latitude and longitude are swapped. "
        "Exchange the two in the file, and load it again."
    )


@pytest.mark.django_db
def test_the_reason_of_most_rows_is_told(tmp_path: Path) -> None:
    path = csv_of(tmp_path, HEAD + "33.5,-86.8,1104,20TH ST S\n" + "x,y,1,ELM ST\n" * 3)
    with pytest.raises(CommandError, match=r"4 of 4\. The coordinates are not numbers\.$"):
        places("load", path)
