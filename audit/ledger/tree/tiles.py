"""Reads the stored tree: tiles, bundles of entries, places of entries; and opens snapshots of the database.

A partial tile is computed from a full tile's first leaves, or from waiting leaves. Addresses are in the form of C2SP
tlog-tiles: `0/x001/x234/067`, `entries/000.p/12`.
"""

import re
import struct
import zlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache

from django.conf import settings
from django.db import connection
from django.db.backends.utils import CursorWrapper

from audit.ledger.models import WIDTH, Bundle, Leaf, Tile
from audit.ledger.tree import merkle
from audit.ledger.tree.leaves import LONGEST_ENTRY
from audit.ledger.tree.merkle import EMPTY_ROOT, HASH_BYTES, Frontier, Range, leaf_hash, node_hash, perfect_levels

TILE_HEIGHT = 8
Levels = Sequence[Sequence[bytes]]
"""Hashes by height: of a tile, of their pairs, and so on; a hash without a pair has nothing above it."""


class NoSuchTile(LookupError):
    """The tree has no tile or bundle of this place, or one with fewer hashes or entries than asked for."""


class Tree:
    """The stored tree. Tiles never change, so a process caches them. remember: False reads the database, for checks."""

    def __init__(self, *, remember: bool = True) -> None:
        self._remember = remember
        self._read: dict[tuple[int, int], bytes] = {}
        self._grown: dict[tuple[int, int, int], Levels] = {}

    def root(self, size: int) -> bytes:
        """Return the root of the first `size` leaves. Raises NoSuchTile if there are fewer."""
        return self.root_of((0, size), size) if size else EMPTY_ROOT

    def root_of(self, leaves: Range, size: int) -> bytes:
        """Return the hash of leaves `low` to before `high` of a tree of `size`, as in proofs. Raises NoSuchTile."""
        low, high = leaves
        count = high - low
        if count & (count - 1) == 0:
            return self._perfect(low, count.bit_length() - 1, size)
        middle = low + merkle.split(count)
        return node_hash(self.root_of((low, middle), size), self.root_of((middle, high), size))

    def frontier(self, size: int) -> Frontier:
        """Return the largest perfect trees over the first `size` leaves, left to right. Raises NoSuchTile."""
        roots, low = [], 0
        for height in range(size.bit_length() - 1, -1, -1):
            if size & (1 << height):
                roots.append((height, self.root_of((low, low + (1 << height)), size)))
                low += 1 << height
        return Frontier(roots)

    def inclusion_proof(self, index: int, size: int) -> list[bytes]:
        return [self.root_of(leaves, size) for leaves in merkle.inclusion_ranges(index, size)]

    def consistency_proof(self, old: int, new: int) -> list[bytes]:
        return [self.root_of(leaves, new) for leaves in merkle.consistency_ranges(old, new)]

    def tile(self, level: int, n: int, width: int = WIDTH) -> bytes:
        """Return the first `width` hashes of a tile, 32 bytes each. Raises NoSuchTile if there are fewer."""
        if self._remember:
            return _remembered(connection.settings_dict["NAME"], level, n, width)
        if (level, n) not in self._read:
            self._read[level, n] = _stored(level, n)
        return _first(self._read[level, n], width)

    def _perfect(self, low: int, height: int, size: int) -> bytes:
        """Return the root of 2**height leaves from `low`, a multiple of that."""
        level, rest = divmod(height, TILE_HEIGHT)
        n, place = divmod(low >> (TILE_HEIGHT * level), WIDTH)
        width = min(WIDTH, (size >> (TILE_HEIGHT * level)) - n * WIDTH)
        return self._levels(level, n, width)[rest][place >> rest]

    def _levels(self, level: int, n: int, width: int) -> Levels:
        if self._remember:
            return _remembered_levels(connection.settings_dict["NAME"], level, n, width)
        if (level, n, width) not in self._grown:
            self._grown[level, n, width] = perfect_levels(hashes_in(self.tile(level, n, width)))
        return self._grown[level, n, width]


