"""Messages of a relay to a page: kind, number of the view, length. assets/js/live/messages.js reads them."""

import json
import struct
from collections.abc import Mapping
from enum import IntEnum
from typing import Any, Final

from integration.live.video.fragments import Init

HEADER: Final = struct.Struct(">BBI")
ABOUT_FRAME: Final = struct.Struct(">dB")


class Kind(IntEnum):
    BEAT = 1
    INIT = 2
    FRAME = 3
    WAIT = 4
    REFUSED = 5
    AWAY = 6


BEAT: Final = HEADER.pack(Kind.BEAT, 0, 0)


def init(view: int, found: Init) -> bytes:
    about = json.dumps({"codec": found.codec})
    return _message(Kind.INIT, view, about.encode() + b"\n" + found.box)


def frame(view: int, *, came_ms: float, is_key: bool, box: bytes) -> bytes:
    """Return the message of one frame. came_ms: when the frame reached the relay, in Unix milliseconds."""
    return _message(Kind.FRAME, view, ABOUT_FRAME.pack(came_ms, is_key) + box)


def said(kind: Kind, view: int, words: Mapping[str, Any]) -> bytes:
    return _message(kind, view, json.dumps(words).encode())


def _message(kind: Kind, view: int, payload: bytes) -> bytes:
    return HEADER.pack(kind, view, len(payload)) + payload
