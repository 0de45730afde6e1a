"""Checking a receipt as an outsider would: by RFC 9162, 2.1.3.2, from nothing but the file and the log's key."""

import base64
from dataclasses import dataclass
from hashlib import sha256

from audit.ledger.notes import TreeHead, Verifier, read_checkpoint


@dataclass(frozen=True)
class Proof:
    """The content of a receipt, a `.tlog-proof` file."""

    entry: bytes
    index: int
    hashes: list[bytes]
    checkpoint: str


def read_proof(text: str) -> Proof:
    """Return what a receipt says; fail unless it is written as C2SP tlog-proof wants."""
    head, _blank, checkpoint = text.partition("\n\n")
    version, extra, index, *hashes = head.split("\n")
    assert version == "c2sp.org/tlog-proof@v1"
    assert extra.startswith("extra ")
    assert index.startswith("index ")
    decoded = [base64.b64decode(line, validate=True) for line in hashes]
    assert all(len(one) == 32 for one in decoded)
    return Proof(
        base64.b64decode(extra.removeprefix("extra "), validate=True),
        int(index.removeprefix("index ")),
        decoded,
        checkpoint,
    )


def head_of(text: str, verifier: Verifier) -> TreeHead:
    """Return the tree head that a receipt leads to; fail unless entry, hashes and signature fit."""
    proof = read_proof(text)
    head = read_checkpoint(proof.checkpoint, verifier)
    assert root_from(proof, head.size) == head.root
    return head


def root_from(proof: Proof, size: int) -> bytes:
    """Return the root that the hashes lead to, by the loop of RFC 9162."""
    assert proof.index < size
    place, last = proof.index, size - 1
    found = sha256(b"\x00" + proof.entry).digest()
    for one in proof.hashes:
        assert last > 0
        if place & 1 or place == last:
            found = sha256(b"\x01" + one + found).digest()
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            found = sha256(b"\x01" + found + one).digest()
        place, last = place >> 1, last >> 1
    assert last == 0
    return found
