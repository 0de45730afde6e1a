"""Administrators upload files, look at what would change, and put it in use."""

from datetime import date, timedelta
from unittest.mock import patch

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from audit.log.events import Event
from audit.log.models import AuditEntry
from fusus_portal.demo.data.tiger import Home
from fusus_portal.ground.notifications.publishing import broker
from fusus_portal.ground.streets import forms, services, street_map, tasks, uploads as streets
from fusus_portal.ground.streets.finder import search as finder
from fusus_portal.ground.streets.models import House, StreetData
from fusus_portal.ground.streets.states import LoadState
from tests.factories import person

from . import uploads

pytestmark = pytest.mark.django_db
LIST = reverse("street_list")
MORRIS = [Home(number, "Morris Ave", "Birmingham", "35203", -86.8005, 33.5133) for number in (2010, 2012, 2014)]


def send(client: Client, *files: SimpleUploadedFile, **told: str) -> str:
    """Send files; return where that leads, or what the page says."""
    answer = client.post(LIST, {"uploaded": list(files), **told})
    return answer.headers.get("Location", "") or answer.content.decode()


def page(client: Client, name: str, data: StreetData) -> str:
    """Return what a page of a loading says."""
    answer = client.get(reverse(name, args=[data.pk]))
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_whole_way_of_files(administrator_client: Client) -> None:
    uploads.current(dated=date(2025, 1, 31))
    place = send(administrator_client, uploads.as_file(MORRIS), dated="2026-01-31")
    data = StreetData.objects.get(state=LoadState.LOADING)
    assert place == reverse("street_data", args=[data.pk])
    assert "A worker will read the files in a moment." in page(administrator_client, "street_progress", data)
    tasks.read_streets(str(data.pk))
    said = page(administrator_client, "street_data", data)
    assert "Data of Jan. 31, 2026" in said
    assert "This is what would change. Nothing has changed yet." in said
    assert "Added: 1" in said
    assert "<p>Morris Ave</p>" in said
    assert "<p>20th St S</p>" in said
    assert finder.find_places("2010 Morris Ave") == []
    administrator_client.post(reverse("street_use", args=[data.pk]))
    assert finder.find_places("2010 Morris Ave")[0].precision == "rooftop"
    assert "In use: data of 2026-01-31." in administrator_client.get(reverse("admin")).content.decode()


def test_going_back_is_one_press(administrator_client: Client) -> None:
    old = uploads.previous()
    assert "Go back to it" in page(administrator_client, "street_data", old)
    administrator_client.post(reverse("street_use", args=[old.pk]))
    old.refresh_from_db()
    assert old.state == LoadState.CURRENT
    assert AuditEntry.objects.filter(event=Event.STREETS_BACK, subject_id=str(old.pk)).count() == 1


def test_a_file_that_cant_be_read_is_said_at_once_and_not_kept(administrator_client: Client) -> None:
    said = send(administrator_client, SimpleUploadedFile("streets.pdf", b"%PDF-1.7"))
    assert "streets.pdf is no shapefile, CSV or GeoJSON file, and no zip file with one of them." in said
    assert not StreetData.objects.exists()


def test_a_form_without_files_says_so(administrator_client: Client) -> None:
    assert "Choose a file for “" in send(administrator_client, dated="")


def test_what_is_wrong_in_the_rows_is_said_on_the_page(administrator_client: Client) -> None:
    said = page(administrator_client, "street_data", uploads.failed())
    assert "Most of addresses.csv is in Shelby County, Alabama" in said
    assert "To take them anyway, upload them again and tick" in said
    assert "Use it" not in said


