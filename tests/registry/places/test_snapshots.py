"""The picture of what a camera sees: encoded anew, its owner's alone, gone from disk with the camera."""

import os
import zipfile
from io import BytesIO
from pathlib import Path
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image

from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.pictures import LARGEST_BYTES
from registry.people.services import registrants
from registry.places import snapshot_files
from registry.places.models import Camera
from registry.places.services import cameras, premises
from registry.registrants.models import Registrant
from registry.rules import SNAPSHOT_SIDE
from tests.database.clone import Clone
from tests.factories import registrant_at, request_at
from tests.people import sign_in
from tests.registry.places.snapshots import MARKER, bomb, no_picture, picture


@pytest.fixture
def registrant(portal_db: Clone, resident: User) -> Registrant:
    return registrant_at(user=resident)


@pytest.fixture
def camera(registrant: Registrant) -> Camera:
    return Camera.objects.get(premises__registrant=registrant)


@pytest.fixture
def browser(resident: User) -> Client:
    return sign_in(resident)


def sent(browser: Client, camera: Camera, upload: SimpleUploadedFile) -> str:
    address = reverse("camera_picture", args=[camera.pk])
    return browser.post(address, {"picture": upload}, follow=True).content.decode()


def on_disk(uploads_root: Path, camera: Camera) -> list[Path]:
    return [path for path in (uploads_root / "snapshots" / camera.pk.hex).glob("*") if path.is_file()]


class TestKeeping:
    def test_nothing_but_the_picture_is_kept(self, browser: Client, camera: Camera, uploads_root: Path) -> None:
        assert MARKER.encode() in picture().read()
        assert "The picture is saved. Only you see it." in sent(browser, camera, picture(f"{MARKER}.jpg"))
        (file,) = on_disk(uploads_root, camera)
        assert MARKER.encode() not in file.read_bytes()
        assert MARKER not in file.name
        with Image.open(file) as kept:
            assert dict(kept.getexif()) == {}
            assert (kept.format, kept.size) == ("JPEG", (800, 600))
        assert file.stat().st_mode & 0o077 == 0

    def test_a_large_one_is_made_smaller(self, browser: Client, camera: Camera, uploads_root: Path) -> None:
        made = BytesIO()
        Image.new("RGB", (4000, 3000), "navy").save(made, "PNG")
        sent(browser, camera, SimpleUploadedFile("large.png", made.getvalue(), "image/png"))
        (file,) = on_disk(uploads_root, camera)
        with Image.open(file) as kept:
            assert max(kept.size) == SNAPSHOT_SIDE

    def test_the_next_one_replaces_it_on_disk_too(self, browser: Client, camera: Camera, uploads_root: Path) -> None:
        sent(browser, camera, picture())
        (first,) = on_disk(uploads_root, camera)
        sent(browser, camera, picture())
        (second,) = on_disk(uploads_root, camera)
        assert first != second

    def test_anything_else_is_refused_in_a_sentence(
        self, browser: Client, camera: Camera, uploads_root: Path, subtests: pytest.Subtests
    ) -> None:
        for upload, sentence in (
            (no_picture, "This file is not a picture that can be read."),
            (bomb, "This picture has too many points."),
            (lambda: SimpleUploadedFile("empty.jpg", b""), "This file is empty."),
            (lambda: SimpleUploadedFile("x.gif", b"GIF89a" + bytes(100)), "This file is not a picture"),
            (lambda: SimpleUploadedFile("big.jpg", bytes(LARGEST_BYTES + 2 * 1024**2)), "This picture is too large."),
        ):
            with subtests.test(sentence=sentence):
                page = sent(browser, camera, upload())
                assert sentence in page
                assert on_disk(uploads_root, camera) == []
                assert Camera.objects.get(pk=camera.pk).snapshot_at is None

    def test_no_file_at_all(self, browser: Client, camera: Camera) -> None:
        page = browser.post(reverse("camera_picture", args=[camera.pk])).content.decode()
        assert "Choose a picture." in page


