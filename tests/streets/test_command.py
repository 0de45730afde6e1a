"""`manage.py places`, as an operator calls it."""

import json
import re
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from audit.log.events import Event
from audit.log.models import AuditEntry
from fusus_portal.demo.data import tiger, town
from fusus_portal.demo.data.tiger import Home
from fusus_portal.ground.streets import street_map
from fusus_portal.ground.streets.models import StreetData
from fusus_portal.ground.streets.states import LoadState

pytestmark = pytest.mark.django_db

HOME = Home(1104, "20th St S", "Birmingham", "35205", -86.7985, 33.5013)


def places(*arguments: object) -> tuple[str, str]:
    """Run the command; return what it prints, and what it says of progress."""
    said, progress = StringIO(), StringIO()
    call_command("places", *map(str, arguments), stdout=said, stderr=progress)
    return said.getvalue(), progress.getvalue()


def test_load_prints_progress_and_counts_and_draws_the_map(tmp_path: Path) -> None:
    said, progress = places("load", *town.write(tmp_path), "--dated", "2026-01-31")
    assert "addresses.csv: " in progress
    assert " streets\n" in said
    assert "The map has " in said
    data = StreetData.objects.get()
    assert (data.state, str(data.dated), street_map.map_storage().exists(data.map_name)) == (
        LoadState.CURRENT,
        "2026-01-31",
        True,
    )


def test_loading_is_an_entry_of_the_operator_at_the_server(tmp_path: Path) -> None:
    places("load", tiger.write_points(tmp_path / "a.csv", [HOME]))
    entry = AuditEntry.objects.get(event=Event.STREETS_USED)
    assert (entry.actor_role, entry.facts["addresses"]) == ("operator", 1)


def test_find_prints_one_object_a_line(southside: StreetData) -> None:
    said, _progress = places("find", "2024", "11th", "ave")
    first = json.loads(said.splitlines()[0])
    assert first["address"] == "2024 11th Ave S, Birmingham 35205"
    assert first["precision"] == "rooftop"
    assert round(first["latitude"], 3) == 33.502
    assert set(first) == {"address", "latitude", "longitude", "precision"}


def test_find_prints_nothing_for_nonsense(southside: StreetData) -> None:
    assert places("find", "99999 Nowhere Lane")[0] == ""


def test_map_is_refused_before_anything_is_loaded() -> None:
    with pytest.raises(CommandError, match="Nothing is loaded yet"):
        places("map")


def test_map_draws_what_is_loaded(southside: StreetData) -> None:
    said, progress = places("map")
    assert re.fullmatch(r"The map has \d+ kB\.\n", said)
    assert re.search(r"^map: (\d+) of \1$", progress, re.MULTILINE)
    southside.refresh_from_db()
    assert street_map.map_storage().exists(southside.map_name)


def test_a_map_that_was_made_otherwise_is_taken_under_another_name(southside: StreetData, tmp_path: Path) -> None:
    places("map")
    drawn = street_map.drawn_map()[0]
    (tmp_path / "county.pmtiles").write_bytes(b"PMTiles\x03 and what tippecanoe made")
    assert places("map", tmp_path / "county.pmtiles")[0] == "The map has 1 kB.\n"
    assert street_map.drawn_map()[0] not in {"", drawn}
    with street_map.open_map(street_map.drawn_map()[0].rpartition("/")[2]) as file:
        assert file.read().endswith(b"what tippecanoe made")


def test_a_file_that_is_no_map_is_refused(southside: StreetData, tmp_path: Path) -> None:
    (tmp_path / "county.png").write_bytes(b"\x89PNG and so on")
    with pytest.raises(CommandError, match="That is no map"):
        places("map", tmp_path / "county.png")


def test_back_puts_the_earlier_data_in_use(tmp_path: Path) -> None:
    places("load", tiger.write_points(tmp_path / "a.csv", [HOME]), "--dated", "2025-01-31")
    places("load", tiger.write_points(tmp_path / "a.csv", [HOME]), "--dated", "2026-01-31")
    assert places("back")[0] == "In use again: streets of 2025-01-31.\n"
    assert str(StreetData.objects.get(state=LoadState.CURRENT).dated) == "2025-01-31"


def test_back_is_refused_where_there_is_nothing(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="There is nothing to go back to"):
        places("back")


def test_faults_say_row_by_row_what_is_left_out(tmp_path: Path) -> None:
    file = tiger.write_points(tmp_path / "a.csv", [HOME, HOME])
    file.write_text(file.read_text() + "x,y,9,ELM ST,,,,AL,,,\n")
    said, _progress = places("load", file, "--faults", tmp_path / "faults.csv")
    assert "1 rows were left out; " in said
    assert (tmp_path / "faults.csv").read_text() == "a.csv,4,The coordinates are not numbers.\n"


def test_columns_of_a_countys_own_are_named(tmp_path: Path) -> None:
    file = tmp_path / "own.csv"
    file.write_text("HOUSE,RD,E,N\n1104,20th St S,-86.7985,33.5013\n")
    places("load", file, "--columns", "number=HOUSE", "street=RD", "longitude=E", "latitude=N")
    assert json.loads(places("find", "1104 20th")[0])["address"] == "1104 20th St S"


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [(["--columns", "number"], "as PART=COLUMN"), (["missing.csv"], r"There is no file missing\.csv")],
)
def test_what_is_wrong_is_said_in_a_sentence(tmp_path: Path, arguments: list[str], sentence: str) -> None:
    with pytest.raises(CommandError, match=sentence):
        places("load", tiger.write_points(tmp_path / "a.csv", [HOME]), *arguments)
    assert not StreetData.objects.exists()


def test_another_county_is_taken_only_when_that_is_said(tmp_path: Path) -> None:
    file = tiger.write_points(tmp_path / "a.csv", [Home(1, "Main St", "Columbiana", "35051", -86.607, 33.178)])
    with pytest.raises(CommandError, match=r"for Jefferson County, Alabama\. To load it anyway, say --elsewhere\."):
        places("load", file)
    places("load", file, "--elsewhere")
    assert StreetData.objects.count() == 1
