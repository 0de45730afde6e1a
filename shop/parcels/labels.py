"""What a label carries besides words: the number of its parcel as a QR code, for the scanner."""

import segno
from django.utils.safestring import SafeString, mark_safe


def qr_code(text: str) -> SafeString:
    """Return a QR code as a drawing for a page. It is for machines, so it has no name: the text stands beside it."""
    drawing = segno.make(text, error="m").svg_inline(scale=6, border=2, svgclass="qr-code", lineclass=None)
    return mark_safe(drawing.replace("<svg ", '<svg aria-hidden="true" ', 1))  # noqa: S308  (drawn here, of our own)
