"""Reads the stored tree. A partial tile is computed from a full tile's first leaves, or from waiting leaves."""

import struct
import zlib
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

from django.conf import settings
from django.db import connection

from audit.ledger.models import WIDTH, Bundle, Leaf, Tile
from audit.ledger.tree.merkle import (
    EMPTY_ROOT,
    HASH_BYTES,
    Frontier,
    Range,
    consistency_ranges,
    inclusion_ranges,
    leaf_hash,
    node_hash,
    perfect_levels,
    split,
)

TILE_HEIGHT = 8
Levels = Sequence[Sequence[bytes]]
"""Hashes by height: of a tile, of their pairs, and so on; a hash without a pair has nothing above it."""


class NoSuchTile(LookupError):
    """The tree has no such tile, or too little of it."""


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
        """Return the hash of leaves `low` to before `high` of a tree of `size`, as in proofs."""
        low, high = leaves
        count = high - low
        if count & (count - 1) == 0:
            return self._perfect(low, count.bit_length() - 1, size)
        middle = low + split(count)
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
        return [self.root_of(leaves, size) for leaves in inclusion_ranges(index, size)]

    def consistency_proof(self, old: int, new: int) -> list[bytes]:
        return [self.root_of(leaves, new) for leaves in consistency_ranges(old, new)]

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
    """Forget the cached tiles: the tests' databases come and go under one name."""
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
