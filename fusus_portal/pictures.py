"""Pictures that people send: decoded, made smaller and encoded anew, so that nothing of the file itself is kept.

What a camera writes beside the picture (place, time, serial number) is gone, and so is whatever a file hides.
A small file can hold a large picture, so a process decodes one after the other: all of them together need no more
memory than the largest one.
"""

import threading
import warnings
from io import BytesIO
from typing import IO, Literal

from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from PIL import Image, ImageFile, UnidentifiedImageError
from PIL.ExifTags import Base
from PIL.JpegImagePlugin import JpegImageFile

Format = Literal["PNG", "JPEG", "WEBP"]

LARGEST_BYTES = 10 * 1024**2
"""Bytes of a picture as it is sent."""

LARGEST_PIXELS = {"JPEG": 50_000_000, "PNG": 25_000_000, "WEBP": 25_000_000}
"""What is decoded, no more than phones and offices make, and its points as it is sent. No decompression bomb.

The largest of today's phones send JPEG, which is decoded no larger than needed; the others take up to 16 bytes a point.
"""

UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
"""How a picture is turned, by the orientation that its camera noted (Exif 2.32, tag 274)."""

QUALITY = 85

ONE_AT_A_TIME = threading.Lock()


def re_encode(upload: File[bytes], *, longest_side: int, format: Format) -> bytes:  # noqa: A002
    """Return the picture as a fresh file, upright, its longer side at most `longest_side` points.

    Raises ValidationError, without a field, for a file that is too large, no picture, or a decompression bomb.
    """
    if (upload.size or 0) > LARGEST_BYTES:
        raise ValidationError(too_large(), code="too_large")
    upload.seek(0)
    made = BytesIO()
    options = {"optimize": True} if format == "PNG" else {"quality": QUALITY}
    with ONE_AT_A_TIME:
        picture = _decoded(upload, longest_side)
        _plain(picture, format).save(made, format=format, **options)
    return made.getvalue()


def too_large() -> str:
    """Return the sentence for a file that is larger than any picture need be."""
    return _("This picture is too large. The limit is %(limit)s.") % {"limit": filesizeformat(LARGEST_BYTES)}


def _decoded(source: IO[bytes] | File[bytes], longest_side: int) -> Image.Image:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # our own limit, below, is lower
            picture = Image.open(source, formats=list(LARGEST_PIXELS))
        most = LARGEST_PIXELS["JPEG" if isinstance(picture, JpegImageFile) else str(picture.format)]
        if picture.width * picture.height > most:
            raise ValidationError(_bomb(most), code="too_large")
        ImageFile.LOAD_TRUNCATED_IMAGES = False  # WeasyPrint, once imported, has switched it on for the whole process
        picture.draft("RGB", (longest_side, longest_side))  # a JPEG is decoded no larger than needed
        picture.load()
        picture.thumbnail((longest_side, longest_side))  # before it is turned: turning makes a second one
        turn = UPRIGHT.get(picture.getexif().get(Base.Orientation, 1))
        upright = picture if turn is None else picture.transpose(turn)
    except Image.DecompressionBombError as error:
        raise ValidationError(_bomb(max(LARGEST_PIXELS.values())), code="too_large") from error
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, EOFError, MemoryError) as error:
        sentence = _("This file is not a picture that can be read. Send a JPEG, PNG or WebP file.")
        raise ValidationError(sentence, code="no_picture") from error
    return upright


def _plain(picture: Image.Image, format: Format) -> Image.Image:  # noqa: A002
    """Return the points alone, without color profile, comments or anything else that came along."""
    clear = "A" in picture.getbands() or "transparency" in picture.info
    pixels = picture.convert("RGBA" if clear else "RGB")
    if clear and format == "JPEG":
        paper = Image.new("RGB", pixels.size, "white")
        paper.paste(pixels, mask=pixels.getchannel("A"))
        pixels = paper
    pixels.info.clear()
    return pixels


def _bomb(most: int) -> str:
    millions = most // 1_000_000
    return _("This picture has too many points. The limit is %(millions)d megapixels.") % {"millions": millions}
