"""The rows of the log against their leaves: what differs, what is gone, what was put in, what has no number."""

import json
from collections.abc import Iterator, Sequence
from typing import Any

from django.db.backends.utils import CursorWrapper

from audit.ledger.alarms import AlarmKind
from audit.ledger.checks.findings import Finding, entries, runs
from audit.ledger.tree.fillers import number_of_filler
from audit.ledger.tree.leaves import written

PAGE = 8_192
"""Rows that one statement reads."""

Sealed = tuple[int, bytes]
"""Id and bytes of an entry, as in the tree."""

PLACES = """
WITH page AS MATERIALIZED (SELECT id FROM audit_entry WHERE id > %s ORDER BY id LIMIT %s),
sealed AS MATERIALIZED (
    SELECT unnest(entries) AS id FROM audit_bundle
        WHERE int8range(first, last, '[]') && (SELECT int8range(min(id), max(id), '[]') FROM page)
    UNION ALL SELECT entry FROM audit_leaf),
places AS MATERIALIZED (
    SELECT page.id, count(sealed.id) AS found FROM page LEFT JOIN sealed USING (id)
        GROUP BY page.id HAVING count(sealed.id) <> 1)
SELECT (SELECT max(id) FROM page),
    (SELECT array_agg(id ORDER BY id) FROM places WHERE found = 0 AND id NOT IN (SELECT entry FROM audit_pending)),
    (SELECT array_agg(id ORDER BY id) FROM places WHERE found > 1)"""

LOST = """
SELECT entry FROM audit_pending queued
    WHERE NOT EXISTS (SELECT FROM audit_entry WHERE id = queued.entry) ORDER BY entry"""

GAPS = """
WITH gaps AS (SELECT * FROM (
    SELECT camera_id, camera_number,
        lag(camera_number, 1, 0::bigint) OVER (PARTITION BY camera_id ORDER BY camera_number) AS before
    FROM audit_entry WHERE camera_id IS NOT NULL) numbered WHERE camera_number <> before + 1)
SELECT camera_id, before, camera_number, id FROM gaps JOIN audit_entry USING (camera_id, camera_number)
    ORDER BY camera_id, camera_number"""

CUT = """
SELECT camera, last, coalesce(highest, 0) FROM audit_counter LEFT JOIN LATERAL (
    SELECT max(camera_number) AS highest FROM audit_entry WHERE camera_id = camera) numbered ON true
WHERE last IS DISTINCT FROM highest ORDER BY camera"""


def compared(cursor: CursorWrapper, sealed: Sequence[Sealed]) -> Iterator[Finding]:
    """Compare the rows of the log with the bytes that were sealed. A filler is sealed and has no row."""
    rows = dict(written(cursor, [entry for entry, _content in sealed]))
    sealed = [(entry, content) for entry, content in sealed if entry in rows or number_of_filler(content) != entry]
    for entry, content in sorted(sealed):
        if rows.get(entry, content) != content:
            difference = _difference(content, rows[entry])
            yield Finding(AlarmKind.ENTRY_CHANGED, entry, f"Entry {entry} is not as it was sealed: {difference}.")
    for first, last in runs(sorted({entry for entry, _content in sealed} - set(rows))):
        what = f"{entries(first, last)} has a place in the tree, and its row is gone from the log."
        yield Finding(AlarmKind.ENTRY_MISSING, first, what)


def _difference(sealed: bytes, written_now: bytes) -> str:
    """Return each thing that differs, with what was sealed of it and what the row says."""
    said, now = _read(sealed), _read(written_now)
    return (
        "; ".join(
            f"{key} was sealed as {_shown(said.get(key))} and the row says {_shown(now.get(key))}"
            for key in sorted(said | now)
            if said.get(key) != now.get(key)
        )
        or "its bytes were sealed in another form"
    )


def _read(content: bytes) -> dict[str, Any]:
    """Return what an entry says; nothing when its bytes are no entry."""
    try:
        said = json.loads(content)
    except (ValueError, RecursionError):
        return {}
    return said if isinstance(said, dict) else {}


def _shown(value: object) -> str:
    if value is None:
        return "nothing"
    return json.dumps(value, ensure_ascii=False).encode(errors="backslashreplace").decode()


def placed(cursor: CursorWrapper) -> Iterator[Finding]:
    """Find rows of the log that have no place in the tree and do not wait for one, or have two."""
    after = 0
    while True:
        cursor.execute(PLACES, [after, PAGE])
        highest, unsealed, doubled = cursor.fetchone()
        if highest is None:
            break
        for first, last in runs(unsealed or ()):
            what = f"{entries(first, last)} is in the log, has no place in the tree, and does not wait for one."
            yield Finding(AlarmKind.ENTRY_UNSEALED, first, what)
        for first, last in runs(doubled or ()):
            yield Finding(AlarmKind.TREE_BROKEN, first, f"{entries(first, last)} has more than one place in the tree.")
        after = highest
    cursor.execute(LOST)
    for first, last in runs(entry for (entry,) in cursor.fetchall()):
        what = f"{entries(first, last)} waits to be sealed, and its row is gone from the log."
        yield Finding(AlarmKind.ENTRY_MISSING, first, what)


def numbered(cursor: CursorWrapper) -> Iterator[Finding]:
    """Find cameras whose entries are not numbered from 1 without a gap, up to the last number given."""
    cursor.execute(GAPS)
    for camera, before, number, entry in cursor.fetchall():
        what = f"Of the camera {camera}, entry {entry} has the number {number}, and the one before it {before}."
        yield Finding(AlarmKind.ENTRY_MISSING, entry, what)
    cursor.execute(CUT)
    for camera, last, highest in cursor.fetchall():
        what = f"The camera {camera} was given {last} numbers, and its last entry has the number {highest}."
        yield Finding(AlarmKind.ENTRY_MISSING, None, what)
