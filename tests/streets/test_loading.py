"""A loading replaces the one before as a whole, or changes nothing."""

import json
import os
import signal
import subprocess
import sys
import tracemalloc
from datetime import timedelta
from io import StringIO
from pathlib import Path
from unittest.mock import patch

import pytest
from django.conf import settings
from django.core.files.base import ContentFile
from django.db import transaction

from fusus_portal.demo.data import tiger
from fusus_portal.demo.data.tiger import Home
from fusus_portal.ground.lifecycle import Stale
from fusus_portal.ground.streets import services, street_map
from fusus_portal.ground.streets.finder import search as finder
from fusus_portal.ground.streets.models import House, StreetData
from fusus_portal.ground.streets.readers import Unreadable, open_source
from fusus_portal.ground.streets.states import LoadState
from tests.database.clone import Clone
from tests.peers.web import CHECKOUT

OLD = Home(1104, "20th St S", "Birmingham", "35205", -86.7985, 33.5013)
NEW = Home(1204, "21st St S", "Birmingham", "35205", -86.7975, 33.5003)
SHELBY = [Home(n, "Main St", "Columbiana", "35051", -86.607, 33.178) for n in range(1, 9)]


def load(folder: Path, *homes: Home, elsewhere: bool = False) -> StreetData:
    """Load addresses."""
    return services.load_streets(
        sources=[open_source(tiger.write_points(folder / "a.csv", homes))], elsewhere=elsewhere
    )


def labels(text: str) -> list[str]:
    """Return what is found for a text, without what is only near."""
    return [each.label for each in finder.find_places(text) if not each.is_near]


@pytest.mark.django_db
def test_the_new_data_takes_the_place_of_the_old(tmp_path: Path) -> None:
    load(tmp_path, OLD)
    load(tmp_path, NEW)
    assert labels("1104 20th St S") == []
    assert labels("1204 21st St S") == ["1204 21st St S"]


@pytest.mark.django_db
def test_going_back_brings_the_old_data_again_and_once_more_the_new(tmp_path: Path) -> None:
    load(tmp_path, OLD)
    load(tmp_path, NEW)
    services.go_back_to_previous()
    assert labels("1104 20th St S") == ["1104 20th St S"]
    services.go_back_to_previous()
    assert labels("1204 21st St S") == ["1204 21st St S"]


@pytest.mark.django_db
def test_there_is_nothing_to_go_back_to_after_the_first_loading(tmp_path: Path) -> None:
    load(tmp_path, OLD)
    with pytest.raises(Stale, match="nothing to go back to"):
        services.go_back_to_previous()


@pytest.mark.django_db
def test_the_same_files_twice_are_there_once(tmp_path: Path) -> None:
    load(tmp_path, OLD)
    load(tmp_path, OLD)
    assert labels("1104 20th St S") == ["1104 20th St S"]


@pytest.mark.django_db
def test_only_the_current_and_the_previous_are_kept(tmp_path: Path) -> None:
    for _time in range(4):
        load(tmp_path, OLD)
    services.delete_gone_loads()
    assert sorted(StreetData.objects.values_list("state", flat=True)) == [LoadState.CURRENT, LoadState.PREVIOUS]
    assert House.objects.count() == 2


@pytest.mark.django_db
def test_a_loading_that_fails_leaves_everything_as_it_was(tmp_path: Path) -> None:
    load(tmp_path, OLD)
    edges = tiger.write_edges(tmp_path / "edges", [tiger.Edge("X St", [(-86.8, 33.5), (-86.8, 33.6)])] * 50)
    edges.write_bytes(edges.read_bytes()[:2_000])
    with pytest.raises(Unreadable, match="cut off"):
        services.load_streets(sources=[open_source(tiger.write_points(tmp_path / "b.csv", [NEW])), open_source(edges)])
    assert StreetData.objects.count() == 1
    assert labels("1104 20th St S") == ["1104 20th St S"]