def bundle(n: int, width: int = WIDTH) -> bytes:
    """Return the first `width` entries of a bundle, each after its length. Raises NoSuchTile if there are fewer."""
    entries = _full_bundle(n) or [entry for _id, entry in waiting(n)] or _full_bundle(n)
    if not 1 <= width <= WIDTH or len(entries) < width:
        raise NoSuchTile(f"bundle {n} has no {width} entries")
    return packed(entries[:width])


def _full_bundle(n: int) -> list[bytes]:
    found = Bundle.objects.filter(n=n).values_list("compressed", flat=True).first()
    return [] if found is None else decompressed(bytes(found))


def index_of(entry: int) -> int | None:
    """Return the place of an entry of the log in the tree, None while it waits for the sealer."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT leaf_index FROM audit_leaf WHERE entry = %s UNION ALL "
            "SELECT n * 256 + array_position(entries, %s) - 1 FROM audit_bundle "
            "WHERE int8range(first, last, '[]') @> %s::bigint AND %s = ANY(entries)",
            [entry] * 4,
        )
        found = cursor.fetchone()
    return int(found[0]) if found else None


def entry_at(index: int) -> bytes:
    n, place = divmod(index, WIDTH)
    return list(unpacked(bundle(n, place + 1)))[place]


def waiting(n: int) -> list[tuple[int, bytes]]:
    """Return id and bytes of the entries of a bundle that is not full yet."""
    leaves = Leaf.objects.filter(leaf_index__gte=n * WIDTH, leaf_index__lt=(n + 1) * WIDTH).order_by("leaf_index")
    return [(entry, bytes(content)) for entry, content in leaves.values_list("entry", "bytes")]


def compressed(entries: Iterable[bytes]) -> bytes:
    return zlib.compress(packed(entries))


def decompressed(content: bytes) -> list[bytes]:
    return list(unpacked(zlib.decompress(content)))


def packed(entries: Iterable[bytes]) -> bytes:
    """Return entries as a bundle: for each its length in two bytes, big-endian, and its bytes."""
    return b"".join(struct.pack(">H", len(entry)) + entry for entry in entries)


def unpacked(content: bytes) -> Iterator[bytes]:
    place = 0
    while place < len(content):
        end = place + 2 + int.from_bytes(content[place : place + 2])
        yield content[place + 2 : end]
        place = end


def hashes_in(content: bytes) -> list[bytes]:
    return [content[place : place + HASH_BYTES] for place in range(0, len(content), HASH_BYTES)]


def forget() -> None:
    """Forget the cached tiles: a check of an entry reads all anew, and the tests' databases share one name."""
    _remembered.cache_clear()
    _remembered_levels.cache_clear()


@lru_cache(maxsize=settings.LEDGER_TILES_REMEMBERED)
def _remembered(database: str, level: int, n: int, width: int) -> bytes:
    return _first(_stored(level, n), width)


@lru_cache(maxsize=settings.LEDGER_TILES_REMEMBERED)
def _remembered_levels(database: str, level: int, n: int, width: int) -> Levels:
    return perfect_levels(hashes_in(_first(_stored(level, n), width)))


def _first(hashes: bytes, width: int) -> bytes:
    if not 1 <= width <= WIDTH or len(hashes) < width * HASH_BYTES:
        raise NoSuchTile(f"there are {len(hashes) // HASH_BYTES} hashes, and {width} are asked for")
    return hashes[: width * HASH_BYTES]


def _stored(level: int, n: int) -> bytes:
    # A tile may become full between the two queries: then its leaves are gone, and the tile exists.
    return _full_tile(level, n) or b"".join(_growing_tile(level, n)) or _full_tile(level, n)


def _full_tile(level: int, n: int) -> bytes:
    with connection.cursor() as cursor:  # Django's own way takes twice as long, and each proof waits for it
        cursor.execute("SELECT hashes FROM audit_tile WHERE level = %s AND n = %s", [level, n])
        full = cursor.fetchone()
    return bytes(full[0]) if full else b""


