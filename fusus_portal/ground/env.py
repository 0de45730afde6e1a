"""The one place that reads the environment.

A variable that is missing or malformed stops the process with its name and a
hint, before anything is served.
"""

import os
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

YES = {"1", "true", "yes", "on"}
NO = {"0", "false", "no", "off", ""}


class Misconfigured(ImproperlyConfigured):
    """A variable of the environment is missing or can't be used."""

    def __init__(self, name: str, problem: str, hint: str) -> None:
        super().__init__(f"{name} {problem}. {hint}".strip())
        self.name = name


def required(name: str, *, hint: str) -> str:
    """Return the variable's text; raise Misconfigured when it is missing or blank."""
    value = os.environ.get(name, "").strip()
    if not value:
        raise Misconfigured(name, "is not set", hint)
    return value


def secret(name: str, *, hint: str) -> str:
    """Return a secret: the variable's text, or that of the file that NAME_FILE names; raise Misconfigured without."""
    file = text(f"{name}_FILE")
    if not file:
        return required(name, hint=hint)
    try:
        value = Path(file).read_text(encoding="utf-8").strip()
    except OSError as error:
        raise Misconfigured(f"{name}_FILE", "can't be read", hint) from error
    if not value:
        raise Misconfigured(f"{name}_FILE", "is empty", hint)
    return value


def text(name: str, default: str = "") -> str:
    """Return the variable's text, or the default when it is missing or blank."""
    return os.environ.get(name, "").strip() or default


def flag(name: str, *, default: bool = False) -> bool:
    """Return yes or no; anything else raises Misconfigured."""
    value = os.environ.get(name)
    if value is None:
        return default
    if value.strip().lower() in YES:
        return True
    if value.strip().lower() in NO:
        return False
    raise Misconfigured(name, f"is {value!r}", "Write yes or no.")


def number(name: str, default: int, *, least: int = 0) -> int:
    """Return a whole number of at least `least`."""
    value = text(name)
    if not value:
        return default
    if not value.isdecimal() or int(value) < least:
        raise Misconfigured(name, f"is {value!r}", f"Write a whole number of at least {least}.")
    return int(value)


def words(name: str, default: str = "") -> list[str]:
    """Return the parts of a list that is separated by commas."""
    return [word.strip() for word in text(name, default).split(",") if word.strip()]


def pairs(name: str, default: str = "") -> dict[str, str]:
    """Return a table written as `name=value, name=value`."""
    table: dict[str, str] = {}
    for word in words(name, default):
        key, equals, value = word.partition("=")
        if not equals or not key.strip() or not value.strip():
            raise Misconfigured(name, f"contains {word!r}", "Write name=value, name=value.")
        table[key.strip()] = value.strip()
    return table


def read_file(path: Path) -> None:
    """Take `NAME=value` lines from a file; what the environment has already wins."""
    if not path.exists():
        return
    for line in path.read_text(encoding="utf-8").splitlines():
        name, equals, value = line.partition("=")
        if equals and not line.startswith("#"):
            os.environ.setdefault(name.strip(), value.strip())
