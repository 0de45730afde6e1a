"""Files made to exhaust who reads them are refused before they are collected: rows, features, records, names, ratio."""

import json
import random
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from fusus_portal.demo.data import tiger
from fusus_portal.demo.data.tiger import Edge, Home
from fusus_portal.ground.streets import row_writers
from fusus_portal.ground.streets.contents import fill
from fusus_portal.ground.streets.models import StreetData
from fusus_portal.ground.streets.readers import Unreadable, check_kind, open_source
from fusus_portal.ground.streets.readers.rows import MOST_COLUMNS
from fusus_portal.ground.streets.readers.shapefiles import MOST_DIRECTORY
from tests.peers.web import CHECKOUT

from . import damage
from .damage import EDGE, HEAD, MB, ROW, collection, csv_of, feature, read, refusal

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
        file.writelines(damage.long_line(100))
    taken, said = read_alone(path)
    assert said.startswith("Row 2 of a.csv has no end within 100,000 letters.")
    assert taken < 20


def test_a_string_without_an_end_is_no_endless_wait(tmp_path: Path) -> None:
    path = tmp_path / "a.geojson"
    with path.open("wb") as file:
        file.writelines(damage.long_string(100))
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
    """0.9 MB that unpacked to 1 GB took 1 GB of memory."""
    path = damage.zipped(tmp_path / "bomb.zip", damage.long_line(110), "a.csv")
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
    noise = random.Random(3).randbytes(MB) * 140  # noqa: S311 - no secret
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
