"""Damaged files are refused with a sentence that says where and what to do; none ends with a traceback."""

import json
import random
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.management import CommandError
from django.db import transaction

from fusus_portal.demo.data import tiger
from fusus_portal.demo.data.tiger import Edge
from fusus_portal.ground.streets.contents import fill
from fusus_portal.ground.streets.models import StreetData
from fusus_portal.ground.streets.readers import Unreadable, open_source

from . import damage
from .damage import EDGE, HEAD, HOME, ROW, collection, csv_of, feature, read
from .test_command import places


@pytest.mark.parametrize("street", ["x" * 201, "20th\x00St", "\ud800 St", "Elm \u202e St"])
def test_a_name_that_is_none_leaves_its_row_out(tmp_path: Path, street: str) -> None:
    path = tmp_path / "a.geojsonl"
    path.write_text(f"{json.dumps(feature())}\n{json.dumps(feature(street=street))}\n")
    good, [(number, why)] = read(path)
    assert (len(good), number, why[0]) == (1, 2, "“")
    assert why.isprintable()


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
@pytest.mark.parametrize("times", [100, pytest.param(250, marks=pytest.mark.long)])
def test_no_damage_is_a_traceback(tmp_path: Path, times: int) -> None:
    """Files of each kind with some bytes that are others, or cut off: loaded, or refused with a sentence."""
    chance = random.Random(34)  # noqa: S311 - no secret
    edges, csv_file = damage.edges_zip(tmp_path), tiger.write_points(tmp_path / "a.csv", [HOME] * 20)
    area = tiger.Area("Park", "K2180", [(-86.79, 33.50), (-86.79, 33.51), (-86.78, 33.51)])
    tiger.write_areas(tmp_path / "areas", [area] * 5)
    collection(tmp_path, *[feature()] * 20)
    whole = {file: file.read_bytes() for file in sorted(tmp_path.iterdir())}
    opened = [edges, csv_file, tmp_path / "edges.shp", tmp_path / "areas.shp", tmp_path / "a.geojson"]
    refusals = []
    for _time in range(times):
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
    assert 0.1 * times < len(refusals) < 0.9 * times
    assert [refusal for refusal in refusals if not refusal.isprintable()] == []


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
