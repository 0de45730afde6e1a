"""A check of one entry now: its row, its bytes, its leaf, and the path from there to the signed root.

Everything is read and hashed anew. The path is climbed as in RFC 9162, 2.1.3.2, by code that shares nothing with the
code that made the tree.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256

from django.db import connection
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from audit.ledger import keys
from audit.ledger.models import WIDTH, Checkpoint
from audit.ledger.notes import BadNote, TreeHead, read_checkpoint
from audit.ledger.tree import tiles
from audit.ledger.tree.leaves import written
from audit.ledger.tree.merkle import HASH_BYTES, leaf_hash, node_hash
from audit.ledger.tree.tiles import NoSuchTile, Tree
from audit.log.models import AuditDetail, AuditEntry


class VerdictKind(StrEnum):
    GOOD = "good"
    WAITS = "waits"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class Step:
    """One comparison. holds: True if it is as sealed; None if that is unknown, as for an expired text."""

    what: str | Promise
    holds: bool | None


@dataclass(frozen=True, slots=True)
class Verdict:
    """Result of a check. size: of the signed tree compared with, 0 before there is one."""

    kind: VerdictKind
    steps: tuple[Step, ...]
    index: int | None = None
    size: int = 0


def check(entry: int) -> Verdict:
    tiles.forget()
    row = AuditEntry.objects.get(pk=entry)
    index = tiles.index_of(entry)
    if index is None:
        return Verdict(VerdictKind.WAITS, tuple(_texts(row)))
    signed = Checkpoint.objects.filter(size__gt=index).order_by("-size").first()
    steps = (*_texts(row), *_tree_steps(row, index, signed))
    wrong = any(step.holds is False for step in steps)
    return Verdict(VerdictKind.WRONG if wrong else VerdictKind.GOOD, steps, index, signed.size if signed else 0)


def _texts(row: AuditEntry) -> Iterator[Step]:
    for kind, what in TEXTS.items():
        digest = getattr(row, f"{kind}_digest")
        if digest is None:
            continue
        detail = AuditDetail.objects.filter(digest=bytes(digest)).first()
        hashed = sha256(bytes(detail.salt) + detail.text.encode()).digest() if detail else None
        yield Step(what, None if hashed is None else hashed == bytes(digest))


TEXTS = {
    AuditDetail.Kind.REASON: _("The reason is the one that was typed"),
    AuditDetail.Kind.ADDRESS: _("The network address is the one that was recorded"),
    AuditDetail.Kind.AGENT: _("The browser is the one that was recorded"),
}


def _tree_steps(row: AuditEntry, index: int, signed: Checkpoint | None) -> Iterator[Step]:
    stored = _stored(index)
    yield Step(_("The row of the log has the bytes that were sealed"), stored == _bytes_of(row.pk))
    leaf = leaf_hash(stored or b"")
    yield Step(_("The bytes have the hash that is in the tree"), leaf == _leaf_in_tile(index))
    head = _head(signed)
    yield Step(_("The checkpoint is signed by the key of this log"), head is not None)
    yield Step(_("The path from the leaf leads to the root that was signed"), _leads_there(leaf, index, head))


def _bytes_of(entry: int) -> bytes:
    with connection.cursor() as cursor:
        [(_entry, content)] = written(cursor, [entry])
    return content


def _stored(index: int) -> bytes | None:
    try:
        return tiles.entry_at(index)
    except (NoSuchTile, IndexError):
        return None


def _leaf_in_tile(index: int) -> bytes | None:
    n, place = divmod(index, WIDTH)
    try:
        return Tree().tile(0, n, place + 1)[-HASH_BYTES:]
    except NoSuchTile:
        return None


def _head(signed: Checkpoint | None) -> TreeHead | None:
    if signed is None:
        return None
    try:
        head = read_checkpoint(signed.note, *keys.known())
    except BadNote:
        return None
    return head if head.size == signed.size else None


def _leads_there(leaf: bytes, index: int, head: TreeHead | None) -> bool:
    if head is None:
        return False
    try:
        proof = Tree().inclusion_proof(index, head.size)
    except NoSuchTile:
        return False
    return climbed(leaf, index, head.size, proof) == head.root


def climbed(leaf: bytes, index: int, size: int, proof: Sequence[bytes]) -> bytes | None:
    """Return the root that a proof leads to from a leaf, None if its length is wrong (RFC 9162, 2.1.3.2)."""
    place, last, root = index, size - 1, leaf
    for sibling in proof:
        if last == 0:
            return None
        if place & 1 or place == last:
            root = node_hash(sibling, root)
            while place and not place & 1:
                place, last = place >> 1, last >> 1
        else:
            root = node_hash(root, sibling)
        place, last = place >> 1, last >> 1
    return root if last == 0 else None
