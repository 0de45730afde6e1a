"""The street map is one file of vector tiles."""

import gzip
import time
from pathlib import Path

import mapbox_vector_tile
import pytest
from pmtiles.reader import MmapSource, Reader

from fusus_portal.ground.streets import loading, street_map
from fusus_portal.ground.streets.readers import open_source

from . import county


@pytest.mark.django_db
def test_map(tmp_path: Path) -> None:
    blocks = list(county.pieces(600, 100))
    file = county.write_addrfeat(tmp_path / "addrfeat", blocks)
    t0 = time.process_time()
    data = loading.load([open_source(file)]).data
    t1 = time.process_time()
    size = street_map.build(data, tmp_path / "map.pmtiles")
    print(len(blocks), "load", t1 - t0, "map", time.process_time() - t1, size / 1e6, "MB")
    with (tmp_path / "map.pmtiles").open("rb") as opened:
        reader = Reader(MmapSource(opened))
        print(reader.header())
        import math

        for z in (11, 13, 15):
            lon, lat = -86.6, 33.7
            n = 2**z
            x, y = int((lon + 180) / 360 * n), int((1 - math.asinh(math.tan(math.radians(lat))) / math.pi) / 2 * n)
            tile = reader.get(z, x, y)
            print(z, tile and len(tile))
            if tile:
                got = mapbox_vector_tile.decode(gzip.decompress(tile))
                print({k: (len(v["features"]), v["features"][0]) for k, v in got.items()})
