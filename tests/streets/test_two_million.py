"""A shapefile of 2,000,000 address points is loaded row by row, and held in memory never as a whole."""

import resource
import struct
from collections.abc import Iterator
from pathlib import Path

import pytest

from fusus_portal.ground.streets import services
from fusus_portal.ground.streets.finder import search as finder
from fusus_portal.ground.streets.readers import open_source

RECORDS = 2_000_000
STREETS = 100
OF_A_STREET = RECORDS // STREETS
MOST_MB = 500
FIELDS = ((b"ADD_NUMBER", b"N", 6), (b"ST_NAME", b"C", 12), (b"POST_CITY", b"C", 10), (b"POST_CODE", b"C", 5))


@pytest.mark.long
@pytest.mark.django_db
def test_it_is_loaded_whole_in_little_memory(tmp_path: Path) -> None:
    before = highest_mb()
    counts = services.load_streets(sources=[open_source(written(tmp_path / "points.shp"))]).counts
    assert counts["addresses"] == RECORDS
    assert counts["streets"] == STREETS
    assert finder.find_places(f"{OF_A_STREET} Row 17 St")[0].precision == "rooftop"
    assert highest_mb() - before < MOST_MB


def highest_mb() -> float:
    """Return the most memory that this process ever had, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def written(path: Path) -> Path:
    """Write address points as a shapefile: the file of points, its index, and the table beside it."""
    with path.open("wb") as points, path.with_suffix(".shx").open("wb") as index:
        points.write(header(100 + RECORDS * 28))
        index.write(header(100 + RECORDS * 8))
        for record in range(RECORDS):
            points.write(struct.pack(">2i", record + 1, 10) + struct.pack("<i2d", 1, *place_of(record)))
            index.write(struct.pack(">2i", (100 + record * 28) // 2, 10))
    with path.with_suffix(".dbf").open("wb") as table:
        length = 1 + sum(size for _name, _kind, size in FIELDS)
        table.write(struct.pack("<4BIHH20x", 3, 126, 1, 1, RECORDS, 33 + 32 * len(FIELDS), length))
        for name, kind, size in FIELDS:
            table.write(struct.pack("<11sc4xBB14x", name, kind, size, 0))
        table.write(b"\r")
        table.writelines(rows())
    return path


def header(size: int) -> bytes:
    """Return the header of a file of points or of its index. size: of the whole file in bytes."""
    return struct.pack(">7i", 9994, 0, 0, 0, 0, 0, size // 2) + struct.pack("<2i8d", 1000, 1, *[0.0] * 8)


def place_of(record: int) -> tuple[float, float]:
    """Return longitude and latitude of a record, in Jefferson County."""
    street, number = divmod(record, OF_A_STREET)
    return -86.80 + number * 1e-6, 33.50 + street * 1e-4


def rows() -> Iterator[bytes]:
    """Give the rows of the table."""
    for record in range(RECORDS):
        street, number = divmod(record, OF_A_STREET)
        yield f" {number + 1:>6}{f'Row {street} St':<12}Birmingham35203".encode()
