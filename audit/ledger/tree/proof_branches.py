"""The part of the tree that proves chosen entries, in the layout of C2SP tlog-tiles.

It has all tiles above the leaves, which are few, the tile at the right edge, and each tile of leaves with a chosen
entry. A tile of leaves has its root in the tile above; those roots and the edge lead to the signed root.
"""

from collections.abc import Iterable, Iterator

from audit.ledger.models import WIDTH
from audit.ledger.tree.addresses import TilePlace
from audit.ledger.tree.tiles import Tree


def tiles_of(places: Iterable[int], size: int) -> Iterator[tuple[str, bytes]]:
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