class TestWhoSeesIt:
    def test_its_owner_does(self, browser: Client, camera: Camera) -> None:
        address = reverse("camera_picture_file", args=[camera.pk])
        assert browser.get(address).status_code == 404
        sent(browser, camera, picture())
        answer = browser.get(address)
        assert answer.headers["Content-Type"] == "image/jpeg"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Content-Disposition"] == 'inline; filename="camera.jpg"'
        assert answer.headers["Cache-Control"] == "private, no-store"
        assert Image.open(BytesIO(answer.content)).size == (800, 600)

    def test_nobody_else_does(
        self, browser: Client, camera: Camera, other_resident_client: Client, visitor_client: Client
    ) -> None:
        sent(browser, camera, picture())
        address = reverse("camera_picture_file", args=[camera.pk])
        assert other_resident_client.get(address).status_code == 404
        assert visitor_client.get(address).status_code == 302
        for name in ("camera_picture", "camera_picture_remove"):
            assert other_resident_client.post(reverse(name, args=[camera.pk])).status_code == 404
        assert browser.get(reverse("camera_picture_file", args=[uuid4()])).status_code == 404

    def test_no_deputy_does_not_even_in_a_canvass(self, camera: Camera, browser: Client, deputy: User) -> None:
        sent(browser, camera, picture())
        request = request_at("sent", registrant=camera.premises.registrant, by=deputy)
        desk = sign_in(deputy)
        page = desk.get(reverse("canvass", args=[request.canvass_id])).content.decode()
        assert "Camera 1" in page
        assert "picture" not in page.lower()
        assert desk.get(reverse("camera_picture_file", args=[camera.pk])).status_code == 403


class TestDeleting:
    def test_its_owner_deletes_it(self, browser: Client, camera: Camera, uploads_root: Path) -> None:
        sent(browser, camera, picture())
        browser.post(reverse("camera_picture_remove", args=[camera.pk]))
        browser.post(reverse("camera_picture_remove", args=[camera.pk]))
        assert on_disk(uploads_root, camera) == []
        assert Camera.objects.get(pk=camera.pk).snapshot == ""

    def test_it_goes_with_the_camera(self, browser: Client, camera: Camera, resident: User, uploads_root: Path) -> None:
        sent(browser, camera, picture())
        cameras.remove(camera=camera, by=resident)
        assert on_disk(uploads_root, camera) == []

    def test_it_goes_with_the_place(self, browser: Client, camera: Camera, resident: User, uploads_root: Path) -> None:
        sent(browser, camera, picture())
        premises.remove(premises=camera.premises, by=resident)
        assert on_disk(uploads_root, camera) == []

    def test_an_owner_who_leaves_leaves_none_behind_not_even_what_a_killed_process_left(
        self, browser: Client, camera: Camera, registrant: Registrant, uploads_root: Path
    ) -> None:
        sent(browser, camera, picture())
        snapshot_files.keep(snapshot_files.new_key(camera.pk), b"left behind")
        registrants.leave(registrant=registrant, by=registrant.user)
        assert not (uploads_root / "snapshots" / camera.pk.hex).exists()

    def test_when_the_entry_can_t_be_written_the_old_picture_stays(
        self, browser: Client, camera: Camera, resident: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        sent(browser, camera, picture())
        kept = Camera.objects.get(pk=camera.pk).snapshot

        def fails(**_named: object) -> None:
            raise OSError("no room")

        monkeypatch.setattr(cameras, "record_many", fails)
        with pytest.raises(OSError, match="no room"):
            cameras.keep_snapshot(camera=camera, by=resident, upload=picture())
        assert Camera.objects.get(pk=camera.pk).snapshot == kept
        assert snapshot_files.read(kept)


def test_what_a_killed_process_left_is_swept_after_an_hour(browser: Client, camera: Camera, uploads_root: Path) -> None:
    sent(browser, camera, picture())
    kept = Camera.objects.get(pk=camera.pk).snapshot
    orphan, gone = snapshot_files.new_key(camera.pk), snapshot_files.new_key(uuid4())
    for key in (orphan, gone):
        snapshot_files.keep(key, b"left behind")
    assert cameras.sweep_snapshots() == 0
    for key in (orphan, gone, kept):
        os.utime(uploads_root / "snapshots" / key, (0, 0))
    assert cameras.sweep_snapshots() == 2
    assert [path.name for path in on_disk(uploads_root, camera)] == [kept.partition("/")[2]]
    assert not (uploads_root / "snapshots" / gone).parent.exists()


def test_the_export_has_it(browser: Client, camera: Camera) -> None:
    sent(browser, camera, picture())
    answer = browser.post(reverse("export_data"))
    with zipfile.ZipFile(BytesIO(answer.getvalue())) as archive:
        assert Image.open(BytesIO(archive.read(f"pictures/{camera.pk}.jpg"))).size == (800, 600)
