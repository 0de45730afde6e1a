"""Files of streets that are damaged, or made to exhaust who reads them."""

import json
import struct
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest

from fusus_portal.demo.data import tiger
from fusus_portal.demo.data.tiger import Edge, Home
from fusus_portal.ground.streets.readers import Unreadable, open_source
from fusus_portal.ground.streets.readers.rows import Row

HEAD = "LON,LAT,NUMBER,STREET\n"
ROW = "-86.7985,33.5013,1104,20TH ST S\n"
HOME = Home(1104, "20th St S", "Birmingham", "35205", -86.7985, 33.5013)
EDGE = Edge("20th St S", [(-86.80, 33.50), (-86.81, 33.51)], (1100, 1198), (1101, 1199), "35205")
MB = 1 << 20


def csv_of(folder: Path, text: str | bytes, name: str = "a.csv") -> Path:
    """Write a CSV file."""
    path = folder / name
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def feature(**properties: Any) -> dict[str, Any]:
    """Return an address point as GeoJSON."""
    return {
        "type": "Feature",
        "properties": {"number": "1104", "street": "20TH ST S", **properties},
        "geometry": {"type": "Point", "coordinates": [-86.7985, 33.5013]},
    }


def collection(folder: Path, *features: Any, name: str = "a.geojson") -> Path:
    """Write a collection of features."""
    path = folder / name
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    return path


def zipped(path: Path, pieces: Iterable[bytes], name: str, method: int = zipfile.ZIP_DEFLATED) -> Path:
    """Write one file into a zip file, piece by piece."""
    with zipfile.ZipFile(path, "w", method) as archive, archive.open(name, "w", force_zip64=True) as file:
        for piece in pieces:
            file.write(piece)
    return path


def long_line(megabytes: int) -> Iterator[bytes]:
    """Give a CSV whose second row has no end for so many megabytes."""
    yield HEAD.encode()
    for _piece in range(megabytes):
        yield b"a" * MB


def long_string(megabytes: int) -> Iterator[bytes]:
    """Give GeoJSON with a string of so many megabytes."""
    yield b'{"type": "FeatureCollection", "features": [' + json.dumps(feature()).encode() + b', {"type": "'
    for _piece in range(megabytes):
        yield b"a" * MB
    yield b'"}]}'


def edges_zip(folder: Path, **beside: bytes) -> Path:
    """Write a zipped shapefile; beside: other content of a part of it."""
    tiger.write_edges(folder / "edges", [EDGE])
    with zipfile.ZipFile(folder / "edges.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for ending in ("shp", "shx", "dbf", "prj"):
            archive.writestr(f"edges.{ending}", beside.get(ending) or (folder / f"edges.{ending}").read_bytes())
    return folder / "edges.zip"


def with_flag(path: Path, flag: int, method: int | None = None) -> Path:
    """Set a flag of the one file in a zip file (APPNOTE.TXT 4.4.4), and say that it was packed by another method."""
    raw = bytearray(path.read_bytes())
    for signature, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = raw.index(signature) + at
        raw[place : place + 2] = struct.pack("<H", struct.unpack_from("<H", raw, place)[0] | flag)
        if method is not None:
            raw[place + 2 : place + 4] = struct.pack("<H", method)
    path.write_bytes(raw)
    return path


def read(path: Path) -> tuple[list[Row], list[tuple[int, str]]]:
    """Return the good rows of a file, and the bad ones with why."""
    bad: list[tuple[int, str]] = []
    return list(open_source(path).rows(lambda number, why: bad.append((number, why)))), bad


def refusal(path: Path) -> str:
    """Return why a file is refused."""
    with pytest.raises(Unreadable) as caught:
        read(path)
    return str(caught.value)