def test_files_that_are_too_large_are_not_read(administrator_client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(forms.StreetFilesOfForm, "largest", -(2**20))
    assert "The files may have at most" in send(administrator_client, uploads.as_file())
    assert not StreetData.objects.exists()


def test_only_administrators_send_files(deputy_client: Client) -> None:
    assert deputy_client.post(LIST, {"uploaded": uploads.as_file()}).status_code == 403
    assert not StreetData.objects.exists()


def test_many_files_are_read_as_one(administrator_client: Client) -> None:
    send(administrator_client, uploads.as_file(), uploads.as_file(MORRIS, name="more.csv"))
    data = StreetData.objects.get()
    services.read_upload(pk=data.pk)
    data.refresh_from_db()
    assert data.counts["addresses"] == len(uploads.HOMES) + len(MORRIS)


def test_what_is_gone_is_deleted_in_one_statement_a_table(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    data = uploads.ready()
    services.discard_load(data=data, by=person("administrator"))
    with django_assert_num_queries(8):
        services.delete_gone_loads()


def test_rows_that_are_left_out_are_named_with_why(administrator_client: Client) -> None:
    away = Home(9, "Elm St", "", "", 33.5, -86.7)
    said = page(administrator_client, "street_data", uploads.ready([*uploads.HOMES, away]))
    assert "addresses.csv: 2 rows" in " ".join(said.split())
    assert "Row 4: Latitude and longitude are swapped." in said


def test_another_countys_data_is_read_when_that_is_ticked(administrator_client: Client) -> None:
    send(administrator_client, uploads.as_file(uploads.SHELBY), another_county="on")
    data = StreetData.objects.get()
    assert services.read_upload(pk=data.pk)
    assert "Use it" in page(administrator_client, "street_data", data)


def test_the_page_says_how_far_the_worker_is(administrator_client: Client) -> None:
    data = uploads.uploaded()
    streets.note_progress(data.pk, "edges.zip", 20_000, 80_000)
    assert "edges.zip: 20,000 of 80,000, 25&nbsp;%" in page(administrator_client, "street_data", data)


def test_files_are_deleted_once_they_are_read() -> None:
    data = uploads.uploaded()
    assert [path.name for path in streets.paths_of_files(data.files)] == ["addresses.csv"]
    services.read_upload(pk=data.pk)
    with pytest.raises(FileNotFoundError):
        streets.paths_of_files(data.files)


def test_a_worker_that_is_interrupted_leaves_nothing_and_the_next_begins_again() -> None:
    data = uploads.uploaded()
    with patch.object(street_map, "draw_map", side_effect=KeyboardInterrupt), pytest.raises(KeyboardInterrupt):
        services.read_upload(pk=data.pk)
    assert not House.objects.exists()
    assert services.read_upload(pk=data.pk)
    assert House.objects.count() == len(uploads.HOMES)


def test_files_that_are_gone_stop_the_loading(administrator_client: Client) -> None:
    data = uploads.uploaded()
    streets.delete_files(data.files)
    services.read_upload(pk=data.pk)
    assert "The files are gone. Upload them again." in page(administrator_client, "street_data", data)


def test_only_a_loading_without_a_worker_is_offered_again() -> None:
    data = uploads.uploaded()
    with patch.object(broker, "offer", return_value=True) as offer:
        streets.note_progress(data.pk, "edges.zip", 1, None)
        assert tasks.take_up_streets() == 0
        streets.forget_progress(data.pk)
        assert tasks.take_up_streets() == 1
    offer.assert_called_once_with(str(data.pk), task=services.READER)


def test_what_is_discarded_is_deleted_and_what_is_in_use_stays(administrator_client: Client) -> None:
    uploads.current()
    data = uploads.ready(MORRIS)
    administrator_client.post(reverse("street_discard", args=[data.pk]))
    assert tasks.clear_streets()["rows"] == len(MORRIS) + 2  # its street, and the block
    assert finder.find_places("1104 20th St S")
    assert administrator_client.get(reverse("street_data", args=[data.pk])).status_code == 404


def test_what_nobody_uses_for_a_week_is_discarded() -> None:
    data, fresh = uploads.ready(), uploads.ready()
    StreetData.objects.filter(pk=data.pk).update(loaded_at=data.loaded_at - timedelta(days=8))
    assert tasks.clear_streets()["discarded"] == 1
    assert list(StreetData.objects.all()) == [fresh]


def test_what_is_being_read_is_neither_used_nor_discarded(administrator_client: Client) -> None:
    data = uploads.uploaded()
    for name in ("street_use", "street_discard"):
        assert administrator_client.post(reverse(name, args=[data.pk])).status_code == 409


def test_what_is_in_use_is_not_discarded(administrator_client: Client) -> None:
    data = uploads.current()
    assert administrator_client.post(reverse("street_discard", args=[data.pk])).status_code == 409


def test_each_act_is_an_entry_with_its_counts() -> None:
    uploads.previous()
    services.go_back_to_previous(by=person("administrator"))
    told = list(
        AuditEntry.objects.filter(event__startswith="agency:streets:").order_by("id").values_list("event", flat=True)
    )
    first = [Event.STREETS_UPLOADED, Event.STREETS_READ, Event.STREETS_USED]
    second = [Event.STREETS_UPLOADED, Event.STREETS_READ, Event.STREETS_KEPT, Event.STREETS_USED]
    assert told == [*first, *second, Event.STREETS_KEPT, Event.STREETS_BACK]
    entry = AuditEntry.objects.get(event=Event.STREETS_BACK)
    assert entry.facts == {"addresses": 2, "streets": 1, "segments": 1}
