"""Bodies of calls: JSON objects with the fields that openapi.json names, and no others."""

import json
import re
from collections.abc import Callable, Mapping
from typing import Any, Final

from integration.cores.models import CHANNEL, SERIAL, ProblemKind
from integration.rules import MOST_CAMERAS

LARGEST_BYTES: Final = 64 * 1024
LARGEST_DISK: Final = 2**62
MOST_MINUTES: Final = 366 * 24 * 60
OPTIONAL: Final = frozenset({"recorded_minutes", "problems"})
"""Fields that earlier firmware does not send."""

Check = Callable[[str, Any], Any]


class Malformed(ValueError):
    """A body or a field of it that breaks the format. field: its name and place. sentence: what to send."""

    def __init__(self, field: str, sentence: str) -> None:
        super().__init__(sentence)
        self.field, self.sentence = field, sentence


def object_of(body: bytes) -> dict[str, Any]:
    """Return the JSON object of a body; an empty body is an empty object. Raises Malformed on "body"."""
    if not body:
        return {}
    try:
        found = json.loads(body.decode("utf-8"), object_pairs_hook=_once, parse_constant=_no_number)
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError) as error:
        raise Malformed("body", "Send one JSON object in UTF-8.") from error
    if not isinstance(found, dict):
        raise Malformed("body", "Send one JSON object.")
    return found


def read(found: Mapping[str, Any], checks: Mapping[str, Check]) -> dict[str, Any]:
    """Return each field as its check returns it, None for a missing one of `OPTIONAL`. Raises Malformed."""
    for field in found:
        if field not in checks:
            raise Malformed(field[:40], "There is no such field here.")
    for field in checks:
        if field not in found and field not in OPTIONAL:
            raise Malformed(field, "This field is missing.")
    return {field: check(field, found[field]) if field in found else None for field, check in checks.items()}


def text(form: str, sentence: str) -> Check:

    def check(field: str, value: Any) -> str:
        if not isinstance(value, str) or not re.fullmatch(form, value):
            raise Malformed(field, sentence)
        return value

    return check


def number(sentence: str, *, least: int = 0, most: int = LARGEST_DISK) -> Check:
    """Return a check for whole numbers; in JSON 5.0 is one, too. sentence: what to send, for the error."""

    def check(field: str, value: Any) -> int:
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
            raise Malformed(field, sentence)
        return value

    return check


def channels(field: str, value: Any) -> dict[str, dict[str, Any]]:
    """Return checked channels by name, each with picture and problems (None if it sends none). Raises Malformed."""
    if not isinstance(value, list) or len(value) > MOST_CAMERAS:
        raise Malformed(field, f"Send a list of at most {MOST_CAMERAS} channels.")
    found: dict[str, dict[str, Any]] = {}
    for place, each in enumerate(value):
        where = f"{field}[{place}]"
        if not isinstance(each, dict):
            raise Malformed(where, "Send an object with channel and picture.")
        one = read(each, {"channel": channel, "picture": picture, "problems": problems})
        if one["channel"] in found:
            raise Malformed(where, "This channel is there twice.")
        found[one["channel"]] = one
    return found


def problems(field: str, value: Any) -> list[str]:
    if not isinstance(value, list) or len(value) > len(ProblemKind) or len(value) != len(set(map(str, value))):
        raise Malformed(field, "Send a list that names each problem once.")
    if any(each not in ProblemKind.values for each in value):
        raise Malformed(field, f"Send problems of this list: {', '.join(ProblemKind.values)}.")
    return value


serial = text(SERIAL.strip("^$"), "Send the serial number: capital letters and digits.")
code = text(r"[0-9A-Za-z -]{1,40}", "Send the code: two groups of five letters and digits.")
"""Form of an activation code. A code of this form that is wrong is refused without a reason."""

key = text(r"[A-Za-z0-9+/]{43}=", "Send 32 bytes in base64.")
firmware = text(
    r"[0-9A-Za-z][0-9A-Za-z._+-]{0,39}",
    "Send a version such as 1.4.2: at most 40 letters, digits, dots and hyphens.",
)
channel = text(CHANNEL.strip("^$"), "Send a name of at most 32 small letters, digits, hyphens and underscores.")

whole_number = number("Send a whole number, zero or more.")
disk_size = number("Send how large the disk is, in bytes.", least=1)
recorded_minutes = number(
    f"Send how many minutes back recordings reach, at most {MOST_MINUTES}; 0 for none.", most=MOST_MINUTES
)

picture = text("running|lost", "Send running or lost.")
seen = text(r"[0-9a-f]{0,64}", 'Send "seen" as the last answer said it, or empty.')

ACTIVATE: Final[Mapping[str, Check]] = {"serial": serial, "code": code, "key": key, "firmware": firmware}
TOKEN: Final[Mapping[str, Check]] = {"serial": serial}
ORDERS: Final[Mapping[str, Check]] = {"seen": seen}
HEALTH: Final[Mapping[str, Check]] = {
    "firmware": firmware,
    "clock_ms": whole_number,
    "disk_free": whole_number,
    "disk_size": disk_size,
    "channels": channels,
    "recorded_minutes": recorded_minutes,
}


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise Malformed("body", "A field is there twice.")
    return found


def _no_number(text: str) -> None:
    raise Malformed("body", "Send numbers as JSON knows them.")
