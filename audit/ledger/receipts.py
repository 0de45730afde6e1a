"""Receipts: a file that proves with the log's key that an entry is in the log (C2SP tlog-proof).

`extra` holds the entry's own bytes, so a receipt is complete. A receipt needs a public checkpoint that holds the entry:
the entry's place, and the size of a tree that is not public, would reveal to an owner at any moment how much is done
(docs/decisions/audit/fillers.md).
"""

import base64
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from audit.ledger import publication
from audit.ledger.models import Publication
from audit.ledger.tree.tiles import Tree, entry_at

HEADER = "c2sp.org/tlog-proof@v1"
FILE_TYPE = "text/plain; charset=utf-8"
FILE_ENDING = ".tlog-proof"

SEALS = """
SELECT place.entry, place.index,
    (SELECT at FROM audit_checkpoint WHERE size > place.index ORDER BY size LIMIT 1)
FROM (
    SELECT entry, leaf_index AS index FROM audit_leaf WHERE entry = ANY(%(wanted)s)
    UNION ALL
    SELECT one, n * 256 + array_position(entries, one) - 1
    FROM unnest(%(wanted)s::bigint[]) AS one
    JOIN audit_bundle ON int8range(first, last, '[]') @> one AND one = ANY(entries)
) AS place
"""


class NotPublic(LookupError):
    """No published checkpoint holds this entry yet."""


@dataclass(frozen=True, slots=True)
class Seal:
    """An entry's place in the tree. index: its leaf's number, from 0. at: time of the first checkpoint over it."""

    index: int
    at: datetime
    is_public: bool

    @property
    def public_from(self) -> datetime:
        return publication.public_from(self.at)


@dataclass(frozen=True, slots=True)
class Receipt:
    """An entry's bytes, its leaf, the hashes from the leaf up, and the checkpoint of `size` leaves they lead to."""

    index: int
    entry: bytes
    hashes: tuple[bytes, ...]
    size: int
    checkpoint: str

    def __str__(self) -> str:
        lines = [HEADER, f"extra {_base64(self.entry)}", f"index {self.index}", *map(_base64, self.hashes), ""]
        return "\n".join(lines) + "\n" + self.checkpoint


def seals_of(entries: Iterable[int]) -> Mapping[int, Seal]:
    """Return the seal of each of these entries (ids) that is sealed. Two queries, however many entries."""
    wanted = list(entries)
    if not wanted:
        return {}
    published = publication.published()
    size = published.size if published else 0
    with connection.cursor() as cursor:
        cursor.execute(SEALS, {"wanted": wanted})
        return {entry: Seal(index, at, index < size) for entry, index, at in cursor.fetchall()}


def is_sealed(entry: int) -> bool:
    return entry in seals_of([entry])


def is_public(entry: int) -> bool:
    seal = seals_of([entry]).get(entry)
    return seal is not None and seal.is_public


def receipt_of(entry: int) -> Receipt:
    """Return the receipt of an entry (its id). Raises NotPublic with a sentence that says when it will be ready."""
    seal = seals_of([entry]).get(entry)
    if seal is None or not seal.is_public:
        raise NotPublic(ready_from(seal))
    head = Publication.objects.latest("size")
    hashes = Tree().inclusion_proof(seal.index, head.size)
    return Receipt(seal.index, entry_at(seal.index), tuple(hashes), head.size, head.note)


def ready_from(seal: Seal | None) -> str:
    """Return the sentence that says when a receipt will be ready. seal: None for an entry that waits for its seal."""
    ready = seal.public_from if seal else publication.public_from(timezone.now())
    if ready <= timezone.now():
        return _("The receipt will be ready soon.")
    local = timezone.localtime(ready)
    return _("The receipt will be ready at %(time)s.") % {"time": f"{date_format(local, 'TIME_FORMAT')} {local:%Z}"}


def attachment(name: str) -> dict[str, str]:
    return {"Content-Disposition": f'attachment; filename="{name}{FILE_ENDING}"', "Content-Type": FILE_TYPE}


def _base64(content: bytes) -> str:
    return base64.b64encode(content).decode()
