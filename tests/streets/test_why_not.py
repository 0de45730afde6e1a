"""Reasons why files can't be used, in the language of the person who reads them."""

import json
import zipfile
from pathlib import Path
from unittest.mock import patch

import pytest
import shapefile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import translation

from fusus_portal.ground.streets import services
from fusus_portal.ground.streets.readers import Unreadable, open_source, shapefiles as readers
from tests.factories import person
from tests.streets.uploads import HOMES, SHELBY, as_file


def test_a_file_that_can_not_be_opened_is_refused_in_spanish(tmp_path: Path) -> None:
    file = tmp_path / "calles.csv"
    file.write_text("")
    with translation.override("es"), pytest.raises(Unreadable, match=r"calles\.csv está vacío\."):
        open_source(file)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("language", "said"),
    [("en", "Most of addresses.csv is in Shelby County"), ("es", "La mayor parte de addresses.csv está en Shelby")],
)
def test_the_worker_says_it_in_the_language_of_the_person_who_uploaded_them(language: str, said: str) -> None:
    by = person("administrator", language=language)
    data = services.upload_files(uploaded=[as_file(SHELBY)], by=by)
    assert services.read_upload(pk=data.pk)
    data.refresh_from_db()
    assert said in data.why


@pytest.mark.django_db
def test_what_breaks_far_into_a_file_stops_the_loading() -> None:
    whole = as_file([HOMES[0]] * 4_000).read()
    broken = SimpleUploadedFile("addresses.csv", whole + "-86.7985,33.5013,1106,Peña St,,35205\r\n".encode("latin-1"))
    data = services.upload_files(uploaded=[broken], by=person("administrator"))
    assert services.read_upload(pk=data.pk)
    data.refresh_from_db()
    assert data.state == "failed"
    assert data.why.startswith("Row 4,002 of addresses.csv is not UTF-8 (byte 0xF1).")


def test_a_zip_file_that_unpacks_without_end_is_not_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(readers, "MOST_UNPACKED", 1_000)
    with zipfile.ZipFile(tmp_path / "a.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.csv", "LON,LAT,NUMBER,STREET\n" + " " * 1_000)
    with pytest.raises(Unreadable, match="holds more than 4 GB"):
        open_source(tmp_path / "a.zip")


@pytest.mark.django_db
def test_what_is_uploaded_is_unpacked_by_a_worker_alone(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "roads.zip", "w") as archive:
        for ending in ("shp", "shx", "dbf"):
            archive.writestr(f"roads.{ending}", b"no shapefile at all")
    sent = SimpleUploadedFile("roads.zip", (tmp_path / "roads.zip").read_bytes())
    with patch.object(shapefile, "Reader", side_effect=AssertionError("opened in the web process")):
        data = services.upload_files(uploaded=[sent], by=person("administrator"))
    services.read_upload(pk=data.pk)
    data.refresh_from_db()
    assert data.why.startswith("roads.zip is damaged, or a part of it is missing")


def test_a_line_without_end_is_not_held_in_memory(tmp_path: Path) -> None:
    feature = {"type": "Feature", "properties": {"number": "1104", "street": "20TH ST S"},
               "geometry": {"type": "Point", "coordinates": [-86.7985, 33.5013]}}  # fmt: skip
    (tmp_path / "a.ndjson").write_text(f"{json.dumps(feature)}\n{' ' * 1_000_001}{json.dumps(feature)}\n")
    source = open_source(tmp_path / "a.ndjson")
    with pytest.raises(Unreadable, match=r"^Feature 2 of a\.ndjson has no end within 1 MB"):
        list(source.rows(lambda _row, _why: None))