def started(portal_db: Clone, *arguments: object) -> "subprocess.Popen[str]":
    """Start a program beside the tests, on their database and their files."""
    files = Path(street_map.map_storage().path("")).parent
    beside = {"REDIS_URL": settings.REDIS_URL, "LIVE_REDIS_URL": settings.LIVE_REDIS_URL, "PORTAL_FILES": str(files)}
    database = {
        "DATABASE_URL": portal_db.address("portal_app"),
        "DJANGO_SETTINGS_MODULE": "tests.peers.portal_settings",
    }
    return subprocess.Popen(
        [sys.executable, *map(str, arguments)],
        cwd=CHECKOUT, env={**os.environ, **beside, **database}, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("moment", ["many.csv: 10,000", "The map: "], ids=["its rows", "its map"])
def test_a_loading_that_is_killed_leaves_everything_as_it_was(tmp_path: Path, portal_db: Clone, moment: str) -> None:
    """The command is killed (SIGKILL) once it has written rows, and while it draws: old data keeps its old map."""
    load(tmp_path, OLD)
    before = street_map.drawn_map()[0]
    file = tiger.write_points(tmp_path / "many.csv", [NEW] * 60_000)
    with started(portal_db, "manage.py", "places", "load", file) as process:
        told = next(line for line in process.stderr or () if line.startswith(moment))
        process.kill()
    assert (told[: len(moment)], process.returncode) == (moment, -signal.SIGKILL)
    assert labels("1104 20th St S") == ["1104 20th St S"]
    assert StreetData.objects.count() == 1
    assert street_map.drawn_map()[0] == before != ""
    assert street_map.map_storage().exists(before.rpartition("/")[2])
    load(tmp_path, NEW)
    assert labels("1204 21st St S") == ["1204 21st St S"]


@pytest.mark.django_db
def test_data_and_its_map_are_there_at_once(tmp_path: Path) -> None:
    """Nothing is in use when the map can't be drawn: neither the data nor a map of it."""
    load(tmp_path, OLD)
    before = street_map.drawn_map()[0]
    with patch.object(street_map, "draw_map", side_effect=KeyboardInterrupt), pytest.raises(KeyboardInterrupt):
        load(tmp_path, NEW)
    assert street_map.drawn_map()[0] == before != ""
    assert labels("1104 20th St S") == ["1104 20th St S"]


@pytest.mark.django_db
def test_the_map_of_a_killed_loading_is_deleted_a_day_later(tmp_path: Path) -> None:
    data = load(tmp_path, OLD)
    lost = street_map.map_storage().save("streets-999-0123456789abcdef.pmtiles", ContentFile(street_map.BEGINNING))
    services.delete_gone_loads()
    assert street_map.map_storage().exists(lost)
    for file in (Path(street_map.map_storage().path(name)) for name in (lost, data.map_name)):
        os.utime(file, (file.stat().st_mtime - timedelta(hours=25).total_seconds(),) * 2)
    services.delete_gone_loads()
    assert not street_map.map_storage().exists(lost)
    assert street_map.map_storage().exists(data.map_name)


@pytest.mark.django_db(transaction=True)
def test_another_map_of_the_same_data_is_there_before_the_old_one_goes(tmp_path: Path) -> None:
    data = load(tmp_path, OLD)
    old = data.map_name
    with transaction.atomic():
        street_map.keep_map(data, ContentFile(street_map.BEGINNING + b"otherwise"))
        assert street_map.map_storage().exists(old)
    assert data.map_name != old
    assert (street_map.map_storage().exists(old), street_map.map_storage().exists(data.map_name)) == (False, True)


@pytest.mark.django_db
def test_rows_that_are_left_out_are_told_and_counted(tmp_path: Path) -> None:
    file = tiger.write_points(tmp_path / "a.csv", [OLD, NEW])
    file.write_text(file.read_text() + "33.5,-86.7,9,ELM ST,,,,AL,,,\n")
    faults = StringIO()
    data = services.load_streets(sources=[open_source(file)], faults=faults)
    assert (data.counts["addresses"], data.sources[0]["left_out"]) == (2, 1)
    assert faults.getvalue() == "a.csv,4,Latitude and longitude are swapped.\r\n"


@pytest.mark.django_db
def test_a_file_of_swapped_coordinates_is_refused_as_a_whole(tmp_path: Path) -> None:
    swapped = [Home(n, "20th St S", "", "", 33.5, -86.8) for n in range(1, 9)]
    with pytest.raises(
        Unreadable, match=r"Most rows of a\.csv can't be used: 8 of 8\. Latitude and longitude are swap"
    ):
        load(tmp_path, *swapped)


@pytest.mark.django_db
def test_another_countys_data_is_refused_by_the_names_of_both(tmp_path: Path) -> None:
    sentence = r"Most of a\.csv is in Shelby County, Alabama, and this portal is for Jefferson County, Alabama\."
    with pytest.raises(Unreadable, match=sentence):
        load(tmp_path, *SHELBY, OLD)


@pytest.mark.django_db
def test_another_countys_data_is_loaded_when_that_is_said(tmp_path: Path) -> None:
    load(tmp_path, *SHELBY, elsewhere=True)
    assert labels("1 Main St") == ["1 Main St"]


@pytest.mark.django_db
def test_some_homes_beyond_the_boundary_are_no_reason_to_refuse(tmp_path: Path) -> None:
    assert load(tmp_path, *SHELBY[:1], OLD, NEW).counts["addresses"] == 3


@pytest.mark.django_db
def test_geojson_takes_no_more_memory_when_it_is_longer(tmp_path: Path) -> None:
    def most(count: int) -> int:
        feature = {"type": "Feature", "properties": {"number": "1104", "street": "20TH ST S", "note": "x" * 200},
                   "geometry": {"type": "Point", "coordinates": [-86.7985, 33.5013]}}  # fmt: skip
        file = tmp_path / "a.geojson"
        file.write_text('{"type": "FeatureCollection", "features": [' + ",".join([json.dumps(feature)] * count) + "]}")
        tracemalloc.start()
        data = services.load_streets(sources=[open_source(file)])
        assert data.counts["addresses"] == count
        most = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return most

    assert most(36_000) < 1.5 * most(12_000)
