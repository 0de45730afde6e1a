"""An export as a ZIP, written in pieces. The checkpoint is beside the table, so that every tool can read the table."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from django.utils import timezone

from audit.console.copies.cells import COLUMNS, rows_of
from audit.console.copies.contents import Form, Taken
from audit.ledger import keys
from audit.ledger.tree.proof_branches import tiles_of
from audit.ledger.tree.sealed_entries import sealed
from audit.log.models import AuditEntry
from fusus_portal.ground.tables import BYTE_ORDER_MARK, harmless

PIECE = 2_000
"""Entries that are read and written at once."""


class _Pipe(io.RawIOBase):
    """A stream that passes on written bytes; nothing passed on can change."""

    def __init__(self) -> None:
        super().__init__()
        self._waiting: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, piece: "io.ReadableBuffer") -> int:  # type: ignore[name-defined]
        self._waiting.append(bytes(piece))
        return len(self._waiting[-1])

    def drain(self) -> bytes:
        content, self._waiting = b"".join(self._waiting), []
        return content


def name_of(form: Form, entries: Sequence[int], at: datetime) -> str:
    """Return a file's name, unique by its second and ids. The search is not in it: it may name a person."""
    count = "1-entry" if len(entries) == 1 else f"{len(entries)}-entries"
    return f"audit-log-{timezone.localtime(at):%Y-%m-%d-%H%M%S}-{KINDS[form]}-{count}-{entries[-1]}-to-{entries[0]}"


KINDS = {Form.TABLE: "table", Form.SEALED: "sealed", Form.PAPER: "paper"}


def written(taken: Taken) -> Iterator[bytes]:
    pipe = _Pipe()
    with ZipFile(pipe, "w", ZIP_DEFLATED) as archive:
        for name, content in _beside(taken):
            archive.writestr(_member(name), content)
        lines, name = (_table(taken), "entries.csv") if taken.form is Form.TABLE else (_sealed(taken), "entries.jsonl")
        yield from _streamed(archive, pipe, name, lines)
        if taken.form is Form.SEALED:
            places: set[int] = set()
            yield from _streamed(archive, pipe, "places.csv", _places(taken, places))
            for path, hashes in tiles_of(places, taken.size):
                archive.writestr(_member(path), hashes)
                yield pipe.drain()
    yield pipe.drain()


def _streamed(archive: ZipFile, pipe: _Pipe, name: str, pieces: Iterable[bytes]) -> Iterator[bytes]:
    with archive.open(_member(name), "w", force_zip64=True) as member:
        for piece in pieces:
            member.write(piece)
            yield pipe.drain()


def _member(name: str) -> ZipInfo:
    member = ZipInfo(name, timezone.localtime().timetuple()[:6])
    member.compress_type, member.external_attr = ZIP_DEFLATED, 0o600 << 16
    return member


def _beside(taken: Taken) -> Iterator[tuple[str, str]]:
    if taken.checkpoint is not None:
        yield "checkpoint", taken.checkpoint.note
        yield "key", "".join(f"{key}\n" for key in keys.known())
    yield "about.txt", about(taken)


def about(taken: Taken) -> str:
    lines = [
        f"{len(taken.entries):,} entries of the audit log, {taken.entries[-1]} to {taken.entries[0]}, newest first.",
        f"Exported at {timezone.now().astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC.",
        f"Searched for: {taken.said or 'everything'}.",
        "",
        CHECKED[taken.form] if taken.checkpoint else "No entry was sealed yet.",
    ]
    return "\n".join(lines) + "\n"


CHECKED = {
    Form.TABLE: (
        "checkpoint: the newest signed head of the log when this was exported. key: the public keys of the log.\n"
        "A table can't be checked; download the same search as JSON Lines for that."
    ),
    Form.SEALED: (
        "Each line of entries.jsonl is the bytes of one entry exactly as they were sealed, without the line's end.\n"
        "SHA-256(0x00 || line) is the leaf of the tree whose place is in places.csv (RFC 6962).\n"
        "checkpoint: the newest signed head of that tree when this was exported. key: the public keys of the log.\n"
        "tile: the hashes from these leaves to that head (C2SP tlog-tiles).\n"
        "The log's own verifier.py checks all of it: python3 verifier.py THIS-FILE.zip --key KEY\n"
        "An entry that waited for the sealer has no line yet, and no place."
    ),
}


def _pieces(taken: Taken) -> Iterator[Sequence[int]]:
    for start in range(0, len(taken.entries), PIECE):
        yield taken.entries[start : start + PIECE]


def _table(taken: Taken) -> Iterator[bytes]:
    yield (BYTE_ORDER_MARK + _csv([list(COLUMNS)])).encode()
    for ids in _pieces(taken):
        entries = list(AuditEntry.objects.filter(id__in=ids).order_by("-id"))
        yield _csv(rows_of(entries)).encode()


def _sealed(taken: Taken) -> Iterator[bytes]:
    for ids in _pieces(taken):
        found = sealed(ids)
        yield b"".join(found[pk][1] + b"\n" for pk in ids if pk in found)


def _places(taken: Taken, places: set[int]) -> Iterator[bytes]:
    yield _csv([["entry", "place"]]).encode()
    for ids in _pieces(taken):
        found = sealed(ids)
        places.update(place for place, _content in found.values())
        yield _csv([pk, found[pk][0] if pk in found else ""] for pk in ids).encode()


def _csv(rows: Iterable[Sequence[str | int]]) -> str:
    text = io.StringIO()
    csv.writer(text).writerows([harmless(cell) for cell in row] for row in rows)
    return text.getvalue()
