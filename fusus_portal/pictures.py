"""Pictures that people send: decoded, made smaller and encoded anew, so that nothing of the file itself is kept.

What a camera writes beside the picture (place, time, serial number) is gone, and so is whatever a file hides.
"""

import warnings
from io import BytesIO
from typing import IO, Literal

from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from PIL import Image, ImageOps, UnidentifiedImageError

Format = Literal["PNG", "JPEG"]

LARGEST_BYTES = 10 * 1024**2
"""Bytes of a picture as it is sent."""

LARGEST_PIXELS = 50_000_000
"""Points of a picture as it is sent: the largest of today's phones, and no decompression bomb."""

TAKEN = ("JPEG", "PNG", "WEBP")
"""What is decoded; of all that Pillow can read, no more than phones and offices make."""

QUALITY = 85


def re_encode(upload: File[bytes], *, longest_side: int, format: Format) -> bytes:  # noqa: A002
    """Return the picture as a fresh file, upright, its longer side at most `longest_side` points.

    Raises ValidationError, without a field, for a file that is too large, no picture, or a decompression bomb.
    """
    if (upload.size or 0) > LARGEST_BYTES:
        raise ValidationError(too_large(), code="too_large")
    upload.seek(0)
    picture = _decoded(upload, longest_side)
    made = BytesIO()
    options = {"quality": QUALITY} if format == "JPEG" else {"optimize": True}
    _plain(picture, format).save(made, format=format, **options)
    return made.getvalue()


def too_large() -> str:
    """Return the sentence for a file that is larger than any picture need be."""
    return _("This picture is too large. The limit is %(limit)s.") % {"limit": filesizeformat(LARGEST_BYTES)}


def _decoded(source: IO[bytes] | File[bytes], longest_side: int) -> Image.Image:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # our own limit, below, is lower
            picture = Image.open(source, formats=TAKEN)
        if picture.width * picture.height > LARGEST_PIXELS:
            raise ValidationError(_bomb(), code="too_large")
        picture.draft("RGB", (longest_side, longest_side))  # a JPEG is decoded no larger than needed
        upright = ImageOps.exif_transpose(picture)
        upright.thumbnail((longest_side, longest_side))
    except Image.DecompressionBombError as error:
        raise ValidationError(_bomb(), code="too_large") from error
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


def _bomb() -> str:
    millions = LARGEST_PIXELS // 1_000_000
    return _("This picture has too many points. The limit is %(millions)d megapixels.") % {"millions": millions}
