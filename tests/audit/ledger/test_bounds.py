"""Bounds of the tree, its addresses, its notes and its receipts: the last that is taken, the first that is not."""

import zlib
from base64 import b64encode
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import pytest
import time_machine
from django.conf import LazySettings

from audit.ledger.models import WIDTH
from audit.ledger.notes import (
    DASH,
    ID_BYTES,
    BadNote,
    Signer,
    TreeHead,
    read_head,
    read_note,
    read_signer,
    read_verifier,
)
from audit.ledger.receipts import Seal, ready_from
from audit.ledger.tree import leaves
from audit.ledger.tree.leaves import LONGEST_ENTRY
from audit.ledger.tree.merkle import consistency_ranges, inclusion_ranges
from audit.ledger.tree.tiles import NoSuchTile, TilePlace, entries_of_bundle, packed, read_tile

SEAL = Seal(0, datetime(2026, 6, 15, 12, 30, tzinfo=UTC), is_public=False)
SIGNED = f"{DASH}log.test {b64encode(bytes(ID_BYTES + 1)).decode()}\n"


def note(length: int) -> object:
    return read_note(f"text\n\n{DASH}log.test {b64encode(bytes(length)).decode()}\n")


def test_what_is_within() -> None:
    assert read_tile("63/000") == (63, TilePlace(0))
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


@pytest.mark.parametrize(
    "line",
    [
        SIGNED.removeprefix(DASH),
        SIGNED.replace("log.test", "log+test"),
        SIGNED.replace("log.test", ""),
        f"{DASH}log.test AAAAA\n",
    ],
    ids=["no dash", "no name of a key", "no name", "no base64"],
)
def test_what_is_no_signature(line: str) -> None:
    with pytest.raises(BadNote, match=r"no signature|not base64"):
        read_note(f"text\n\n{SIGNED}{line}")


def head(*, origin: str = "log.test", size: str = "1", root: int = 32) -> TreeHead:
    return read_head(f"{origin}\n{size}\n{b64encode(bytes(root)).decode()}\nmore\n")


@pytest.mark.parametrize("size", [0, 1, 10**19 - 1])
def test_what_a_checkpoint_says(size: int) -> None:
    assert head(size=str(size)) == TreeHead("log.test", size, bytes(32))


@pytest.mark.parametrize(
    "said",
    [{"origin": ""}, {"size": ""}, {"size": "01"}, {"size": "-1"}, {"size": "1" * 20}, {"root": 31}, {"root": 33}],
)
def test_what_is_no_checkpoint(said: dict[str, Any]) -> None:
    with pytest.raises(BadNote, match="a checkpoint begins with origin, size and root"):
        head(**said)


def test_a_key_is_of_a_kind_that_is_known_and_has_its_own_id() -> None:
    good, other = Signer("log.test", bytes(32)), Signer("log.test", bytes(32), 7)
    assert (read_signer(good.text()), read_verifier(str(good.verifier))) == (good, good.verifier)
    for secret, public in (
        (other.text(), str(other.verifier)),
        (good.text().replace("log", "bog"), str(good.verifier).replace("log", "bog")),
    ):
        with pytest.raises(BadNote, match="does not fit its own ID"):
            read_signer(secret)
        with pytest.raises(BadNote, match="does not fit its own ID"):
            read_verifier(public)


@pytest.mark.parametrize(
    ("entries", "after", "is_whole"),
    [([bytes(LONGEST_ENTRY)] * WIDTH, b"", True), ([b"x"] * WIDTH, b"\0", False), ([b"x"] * (WIDTH - 1), b"", False)],
)
def test_a_bundle_holds_256_entries_of_any_length_and_nothing_else(
    entries: list[bytes], after: bytes, *, is_whole: bool
) -> None:
    assert entries_of_bundle(zlib.compress(packed(entries) + after)) == (entries if is_whole else None)


@pytest.mark.parametrize(("early", "come"), [(1e-6, False), (0.0, True)])
def test_the_first_filler_comes_after_its_pause(
    early: float, come: bool, settings: LazySettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.LEDGER_FILLER_SECONDS = 60.0
    now = [0.0]
    monkeypatch.setattr(leaves, "monotonic", lambda: now[0])
    monkeypatch.setattr(leaves, "new_fillers", lambda number: [(0, b"")] * number)
    schedule = leaves.FillerSchedule(Random(7))  # noqa: S311  (by seed)
    now[0] = Random(7).expovariate(1 / 60.0) - early  # noqa: S311
    schedule.come()
    assert bool(schedule.waiting) is come


@pytest.mark.parametrize(("left", "said"), [(timedelta(), "soon"), (timedelta(microseconds=1), "at 8 a.m. CDT")])
def test_until_when_a_receipt_has_a_time(left: timedelta, said: str) -> None:
    with time_machine.travel(SEAL.public_from - left, tick=False):
        assert ready_from(SEAL) == f"The receipt will be ready {said}."
