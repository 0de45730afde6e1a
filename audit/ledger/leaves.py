"""The bytes of an entry, as they are hashed: RFC 8785 JSON of its columns, without those that are empty or 0.

Keys are the columns' names, but for `n`, the 128 random bits that keep a public hash from being guessed. Bytes are
written in hexadecimal, times in UTC with microseconds. Python's writer gives what RFC 8785 asks for as long as keys are
ASCII and numbers whole and below 2**53, which the database checks.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

COLUMNS = (
    "id", "at", "nonce", "event", "outcome", "actor_kind", "actor_id", "actor_role", "actor_pseudonym", "sign_in",
    "subject_kind", "subject_id", "incident_id", "camera_id", "camera_number", "offence_type", "premises_type", "area",
    "facts", "reason_digest", "address_digest", "agent_digest", "transaction", "db_role",
)  # fmt: skip
READ_AS = {
    "transaction": "transaction::text::bigint",
    "at": """to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')""",
    "incident_id": "incident_id::text",
    "camera_id": "camera_id::text",
}
"""What the database writes as the entry will say it: Python takes four times as long for a time or a UUID."""

SELECTED = ", ".join(READ_AS.get(name, name) for name in COLUMNS)
"""The columns as they are read, in the order of COLUMNS."""

LONGEST = 65_535
"""Bytes of one entry: a bundle says the length of each in two bytes."""

NAMES = {"nonce": "n"}


class EntryTooLong(ValueError):
    """An entry has more bytes than a bundle can hold."""


def row_of(values: Sequence[Any]) -> dict[str, Any]:
    """Return a row that was read as SELECTED, by column. Django's cursors hand JSON over as text."""
    row = dict(zip(COLUMNS, values, strict=True))
    if isinstance(row["facts"], str):
        row["facts"] = json.loads(row["facts"])
    return row


def entry_bytes(row: Mapping[str, Any]) -> bytes:
    """Return the bytes of an entry. row: the values of COLUMNS, as the database has them or as SELECTED reads them."""
    said = {
        NAMES.get(name, name): WRITTEN[type(value)](value) if type(value) in WRITTEN else value
        for name, value in row.items()
        if value
    }
    encoded = _json(said).encode()
    if len(encoded) > LONGEST:
        raise EntryTooLong(f"entry {row['id']} has {len(encoded)} bytes")
    return encoded


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


WRITTEN: Mapping[type, Callable[[Any], str]] = {
    datetime: _moment,
    bytes: bytes.hex,
    memoryview: memoryview.hex,
    UUID: str,
}
"""How values are written that JSON has no form for."""

_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode
