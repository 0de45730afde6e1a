"""Bounds of the tree, its addresses, its notes and its receipts: the last that is taken, the first that is not."""

from base64 import b64encode
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from audit.ledger.addresses import Place, read_tile
from audit.ledger.merkle import consistency_ranges, inclusion_ranges
from audit.ledger.notes import DASH, ID_BYTES, BadNote, read_note
from audit.ledger.receipts import Seal, ready_from
from audit.ledger.tiles import NoSuchTile

SEAL = Seal(0, datetime(2026, 6, 15, 12, 30, tzinfo=UTC), is_public=False)
SIGNED = f"{DASH}log.test {b64encode(bytes(ID_BYTES + 1)).decode()}\n"


def note(length: int) -> object:
    return read_note(f"text\n\n{DASH}log.test {b64encode(bytes(length)).decode()}\n")


def test_what_is_within() -> None:
    assert read_tile("63/000") == (63, Place(0))
    assert inclusion_ranges(0, 1) == []
    assert inclusion_ranges(2, 3) == [(0, 2)]
    assert consistency_ranges(0, 3) == consistency_ranges(3, 3) == []
    assert note(ID_BYTES + 1)


@pytest.mark.parametrize(
    "beyond",
    [
        lambda: read_tile("64/000"),
        lambda: inclusion_ranges(3, 3),
        lambda: inclusion_ranges(-1, 3),
        lambda: consistency_ranges(4, 3),
        lambda: consistency_ranges(-1, 3),
        lambda: note(ID_BYTES),
    ],
)
def test_what_is_beyond(beyond: Callable[[], object]) -> None:
    with pytest.raises((ValueError, NoSuchTile)):
        beyond()


@pytest.mark.parametrize(
    "note",
    [SIGNED, f"text\n{SIGNED}", f"text\n\n{SIGNED}".rstrip(), "text\n\n"],
    ids=["no text", "no empty line", "no end", "no signature"],
)
def test_a_note_is_a_text_an_empty_line_and_signatures(note: str) -> None:
    with pytest.raises(BadNote, match="a note is a text, an empty line, and signatures"):
        read_note(note)


@pytest.mark.parametrize(("left", "said"), [(timedelta(), "soon"), (timedelta(microseconds=1), "at 8 a.m. CDT")])
def test_until_when_a_receipt_has_a_time(left: timedelta, said: str) -> None:
    with time_machine.travel(SEAL.public_from - left, tick=False):
        assert ready_from(SEAL) == f"The receipt will be ready {said}."
