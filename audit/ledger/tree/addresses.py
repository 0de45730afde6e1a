"""Addresses of tiles and bundles in the form of C2SP tlog-tiles: `0/x001/x234/067`, `entries/000.p/12`."""

import re
from dataclasses import dataclass

from audit.ledger.models import WIDTH
from audit.ledger.tree.tiles import NoSuchTile

HIGHEST_LEVEL = 63
_NUMBER = re.compile(r"(?:x[0-9]{3}/){0,4}[0-9]{3}")
_LEVEL = re.compile(r"0|[1-9][0-9]?")
_WIDTH = re.compile(r"[1-9][0-9]{0,2}")


@dataclass(frozen=True, slots=True)
class TilePlace:
    """A tile or bundle by its number, or its first `width` hashes or entries."""

    n: int
    width: int = WIDTH

    def __str__(self) -> str:
        groups = f"{self.n:,}".replace(",", "/").split("/")
        groups[0] = groups[0].zfill(3)
        partial = "" if self.width == WIDTH else f".p/{self.width}"
        return "".join(f"x{group}/" for group in groups[:-1]) + groups[-1] + partial


def read_tile(address: str) -> tuple[int, TilePlace]:
    """Return level and place of `LEVEL/NUMBER[.p/WIDTH]`. Raises NoSuchTile for anything else."""
    level, _slash, rest = address.partition("/")
    if not _LEVEL.fullmatch(level) or int(level) > HIGHEST_LEVEL:
        raise NoSuchTile("a tile's address begins with its level, 0 to 63")
    return int(level), read_place(rest)


def read_place(address: str) -> TilePlace:
    """Return the place of `NUMBER[.p/WIDTH]`. Raises NoSuchTile unless it has its only valid spelling."""
    number, partial, width = address.partition(".p/")
    if not _NUMBER.fullmatch(number) or (partial and not _WIDTH.fullmatch(width)):
        raise NoSuchTile("a number is written in groups of three digits, x before all but the last")
    place = TilePlace(int(number.replace("x", "").replace("/", "")), int(width) if partial else WIDTH)
    if str(place) != address or place.width > WIDTH:
        raise NoSuchTile(f"that address is written {place}")
    return place
