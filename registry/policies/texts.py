"""Whether what a person writes may be kept. It may say anything but how to watch a camera (promise R2)."""

import re
from collections.abc import Mapping

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

NETWORK_ADDRESS = r"(?:\d{1,3}(?:\.\d{1,3}){3}|\[[0-9a-f:]*:[0-9a-f:.]*\])"
WAYS_IN = re.compile(
    r"\b(?:rtsps?|rtspu|rtmp[a-z]?|srt|mms|onvif|rtp|udp|webrtc)\s*:\s*//"  # the address of a stream
    rf"|\b[a-z][a-z0-9+.-]*://(?:[^\s/@]+@|{NETWORK_ADDRESS})"  # an address with a sign-in, or of one device
    rf"|(?<![\d.]){NETWORK_ADDRESS}\s*:\s*\d{{2,5}}\b"  # a network address with its port
    r"|[^\s:@/]+:[^\s@/]+@[\w.-]+\.\w+",  # name:password@host
    re.IGNORECASE,
)
COLON = ":"
"""No way in is without one, and hardly a text has one: so most are never searched."""


def check_no_way_in(texts: Mapping[str, object]) -> None:
    """Raise ValidationError by field for text with the address of a camera's video, or a sign-in to it."""
    found = {field for field, text in texts.items() if isinstance(text, str) and COLON in text and WAYS_IN.search(text)}
    if found:
        sentence = _(
            "This looks like the address of a camera's video, or a sign-in to it. "
            "We keep none, so that nobody can watch. Please write it without."
        )
        raise ValidationError(dict.fromkeys(sorted(found), sentence))
