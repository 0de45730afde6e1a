"""A loading replaces the one before as a whole, or changes nothing."""

from io import StringIO
from pathlib import Path

import pytest

from fusus_portal.demo.data import tiger
from fusus_portal.demo.data.tiger import Home
from fusus_portal.ground.streets import finding, loading
from fusus_portal.ground.streets.models import House, LoadState, StreetData
from fusus_portal.ground.streets.readers import Unreadable, open_source

OLD = Home(1104, "20th St S", "Birmingham", "35205", -86.7985, 33.5013)
NEW = Home(1204, "21st St S", "Birmingham", "35205", -86.7975, 33.5003)


def load(folder: Path, *homes: Home, name: str = "a.csv") -> loading.Report:
    """Load addresses."""
    return loading.load([open_source(tiger.write_points(folder / name, homes))])


@pytest.mark.django_db
def test_the_new_data_takes_the_place_of_the_old(tmp_path: Path) -> None:
    load(tmp_path, OLD)
    load(tmp_path, NEW)
    assert finding.find("1104 20th St S") == []
    assert [each.label for each in finding.find("1204 21st St S")] == ["1204 21st St S"]


@pytest.mark.django_db
def test_going_back_brings_the_old_data_again_and_once_more_the_new(tmp_path: Path) -> None:
    load(tmp_path, OLD)
    load(tmp_path, NEW)
    loading.go_back()
    assert [each.label for each in finding.find("1104 20th St S")] == ["1104 20th St S"]
    loading.go_back()
    assert [each.label for each in finding.find("1204 21st St S")] == ["1204 21st St S"]


@pytest.mark.django_db
def test_the_same_files_twice_are_there_once(tmp_path: Path) -> None:
    load(tmp_path, OLD)
    load(tmp_path, OLD)
    assert len(finding.find("1104 20th St S")) == 1


@pytest.mark.django_db
def test_only_the_current_and_the_previous_are_kept(tmp_path: Path) -> None:
    for _time in range(4):
        load(tmp_path, OLD)
    loading.clear_old()
    assert sorted(StreetData.objects.values_list("state", flat=True)) == [LoadState.CURRENT, LoadState.PREVIOUS]
    assert House.objects.count() == 2


@pytest.mark.django_db
def test_a_loading_that_fails_leaves_everything_as_it_was(tmp_path: Path) -> None:
    load(tmp_path, OLD)
    edges = tiger.write_edges(tmp_path / "edges", [tiger.Edge("X St", [(-86.8, 33.5), (-86.8, 33.6)])] * 50)
    edges.write_bytes(edges.read_bytes()[:2_000])
    with pytest.raises(Unreadable):
        loading.load([open_source(tiger.write_points(tmp_path / "b.csv", [NEW])), open_source(edges)])
    assert StreetData.objects.count() == 1
    assert [each.label for each in finding.find("1104 20th St S")] == ["1104 20th St S"]


@pytest.mark.django_db
def test_rows_that_are_left_out_are_told_and_counted(tmp_path: Path) -> None:
    file = tiger.write_points(tmp_path / "a.csv", [OLD, NEW])
    file.write_text(file.read_text() + "33.5,-86.7,9,ELM ST,,,,AL,,,\n")
    faults = StringIO()
    report = loading.load([open_source(file)], faults=faults)
    assert (report.counts["addresses"], report.bad) == (2, 1)
    assert faults.getvalue() == "a.csv,4,Latitude and longitude are swapped.\r\n"


@pytest.mark.django_db
def test_a_file_of_swapped_coordinates_is_refused_as_a_whole(tmp_path: Path) -> None:
    swapped = [Home(n, "20th St S", "", "", 33.5, -86.8) for n in range(1, 9)]
    with pytest.raises(Unreadable, match="Most rows"):
        load(tmp_path, *swapped)