def _growing_tile(level: int, n: int) -> Sequence[bytes]:
    if level == 0:
        return [leaf_hash(entry) for _id, entry in waiting(n)]
    below = Tile.objects.filter(level=level - 1, n__gte=n * WIDTH, n__lt=(n + 1) * WIDTH).order_by("n")
    return [bytes(found) for found in below.values_list("root", flat=True)]


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
    """Return the place of `NUMBER[.p/WIDTH]`. Raises NoSuchTile for any spelling but the one that tlog-tiles allows."""
    number, partial, width = address.partition(".p/")
    if not _NUMBER.fullmatch(number) or (partial and not _WIDTH.fullmatch(width)):
        raise NoSuchTile("a number is written in groups of three digits, x before all but the last")
    place = TilePlace(int(number.replace("x", "").replace("/", "")), int(width) if partial else WIDTH)
    if str(place) != address or place.width > WIDTH:
        raise NoSuchTile(f"that address is written {place}")
    return place


def proving_tiles(places: Iterable[int], size: int) -> Iterator[tuple[str, bytes]]:
    """Yield path and hashes of each tile that proves these leaves in the tree of `size` leaves."""
    tree = Tree()
    chosen = {place // WIDTH for place in places if place < size}
    if size % WIDTH:
        chosen.add(size // WIDTH)
    for n in sorted(chosen):
        width = min(WIDTH, size - n * WIDTH)
        yield f"tile/0/{TilePlace(n, width)}", tree.tile(0, n, width)
    level, count = 1, size // WIDTH
    while count:
        for n in range(-(-count // WIDTH)):
            width = min(WIDTH, count - n * WIDTH)
            yield f"tile/{level}/{TilePlace(n, width)}", tree.tile(level, n, width)
        level, count = level + 1, count // WIDTH


BUNDLES_OF = """
SELECT DISTINCT bundle.n FROM unnest(%s::bigint[]) AS entry (id)
  JOIN audit_bundle AS bundle ON int8range(bundle.first, bundle.last, '[]') @> entry.id"""


def sealed_entries(entries: Sequence[int]) -> dict[int, tuple[int, bytes]]:
    """Return place and exact sealed bytes of these entries, by id; an unsealed one is absent."""
    wanted = set(entries)
    leaves = Leaf.objects.filter(entry__in=wanted).values_list("entry", "leaf_index", "bytes")
    found = {entry: (index, bytes(content)) for entry, index, content in leaves}
    with connection.cursor() as cursor:
        cursor.execute(BUNDLES_OF, [list(entries)])
        numbers = [n for (n,) in cursor.fetchall()]
    for bundle in Bundle.objects.filter(n__in=numbers).iterator(chunk_size=50):
        contents = decompressed(bytes(bundle.compressed))
        for place, (entry, content) in enumerate(zip(bundle.entries, contents, strict=True)):
            if entry in wanted:
                found[entry] = (bundle.n * WIDTH + place, content)
    return found


LARGEST_BUNDLE = WIDTH * (2 + LONGEST_ENTRY)
"""Most bytes of a bundle."""


@contextmanager
def snapshot() -> Iterator[CursorWrapper]:
    """Yield a cursor that sees the database as it is now, and can't write. It has a connection of its own."""
    reading = connection.copy()
    try:
        reading.set_autocommit(False)
        with reading.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield cursor
    finally:
        reading.rollback()
        reading.close()


def entries_of_bundle(compressed: bytes) -> list[bytes] | None:
    """Return the 256 entries of a stored bundle, None if it holds anything else."""
    try:
        content = zlib.decompressobj().decompress(compressed, LARGEST_BUNDLE + 1)
    except zlib.error:
        return None
    found = list(unpacked(content))
    return found if len(found) == WIDTH and sum(map(len, found)) + 2 * WIDTH == len(content) else None
