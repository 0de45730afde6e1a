"""Pictures that cost far more than they look: small files that take a decoder minutes of a processor."""

from io import BytesIO

from PIL import Image

SCAN = b"\xff\xda"
END = b"\xff\xd9"


def progressive(side: int = 600) -> bytes:
    """Return a progressive JPEG as an honest program writes it: ten scans."""
    made = BytesIO()
    Image.new("RGB", (side, side), "seagreen").save(made, "JPEG", progressive=True)
    return made.getvalue()


def many_scans(repeats: int, *, side: int = 600) -> bytes:
    """Return a progressive JPEG whose last scan, which goes over all points and says nothing, comes so often again."""
    jpeg = progressive(side)
    scan = jpeg[jpeg.rindex(SCAN) : -len(END)]
    return jpeg[: -len(END)] + scan * repeats + END


def hidden_scans(repeats: int) -> bytes:
    """Return the same, each scan inside of what a careless counter takes for a segment of its own.

    A restart interval lets a decoder step over marks that mean nothing (FF 02), and over no more than these two bytes.
    """
    jpeg = many_scans(0)
    first = jpeg.index(SCAN)
    scan = jpeg[jpeg.rindex(SCAN) : -len(END)]
    length = len(scan) + 2
    hidden = b"\xff\x02" + length.to_bytes(2) + scan
    every = b"\xff\xdd\x00\x04\x00\x01"
    return jpeg[:first] + every + jpeg[first : -len(END)] + hidden * repeats + END
