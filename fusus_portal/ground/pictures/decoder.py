"""Decodes one picture, in a process with little time and memory that knows nothing of the portal.

python -I decoder.py '{"sides": [1200, 400], "format": "WEBP"}' < sent > made

Output: a line of JSON, {"refused": WHY, "most": NUMBER} or {"lengths": [...]}, and after lengths the picture in each
size. Must not import the portal: a file that takes this process over finds no key in it.
"""

import json
import re
import resource
import sys
import warnings
from io import BytesIO
from typing import Any

from PIL import Image, UnidentifiedImageError
from PIL.ExifTags import Base
from PIL.JpegImagePlugin import JpegImageFile
from PIL.PngImagePlugin import PngImageFile
from PIL.WebPImagePlugin import WebPImageFile

CPU_SECONDS = 10
"""Processor time. The worst picture within the limits takes four seconds on a slow machine, a phone's less than one."""

MEMORY_BYTES = 1024**3
"""Bytes of address space. A JPEG of four full channels in several scans holds 8 bytes a pixel, a PNG up to 16."""

WRITTEN_BYTES = 64 * 1024**2

LARGEST_PIXELS = {
    JpegImageFile.format: 50_000_000,
    PngImageFile.format: 25_000_000,
    WebPImageFile.format: 25_000_000,
}
"""Most pixels by accepted format, enough for phones and offices; guards against decompression bombs.

The largest phones send JPEG, which is decoded no larger than needed; other formats take up to 16 bytes a pixel.
"""

MOST_SCANS = 64
"""Most scans of a JPEG; each passes over the whole picture. Cameras write 1 to 4, programs about 10."""

UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
"""How to turn a picture upright, by its orientation in Exif (2.32, tag 274)."""

QUALITY = 85

MARKER = re.compile(rb"\xff[\xc0-\xcf\xd8-\xfe]")
"""A marker of JPEG, which ends a scan's data: in data FF precedes only 00 and restart markers; none is below C0."""
START, END, SCAN = 0xD8, 0xD9, 0xDA


class Refusal(Exception):
    def __init__(self, why: str, most: int = 0) -> None:
        super().__init__(why)
        self.answer = {"refused": why, "most": most}


def main() -> None:
    bound()
    warnings.simplefilter("ignore")
    work = json.loads(sys.argv[1])
    try:
        made = made_of(sys.stdin.buffer.read(), sides=work["sides"], into=work["format"])
        answer: dict[str, Any] = {"lengths": [len(each) for each in made]}
    except Refusal as refusal:
        made, answer = [], refusal.answer
    sys.stdout.buffer.write(b"".join([json.dumps(answer).encode(), b"\n", *made]))


def bound() -> None:
    """Limit time, memory and output of this process before it reads a byte; the system ends it beyond."""
    for kind, most in (
        (resource.RLIMIT_CPU, CPU_SECONDS),
        (resource.RLIMIT_AS, MEMORY_BYTES),
        (resource.RLIMIT_FSIZE, WRITTEN_BYTES),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(kind, (most, most))


def made_of(data: bytes, *, sides: list[int], into: str) -> list[bytes]:
    """Return the picture, upright and without metadata, in each size. Raises Refusal."""
    try:
        picture = plain(decoded(data, longest_side=max(sides)), into)
    except Image.DecompressionBombError as error:
        raise Refusal("points", max(LARGEST_PIXELS.values())) from error
    except MemoryError as error:
        raise Refusal("work") from error
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, EOFError) as error:
        raise Refusal("no_picture") from error
    return [saved(picture, side, into) for side in sides]


def decoded(data: bytes, *, longest_side: int) -> Image.Image:
    """Return the picture upright and no larger than asked. Checks size and scans before a pixel is decoded."""
    picture = Image.open(BytesIO(data), formats=list(LARGEST_PIXELS))
    is_jpeg = isinstance(picture, JpegImageFile)  # a JPEG with a second picture has a format of its own
    most = LARGEST_PIXELS[JpegImageFile.format if is_jpeg else str(picture.format)]
    if picture.width * picture.height > most:
        raise Refusal("points", most)
    if is_jpeg and scans_of(data) > MOST_SCANS:
        raise Refusal("scans")
    if not is_jpeg and getattr(picture, "n_frames", 1) > 1:
        raise Refusal("moves")
    picture.draft("RGB", (longest_side, longest_side))  # a JPEG is decoded no larger than needed
    picture.load()
    picture.thumbnail((longest_side, longest_side))  # before turning, which makes a second copy
    turn = UPRIGHT.get(picture.getexif().get(Base.Orientation, 1))
    return picture if turn is None else picture.transpose(turn)


def scans_of(jpeg: bytes) -> int:
    """Return the number of scans of a JPEG's first picture, by its markers (ITU T.81, B.1)."""
    scans = place = 0
    while found := MARKER.search(jpeg, place):
        marker, place = jpeg[found.start() + 1], found.end()
        if marker == END:
            break
        scans += marker == SCAN
        if marker != START:
            place += int.from_bytes(jpeg[place : place + 2])
    return scans


def plain(picture: Image.Image, into: str) -> Image.Image:
    clear = "A" in picture.getbands() or "transparency" in picture.info
    pixels = picture.convert("RGBA" if clear else "RGB")
    if clear and into == "JPEG":
        paper = Image.new("RGB", pixels.size, "white")
        paper.paste(pixels, mask=pixels.getchannel("A"))
        pixels = paper
    pixels.info.clear()
    return pixels


def saved(picture: Image.Image, side: int, into: str) -> bytes:
    picture = picture.copy()
    picture.thumbnail((side, side))
    options = {"optimize": True} if into == "PNG" else {"quality": QUALITY}
    made = BytesIO()
    picture.save(made, format=into, **options)
    return made.getvalue()


if __name__ == "__main__":
    main()
