"""Previews that an owner sees before giving a file, made from real files, good and bad."""

from io import BytesIO

import pytest
from PIL import Image

from registry.canvasses.links import link_actor
from registry.footage import storage
from registry.footage.models import Preview, Upload
from registry.footage.services import uploads
from registry.footage.tasks import make_preview
from tests.factories import request_at
from tests.registry.footage.footage import begun, chosen, ready, video

pytestmark = pytest.mark.django_db


def shown(upload: Upload) -> Preview:
    assert make_preview(str(upload.pk)) is True
    return Preview.objects.get(upload=upload)


def photograph(*, size: tuple[int, int] = (1200, 900)) -> bytes:
    made = BytesIO()
    Image.new("RGB", size, "teal").save(made, "JPEG")
    return made.getvalue()


def test_of_a_video_its_first_picture_and_its_length() -> None:
    found = shown(ready(request_at("sent"), content=video(3)))
    still = Image.open(BytesIO(bytes(found.still)))
    assert (still.format, max(still.size)) == ("JPEG", 480)
    assert (found.seconds, found.recorded_at) == (3, None)


def test_of_a_photograph_a_small_one() -> None:
    found = shown(ready(request_at("sent"), content=photograph(), name="porch.jpg"))
    assert Image.open(BytesIO(bytes(found.still))).size == (480, 360)
    assert found.seconds is None


@pytest.mark.parametrize(
    "content",
    [
        b"\xff\xd8\xff\xe0" + bytes(96),
        b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom" + bytes(400),
        video()[:3000],
        b"\x1a\x45\xdf\xa3" + bytes(9000),
    ],
    ids=["picture", "no video", "cut off", "matroska"],
)
def test_of_a_file_that_shows_nothing_an_empty_one(content: bytes) -> None:
    upload = begun(request_at("sent"), content=video())
    storage.arriving(upload.pk).write_bytes(video())
    uploads.finish(upload=upload, by=link_actor(upload.request))
    storage.arriving(upload.pk).write_bytes(content)
    assert bytes(shown(upload).still) == b""


def test_of_a_file_that_is_lost_an_empty_one() -> None:
    upload = ready(request_at("sent"))
    storage.discard(upload.pk)
    assert bytes(shown(upload).still) == b""


def test_it_is_made_once_and_only_of_what_waits() -> None:
    upload, half, given = ready(request_at("sent")), begun(request_at("sent")), chosen(ready(request_at("sent")))
    assert [uploads.make_preview(upload=each.pk) for each in (upload, upload, half, given)] == [
        True,
        False,
        False,
        False,
    ]


def test_it_goes_with_the_file() -> None:
    upload = ready(request_at("sent"))
    shown(upload)
    uploads.remove(upload=upload, by=link_actor(upload.request))
    assert not Preview.objects.exists()


def test_a_file_given_while_the_picture_is_made_gets_none(monkeypatch: pytest.MonkeyPatch) -> None:
    upload, look = ready(request_at("sent")), uploads._begins_with

    def the_owner_is_faster(pk: object) -> object:
        chosen(upload)
        return look(upload.pk)

    monkeypatch.setattr(uploads, "_begins_with", the_owner_is_faster)
    assert uploads.make_preview(upload=upload.pk) is False
    assert not Preview.objects.exists()
