"""Hashes and proofs of a Merkle tree as in RFC 6962, section 2.1, over leaves numbered from 0.

The hash of leaves `low` to before `high` is written `(low, high)` here: proofs are lists of such ranges, and
`audit.ledger.tree.tiles`, which has the leaves, computes their hashes.
"""

from collections.abc import Iterable, Sequence
from hashlib import sha256

HASH_BYTES = 32
EMPTY_ROOT = sha256(b"").digest()

Range = tuple[int, int]


def leaf_hash(entry: bytes) -> bytes:
    """Return SHA-256(0x00 || entry)."""
    return sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return SHA-256(0x01 || left || right)."""
    return sha256(b"\x01" + left + right).digest()


def perfect_levels(hashes: Sequence[bytes]) -> list[Sequence[bytes]]:
    """Return hashes of one level, those of their pairs, and so on. A hash without a pair has nothing above it."""
    levels = [hashes]
    while len(levels[-1]) > 1:
        below = levels[-1]
        levels.append([node_hash(left, right) for left, right in zip(below[::2], below[1::2], strict=False)])
    return levels


def perfect_root(hashes: Sequence[bytes]) -> bytes:
    """Return the root above hashes of one level; their number is a power of two."""
    return perfect_levels(hashes)[-1][0]


def split(size: int) -> int:
    """Return the largest power of two below `size` (2 or more), where a tree divides."""
    return 1 << (size - 1).bit_length() - 1


def inclusion_ranges(index: int, size: int) -> list[Range]:
    """Return ranges that prove leaf `index` in `size` leaves, sibling first (RFC 6962, 2.1.1). Raises ValueError."""
    if not 0 <= index < size:
        raise ValueError(f"a tree of {size} leaves has no leaf {index}")
    low, high, ranges = 0, size, []
    while high - low > 1:
        middle = low + split(high - low)
        if index < middle:
            ranges.append((middle, high))
            high = middle
        else:
            ranges.append((low, middle))
            low = middle
    return ranges[::-1]


def consistency_ranges(old: int, new: int) -> list[Range]:
    """Return ranges that prove the first `old` of `new` leaves unchanged (RFC 6962, 2.1.2). Raises ValueError."""
    if not 0 <= old <= new:
        raise ValueError(f"a tree of {new} leaves does not continue one of {old}")
    if old in {0, new}:
        return []
    low, high, ranges = 0, new, []
    while old != high:
        middle = low + split(high - low)
        if old <= middle:
            ranges.append((middle, high))
            high = middle
        else:
            ranges.append((low, middle))
            low = middle
    if low:
        ranges.append((low, high))
    return ranges[::-1]


class Frontier:
    """The roots of the largest perfect subtrees of a tree, left to right: enough to add leaves and compute the root."""

    def __init__(self, roots: Iterable[tuple[int, bytes]] = ()) -> None:
        self._roots = list(roots)  # (height, hash)

    @property
    def roots(self) -> tuple[tuple[int, bytes], ...]:
        return tuple(self._roots)

    @property
    def size(self) -> int:
        return sum(1 << height for height, _root in self._roots)

    def add(self, root: bytes, height: int = 0) -> None:
        """Add a leaf by its hash, or the root of 2**height leaves, if the size so far is a multiple of that."""
        while self._roots and self._roots[-1][0] == height:
            _height, left = self._roots.pop()
            root, height = node_hash(left, root), height + 1
        self._roots.append((height, root))

    def root(self) -> bytes:
        found = EMPTY_ROOT
        for number, (_height, root) in enumerate(reversed(self._roots)):
            found = node_hash(root, found) if number else root
        return found

    def copy(self) -> "Frontier":
        return Frontier(self._roots)
