"""A picture is encoded anew: small, upright, with nothing beside its points; anything else is refused clearly."""

import struct
import threading
import zlib
from io import BytesIO
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from fusus_portal.ground import pictures
from fusus_portal.ground.pictures import child, decoder

pytestmark = pytest.mark.django_db
MARK = "Birmingham 33.5206"
ORIENTATION, DESCRIPTION = 0x0112, 0x010E


def re_encode(upload: ContentFile[bytes], **wanted: Any) -> bytes:
    return pictures.re_encode(upload, sender=uuid4(), **wanted)


def encoded(picture: Image.Image, kind: str, **options: object) -> ContentFile[bytes]:
    made = BytesIO()
    picture.save(made, format=kind, **options)
    return ContentFile(made.getvalue(), name=f"seal.{kind.lower()}")


def opened(data: bytes) -> Image.Image:
    return Image.open(BytesIO(data))


def bomb(side: int) -> bytes:
    """A PNG of a few bytes that claims to be so many points wide and high."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 64)) + chunk(b"IEND", b"")


def test_it_is_no_larger_than_asked_and_keeps_its_shape() -> None:
    made = opened(re_encode(encoded(Image.new("RGB", (1200, 600)), "JPEG"), longest_side=512, format="PNG"))
    assert (made.format, made.size) == ("PNG", (512, 256))


def test_what_a_camera_wrote_beside_the_picture_is_gone() -> None:
    exif = Image.Exif()
    exif[DESCRIPTION] = MARK
    photo = encoded(Image.new("RGB", (64, 32), "red"), "JPEG", exif=exif, comment=MARK.encode())
    assert MARK.encode() in photo.read()
    assert MARK.encode() not in re_encode(photo, longest_side=64, format="JPEG")


def test_a_comment_in_a_png_is_gone() -> None:
    comments = PngInfo()
    comments.add_text("Comment", MARK)
    drawing = encoded(Image.new("RGBA", (32, 32)), "PNG", pnginfo=comments)
    assert MARK.encode() not in re_encode(drawing, longest_side=64, format="PNG")


def test_a_picture_that_lies_on_its_side_is_set_upright() -> None:
    exif = Image.Exif()
    exif[ORIENTATION] = 6
    photo = encoded(Image.new("RGB", (64, 32), "red"), "JPEG", exif=exif)
    assert opened(re_encode(photo, longest_side=64, format="JPEG")).size == (32, 64)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_red_is_at_the_top_left_however_the_camera_was_held(orientation: int) -> None:
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    seen = Image.new("RGB", (64, 64), "white")
    seen.paste("red", (0, 0, 32, 32))
    corner = {1: (0, 0), 2: (1, 0), 3: (1, 1), 4: (0, 1), 5: (0, 0), 6: (0, 1), 7: (1, 1), 8: (1, 0)}[orientation]
    stored = Image.new("RGB", (64, 64), "white")
    stored.paste("red", (corner[0] * 32, corner[1] * 32, corner[0] * 32 + 32, corner[1] * 32 + 32))
    made = opened(re_encode(encoded(stored, "PNG", exif=exif), longest_side=64, format="PNG"))
    assert [made.getpixel(point) for point in ((8, 8), (56, 8), (8, 56))] == [
        seen.getpixel(point) for point in ((8, 8), (56, 8), (8, 56))
    ]


@pytest.mark.filterwarnings("ignore::UserWarning")
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_what_stands_beside_the_points_is_read_for_the_orientation_alone_whatever_else_it_is(kind: str) -> None:
    exif = Image.Exif()
    exif[ORIENTATION], exif[DESCRIPTION] = 6, MARK
    beside = exif.tobytes()
    at = beside.index(struct.pack(">H", DESCRIPTION))
    for tag in range(0x0100, 0x0200):  # a text where many of them mean numbers
        broken = beside[:at] + struct.pack(">H", tag) + beside[at + 2 :]
        sent = encoded(Image.new("RGB", (64, 32)), kind, exif=broken).read()
        [made] = decoder.made_of(sent, sides=[64], into="JPEG")
        assert tag == ORIENTATION or opened(made).size == (32, 64)


def test_what_is_clear_stays_clear_or_becomes_white() -> None:
    clear = encoded(Image.new("RGBA", (8, 8), (0, 0, 0, 0)), "PNG")
    assert opened(re_encode(clear, longest_side=8, format="PNG")).mode == "RGBA"
    assert opened(re_encode(clear, longest_side=8, format="JPEG")).getpixel((4, 4)) == (255, 255, 255)


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "not a picture"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>", "not a picture"),
        (b"GIF89a" + b"\0" * 40, "not a picture"),
        (encoded(Image.new("RGB", (64, 64)), "PNG").read()[:60], "not a picture"),
        (bomb(9_000), "too many points"),
        (bomb(60_000), "too many points"),
    ],
    ids=["empty", "svg", "gif", "cut off", "large", "bomb"],
)
def test_anything_else_is_refused_in_words(data: bytes, sentence: str) -> None:
    with pytest.raises(ValidationError, match=sentence):
        re_encode(ContentFile(data, name="seal.png"), longest_side=64, format="PNG")


def test_a_file_that_is_too_large_is_not_even_decoded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pictures, "LARGEST_BYTES", 10)
    with pytest.raises(ValidationError, match="too large"):
        re_encode(encoded(Image.new("RGB", (64, 64)), "PNG"), longest_side=64, format="PNG")


def test_only_what_is_decoded_in_small_may_be_as_large_as_a_phone_s_photograph() -> None:
    large = Image.new("L", (6_000, 5_000))
    assert opened(re_encode(encoded(large, "JPEG"), longest_side=64, format="JPEG")).size == (64, 53)
    with pytest.raises(ValidationError, match="The limit is 25 megapixels"):
        re_encode(encoded(large, "PNG"), longest_side=64, format="JPEG")


def test_one_is_decoded_after_the_other_so_that_many_at_once_fill_no_memory() -> None:
    made: list[bytes] = []
    picture = encoded(Image.new("RGB", (8, 8)), "PNG")
    other = threading.Thread(target=lambda: made.append(re_encode(picture, longest_side=8, format="PNG")))
    with child.ONE_AT_A_TIME:
        other.start()
        other.join(0.2)
        assert made == []
    other.join(10)
    assert len(made) == 1


def test_nobody_waits_for_the_pictures_of_others_for_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(child, "WAIT_SECONDS", 0.05)
    with child.ONE_AT_A_TIME, pytest.raises(ValidationError, match="Many people send pictures"):
        re_encode(encoded(Image.new("RGB", (8, 8)), "PNG"), longest_side=8, format="PNG")
