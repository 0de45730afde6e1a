"""Files of a plain form: read only where they are asked for, on the disk where footage arrives."""

import io
import shutil
from pathlib import Path

import pytest
from django.core.files.storage import storages
from django.test import Client
from django.urls import reverse

from registry.canvasses.links import token_for
from registry.canvasses.models import FootageRequest
from registry.canvasses.services import requests
from registry.footage import storage
from registry.footage.form_files import ArrivingFile
from registry.footage.models import Upload
from registry.limits.models import Limits
from tests.factories import registrant_at, request_at
from tests.registry.footage.footage import video
from tests.registry.footage.uploads.test_storage import Usage

pytestmark = pytest.mark.django_db


@pytest.fixture
def asked() -> FootageRequest:
    return request_at("sent")


@pytest.fixture
def begun(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """The files that forms began to write."""
    paths: list[Path] = []
    first = ArrivingFile.__init__

    def noted(file: ArrivingFile, name: str, content_type: str) -> None:
        first(file, name, content_type)
        paths.append(file.path)

    monkeypatch.setattr(ArrivingFile, "__init__", noted)
    return paths


def send(client: Client, path: str) -> str:
    file = io.BytesIO(video())
    file.name = "door.mp4"
    return client.post(path, {"files": file}).content.decode()


def page_of(asked: FootageRequest) -> str:
    return reverse("reply_footage", args=[token_for(asked)])


@pytest.mark.parametrize("name", ["account_login", "account_signup", "set_language", "system_use_notice"])
def test_no_other_page_takes_a_file(name: str, visitor_client: Client, begun: list[Path]) -> None:
    send(visitor_client, reverse(name))
    assert begun == []


def test_a_visitor_whose_form_is_checked_for_forgery_sends_none(begun: list[Path]) -> None:
    client = Client(enforce_csrf_checks=True)
    client.get(reverse("account_login"))
    send(client, reverse("reply_footage", args=["forged"]))
    assert begun == []


def test_a_link_that_works_no_more_takes_no_file(
    asked: FootageRequest, visitor_client: Client, begun: list[Path]
) -> None:
    requests.withdraw(request=asked, by=asked.incident.opened_by)
    send(visitor_client, page_of(asked))
    assert begun == []


def test_it_is_written_where_footage_arrives_for_the_portal_alone(
    asked: FootageRequest, visitor_client: Client, begun: list[Path]
) -> None:
    send(visitor_client, page_of(asked))
    (path,) = begun
    assert path.parent == Path(storages["receiving"].path(""))
    assert not path.exists()
    kept = storage.arriving(Upload.objects.get().pk)
    assert (kept.read_bytes(), kept.stat().st_mode & 0o777) == (video(), 0o600)


def test_a_refused_file_leaves_nothing_on_disk(
    asked: FootageRequest, visitor_client: Client, begun: list[Path]
) -> None:
    file = io.BytesIO(b"MZ" + bytes(600))
    file.name = "fake.mp4"
    visitor_client.post(page_of(asked), {"files": file})
    assert [path for path in begun if path.exists()] == []


def test_a_full_disk_is_said_before_anything_is_written(
    asked: FootageRequest, visitor_client: Client, begun: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda path: Usage(10**12, 0, storage.RESERVE))
    assert "We have no room for this file right now" in send(visitor_client, page_of(asked))
    assert begun == []


def test_a_disk_that_fills_up_meanwhile_ends_it(
    asked: FootageRequest, visitor_client: Client, begun: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    free = iter([10**9, 0, 0])
    monkeypatch.setattr(shutil, "disk_usage", lambda path: Usage(10**12, 0, storage.RESERVE + next(free)))
    assert "We have no room for this file right now" in send(visitor_client, page_of(asked))
    assert [path for path in begun if path.exists()] == []
    assert not Upload.objects.exists()


def test_more_than_a_reply_may_hold_is_not_read(
    asked: FootageRequest, visitor_client: Client, begun: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Limits, "bytes_per_reply", 1000)
    monkeypatch.setattr("registry.footage.form_files.FIELDS_BESIDE", 0)
    assert "can be given to one request" in send(visitor_client, page_of(asked))
    assert begun == []


@pytest.mark.parametrize(("cameras", "is_asked"), [(1, False), (2, True)])
def test_which_camera_a_file_is_from_is_asked_where_there_are_two(
    cameras: int, is_asked: bool, visitor_client: Client
) -> None:
    asked = request_at("sent", registrant=registrant_at(cameras=cameras))
    assert ('id="upload-camera"' in visitor_client.get(page_of(asked)).content.decode()) is is_asked
