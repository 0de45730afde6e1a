from collections.abc import Sequence

from django.db import connection

from audit.ledger.models import WIDTH, Bundle, Leaf
from audit.ledger.tree import tiles

BUNDLES_OF = """
SELECT DISTINCT bundle.n FROM unnest(%s::bigint[]) AS entry (id)
  JOIN audit_bundle AS bundle ON int8range(bundle.first, bundle.last, '[]') @> entry.id"""


def sealed(entries: Sequence[int]) -> dict[int, tuple[int, bytes]]:
    """Return place and exact sealed bytes of these entries, by id; an unsealed one is absent."""
    wanted = set(entries)
    leaves = Leaf.objects.filter(entry__in=wanted).values_list("entry", "leaf_index", "bytes")
    found = {entry: (index, bytes(content)) for entry, index, content in leaves}
    for bundle in Bundle.objects.filter(n__in=_bundles(entries)).iterator(chunk_size=50):
        contents = tiles.decompressed(bytes(bundle.compressed))
        for place, (entry, content) in enumerate(zip(bundle.entries, contents, strict=True)):
            if entry in wanted:
                found[entry] = (bundle.n * WIDTH + place, content)
    return found


def _bundles(entries: Sequence[int]) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(BUNDLES_OF, [list(entries)])
        return [n for (n,) in cursor.fetchall()]
