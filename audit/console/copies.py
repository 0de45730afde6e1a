"""An export of the log: a table for spreadsheets, or the entries' sealed bytes, as a ZIP written in pieces.

The checkpoint is a file of its own, so that every tool can read the table. Columns have English names in any language.
"""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Final
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from django.utils import timezone

from audit import hooks
from audit.console.entry import facts_text, names_of_subjects
from audit.ledger import keys
from audit.ledger.models import Checkpoint
from audit.ledger.tree.tiles import proving_tiles, sealed_entries
from audit.log.events import Event
from audit.log.models import AuditEntry
from audit.log.selectors import details_of
from fusus_portal.ground.tables import BYTE_ORDER_MARK, harmless


class CopyForm(StrEnum):
    TABLE = "csv"
    SEALED = "jsonl"
    PAPER = "pdf"


@dataclass(frozen=True, slots=True)
class LogCopy:
    """An export of the log. said: the search in words. entries: ids, newest first. checkpoint: the newest, if any."""

    form: CopyForm
    said: str
    entries: list[int]
    checkpoint: Checkpoint | None

    @property
    def size(self) -> int:
        return self.checkpoint.size if self.checkpoint else 0


TABLE_COLUMNS: Final = (
    "entry", "at_utc", "at_local", "event", "what", "outcome", "actor_kind", "actor_id", "actor_role",
    "actor_pseudonym", "sign_in", "subject_kind", "subject_id", "subject_name", "incident_id", "incident", "camera_id",
    "camera_number", "offense_type", "premises_type", "area", "reason", "network_address", "browser", "facts",
)  # fmt: skip

EXPIRED_TEXT: Final = "[expired]"


def table_rows(entries: Sequence[AuditEntry]) -> Iterator[list[str | int]]:
    details = details_of(entries)
    texts = {digest: detail.text for digest, detail in details.items()}
    incidents = hooks.names("incident", (entry.incident_id for entry in entries))
    named = names_of_subjects(entries)
    for entry in entries:
        yield [
            entry.pk,
            f"{entry.at.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%fZ}",
            timezone.localtime(entry.at).isoformat(),
            entry.event,
            entry.sentence if entry.event in set(Event) else "",
            entry.outcome,
            entry.actor_kind,
            entry.actor_id,
            entry.actor_role,
            entry.actor_pseudonym,
            entry.sign_in,
            entry.subject_kind,
            entry.subject_id,
            named.get((entry.subject_kind, entry.subject_id), ""),
            entry.incident_id,
            incidents.get(entry.incident_id, ""),
            entry.camera_id,
            entry.camera_number or "",
            entry.offence_type,
            entry.premises_type,
            entry.area,
            *(_cell_text(digest, texts) for digest in (entry.reason_digest, entry.address_digest, entry.agent_digest)),
            facts_text(entry),
        ]


def _cell_text(digest: object, texts: dict[bytes, str]) -> str:
    if not isinstance(digest, bytes | memoryview):
        return ""
    return texts.get(bytes(digest), EXPIRED_TEXT)


PIECE_ENTRIES = 2_000
"""Entries that are read and written at once."""


class _Pipe(io.RawIOBase):
    """The stream that a ZIP is written into: `drain` takes the bytes written so far, which can't change any more."""

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


def file_name(form: CopyForm, entries: Sequence[int], at: datetime) -> str:
    """Return an export's file name, unique by second and ids. No extension, and no search, which may name a person."""
    count = "1-entry" if len(entries) == 1 else f"{len(entries)}-entries"
    return (
        f"audit-log-{timezone.localtime(at):%Y-%m-%d-%H%M%S}-{form.name.lower()}-{count}-{entries[-1]}-to-{entries[0]}"
    )


def file_pieces(taken: LogCopy) -> Iterator[bytes]:
    pipe = _Pipe()
    with ZipFile(pipe, "w", ZIP_DEFLATED) as archive:
        for name, content in _beside(taken):
            archive.writestr(_member(name), content)
        if taken.form is CopyForm.TABLE:
            yield from _streamed(archive, pipe, "entries.csv", _table_pieces(taken))
        else:
            yield from _streamed(archive, pipe, "entries.jsonl", _sealed_pieces(taken))
            places: set[int] = set()
            yield from _streamed(archive, pipe, "places.csv", _place_pieces(taken, places))
            for path, hashes in proving_tiles(places, taken.size):
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


def _beside(taken: LogCopy) -> Iterator[tuple[str, str]]:
    if taken.checkpoint is not None:
        yield "checkpoint", taken.checkpoint.note
        yield "key", "".join(f"{key}\n" for key in keys.known())
    yield "about.txt", about_copy(taken)


def about_copy(taken: LogCopy) -> str:
    lines = [
        f"{len(taken.entries):,} entries of the audit log, {taken.entries[-1]} to {taken.entries[0]}, newest first.",
        f"Exported at {timezone.now().astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC.",
        f"Searched for: {taken.said or 'everything'}.",
        "",
        HOW_CHECKED[taken.form] if taken.checkpoint else "No entry was sealed yet.",
    ]
    return "\n".join(lines) + "\n"


HOW_CHECKED = {
    CopyForm.TABLE: (
        "checkpoint: the newest signed head of the log when this was exported. key: the public keys of the log.\n"
        "A table can't be checked; download the same search as JSON Lines for that."
    ),
    CopyForm.SEALED: (
        "Each line of entries.jsonl is the bytes of one entry exactly as they were sealed, without the line's end.\n"
        "SHA-256(0x00 || line) is the leaf of the tree whose place is in places.csv (RFC 6962).\n"
        "checkpoint: the newest signed head of that tree when this was exported. key: the public keys of the log.\n"
        "tile: the hashes from these leaves to that head (C2SP tlog-tiles).\n"
        "The log's own verifier.py checks all of it: python3 verifier.py THIS-FILE.zip --key KEY\n"
        "An entry that waited for the sealer has no line yet, and no place."
    ),
}


def _id_pieces(taken: LogCopy) -> Iterator[Sequence[int]]:
    for start in range(0, len(taken.entries), PIECE_ENTRIES):
        yield taken.entries[start : start + PIECE_ENTRIES]


def _table_pieces(taken: LogCopy) -> Iterator[bytes]:
    yield (BYTE_ORDER_MARK + _csv([list(TABLE_COLUMNS)])).encode()
    for ids in _id_pieces(taken):
        entries = list(AuditEntry.objects.filter(id__in=ids).order_by("-id"))
        yield _csv(table_rows(entries)).encode()


def _sealed_pieces(taken: LogCopy) -> Iterator[bytes]:
    for ids in _id_pieces(taken):
        found = sealed_entries(ids)
        yield b"".join(found[pk][1] + b"\n" for pk in ids if pk in found)


def _place_pieces(taken: LogCopy, places: set[int]) -> Iterator[bytes]:
    yield _csv([["entry", "place"]]).encode()
    for ids in _id_pieces(taken):
        found = sealed_entries(ids)
        places.update(place for place, _content in found.values())
        yield _csv([pk, found[pk][0] if pk in found else ""] for pk in ids).encode()


def _csv(rows: Iterable[Sequence[str | int]]) -> str:
    text = io.StringIO()
    csv.writer(text).writerows([harmless(cell) for cell in row] for row in rows)
    return text.getvalue()
