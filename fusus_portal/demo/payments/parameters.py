"""Forms as the payment service reads them: `a[b][0]=c` is a tree.

The engine knows fewer parameters than the service. Others are checked here as the service would, then left out.
"""

from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl

Json = dict[str, Any]

MOST_METADATA, LONGEST_NAME, LONGEST_VALUE = 50, 40, 500


class Invalid(Exception):
    """The payment service would refuse this parameter (400)."""

    def __init__(self, parameter: str, message: str) -> None:
        super().__init__(message)
        self.parameter = parameter


def tree(text: str) -> Json:
    root: Json = {}
    for name, value in parse_qsl(text, keep_blank_values=True):
        *parents, last = name.replace("]", "").split("[")
        place = root
        for part in parents:
            place = place.setdefault(part, {})
        place[last or str(len(place))] = value
    return root


def items(branch: object, parameter: str) -> list[Json]:
    if not isinstance(branch, dict) or not branch:
        raise Invalid(parameter, f"Missing required param: {parameter}.")
    return [branch[key] for key in sorted(branch, key=int)]


def words(branch: object) -> list[str]:
    return [str(branch[key]) for key in sorted(branch, key=int)] if isinstance(branch, dict) else []


def amount(value: object, parameter: str) -> int:
    if not isinstance(value, str) or not value.isdecimal() or int(value) < 1:
        raise Invalid(parameter, f"Invalid positive integer: {parameter}")
    return int(value)


def metadata(branch: object) -> dict[str, str]:
    found = {} if branch is None else branch
    if not isinstance(found, dict) or len(found) > MOST_METADATA:
        raise Invalid("metadata", "Metadata is a hash of at most 50 keys.")
    for name, value in found.items():
        if len(name) > LONGEST_NAME or not isinstance(value, str) or len(value) > LONGEST_VALUE:
            raise Invalid("metadata", "Metadata keys have up to 40 characters, values up to 500.")
    return found


def only(given: Json, *allowed: str) -> None:
    for name in given:
        if name not in allowed:
            raise Invalid(name, f"Received unknown parameter: {name}")


STRIPPED: dict[str, Callable[[object], bool]] = {
    "automatic_payment_methods": lambda value: isinstance(value, dict),
    "setup_future_usage": ("off_session", "on_session").__contains__,
    "off_session": ("true", "false").__contains__,
}
"""Parameters that are left out for the engine, each with the service's check of its value."""


def without_what_the_engine_refuses(given: Json) -> Json:
    """Return the parameters that the engine knows. Raises Invalid if the service would refuse a value."""
    for name, value in given.items():
        if name in STRIPPED and not STRIPPED[name](value):
            raise Invalid(name, f"Invalid {name}")
    return {name: value for name, value in given.items() if name not in STRIPPED}
