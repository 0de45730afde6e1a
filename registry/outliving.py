"""What outlives a registration in other apps, and what they end with it. They register it in `AppConfig.ready`."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from audit.actors import Actor
from registry.models import Registrant


@dataclass(frozen=True, slots=True)
class Kept:
    """Something that outlives a registration. name: of the part that keeps it. until: its last moment."""

    name: str
    number: int
    until: datetime


@dataclass(frozen=True, slots=True)
class Part:
    """One app's part in leaving.

    end: ends what hangs on a locked registration, inside the transaction that deletes it. kept: what of it stays.
    line: says so to the person, with the reason and `%(day)s`, from how many there are.
    """

    name: str
    end: Callable[[Registrant, Actor], None]
    kept: Callable[[Registrant], Kept | None]
    line: Callable[[int], str]


_parts: dict[str, Part] = {}


def register(*parts: Part) -> None:
    """Add parts. Doing it twice has one effect."""
    _parts.update({part.name: part for part in parts})


def end_all(registrant: Registrant, *, actor: Actor) -> None:
    """Let each app end what hangs on a locked registration."""
    for part in _parts.values():
        part.end(registrant, actor)


def kept_of(registrant: Registrant) -> Iterator[Kept]:
    """Yield what stays when this registration ends."""
    return (kept for part in _parts.values() if (kept := part.kept(registrant)) is not None)


def line_of(kept: Kept) -> str:
    """Return the sentence about something that stays, without its day."""
    return _parts[kept.name].line(kept.number)
