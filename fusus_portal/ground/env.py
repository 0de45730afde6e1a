"""Environment variables, read only here. A missing or malformed one stops the start with its name and a hint."""

import os
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured


class Misconfigured(ImproperlyConfigured):
    def __init__(self, name: str, problem: str, hint: str) -> None:
        super().__init__(f"{name} {problem}. {hint}".strip())


def required(name: str, *, hint: str) -> str:
    value = os.environ.get(name, "").strip()
    if not value:
        raise Misconfigured(name, "is not set", hint)
    return value


def secret(name: str, *, hint: str, needed: bool = True) -> str:
    """Return a secret from the variable, or the file that NAME_FILE names. needed: raise Misconfigured without both."""
    file = text(f"{name}_FILE")
    if not file:
        return required(name, hint=hint) if needed else text(name)
    try:
        value = Path(file).read_text(encoding="utf-8").strip()
    except OSError as error:
        raise Misconfigured(f"{name}_FILE", "can't be read", hint) from error
    if not value:
        raise Misconfigured(f"{name}_FILE", "is empty", hint)
    return value


def text(name: str, default: str = "") -> str:
    return os.environ.get(name, "").strip() or default


def number(name: str, default: int, *, least: int = 0) -> int:
    """Return a variable's whole number. Raises Misconfigured for any other text and below `least`."""
    value = text(name)
    if not value:
        return default
    if not value.isdecimal() or int(value) < least:
        raise Misconfigured(name, f"is {value!r}", f"Write a whole number of at least {least}.")
    return int(value)


def words(name: str, default: str = "") -> list[str]:
    return [word.strip() for word in text(name, default).split(",") if word.strip()]


def pairs(name: str, default: str = "") -> dict[str, str]:
    """Return a variable's pairs, written as `name=value, name=value`. Raises Misconfigured for any other text."""
    table: dict[str, str] = {}
    for word in words(name, default):
        key, equals, value = word.partition("=")
        if not equals or not key.strip() or not value.strip():
            raise Misconfigured(name, f"contains {word!r}", "Write name=value, name=value.")
        table[key.strip()] = value.strip()
    return table


def read_file(path: Path) -> None:
    """Set environment variables from a file of `NAME=value` lines; those already set win."""
    if not path.exists():
        return
    for line in path.read_text(encoding="utf-8").splitlines():
        name, equals, value = line.partition("=")
        if equals and not line.startswith("#"):
            os.environ.setdefault(name.strip(), value.strip())
