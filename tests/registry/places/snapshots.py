"""Pictures as people send them."""

import struct
import zlib
from io import BytesIO

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image
from PIL.ExifTags import GPS, IFD

MARKER = "quokka7 device"


def picture(name: str = "front door.jpg") -> SimpleUploadedFile:
    """Return a photograph with what a phone writes beside it: where it was taken, and by which device."""
    exif = Image.Exif()
    exif[0x010F] = MARKER
    exif.get_ifd(IFD.GPSInfo)[GPS.GPSLatitude] = (33.0, 31.0, 14.0)
    made = BytesIO()
    Image.new("RGB", (800, 600), "seagreen").save(made, "JPEG", exif=exif)
    return SimpleUploadedFile(name, made.getvalue(), "image/jpeg")


def bomb() -> SimpleUploadedFile:
    """Return a small PNG that says it has 60,000 times 60,000 points."""
    head = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    chunks = [(b"IHDR", head), (b"IDAT", zlib.compress(bytes(1000))), (b"IEND", b"")]
    body = b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in chunks
    )
    return SimpleUploadedFile("bomb.png", b"\x89PNG\r\n\x1a\n" + body, "image/png")


def no_picture() -> SimpleUploadedFile:
    """Return a text that is called a picture."""
    return SimpleUploadedFile("picture.jpg", b"<script>alert(1)</script>" * 40, "image/jpeg")
