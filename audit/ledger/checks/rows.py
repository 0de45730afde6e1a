"""Comparison of the log's rows with their leaves: changed, missing, inserted and wrongly numbered rows."""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.db.backends.utils import CursorWrapper

from audit.ledger.alarms import AlarmKind
from audit.ledger.tree.leaves import number_of_filler, written_entries


@dataclass(frozen=True, slots=True)
class Finding:
    """One difference from the sealed log. entry: id of the entry concerned, or the first; or None. what: a sentence."""

    kind: AlarmKind
    entry: int | None
    what: str


def findings_in_runs(kind: AlarmKind, entries: Iterable[int], what: str) -> Iterator[Finding]:
    """Yield one finding for each run of consecutive entries, so that 10,000 missing rows are one."""
    for _offset, run in groupby(enumerate(entries), lambda placed: placed[1] - placed[0]):
        found = [entry for _place, entry in run]
        first, last = found[0], found[-1]
        named = f"Entry {first}" if first == last else f"Each of the entries {first} to {last}"
        yield Finding(kind, first, f"{named} {what}")


PAGE = 8_192
"""Rows of the log that one statement reads."""

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

FLOOR = """
SELECT least((SELECT coalesce(max(id), 0) FROM audit_entry), (SELECT min(entry) - 1 FROM audit_pending))"""

CAMERAS = 500
"""Cameras whose numbers one statement checks."""

NEXT_CAMERA = "SELECT camera FROM audit_counter WHERE camera >= %s ORDER BY camera OFFSET %s LIMIT 1"
FIRST_CAMERA, BEYOND = "00000000-0000-0000-0000-000000000000", "ffffffff-ffff-ffff-ffff-ffffffffffff"

GAPS = """
WITH gaps AS (SELECT * FROM (
    SELECT camera_id, camera_number,
        lag(camera_number, 1, 0::bigint) OVER (PARTITION BY camera_id ORDER BY camera_number) AS before
    FROM audit_entry WHERE camera_id >= %s AND (camera_id < %s OR %s)) numbered WHERE camera_number <> before + 1)
SELECT camera_id, before, camera_number, id FROM gaps JOIN audit_entry USING (camera_id, camera_number)
    ORDER BY camera_id, camera_number"""

NEW_GAPS = """
SELECT camera_id, before, camera_number, id FROM audit_entry AS entry, LATERAL (
    SELECT coalesce(max(camera_number), 0) AS before FROM audit_entry
        WHERE camera_id = entry.camera_id AND camera_number < entry.camera_number) AS older
WHERE id > %s AND camera_id IS NOT NULL AND camera_number <> before + 1 ORDER BY camera_id, camera_number"""

CUT = """
SELECT camera, last, coalesce(highest, 0) FROM audit_counter LEFT JOIN LATERAL (
    SELECT max(camera_number) AS highest FROM audit_entry WHERE camera_id = camera) numbered ON true
WHERE camera >= %s AND (camera < %s OR %s) AND last IS DISTINCT FROM highest ORDER BY camera"""


def compared(cursor: CursorWrapper, sealed: Sequence[Sealed]) -> Iterator[Finding]:
    """Compare rows of the log with their sealed bytes. A filler is sealed and has no row."""
    rows = dict(written_entries(cursor, [entry for entry, _content in sealed]))
    sealed = [(entry, content) for entry, content in sealed if entry in rows or number_of_filler(content) != entry]
    for entry, content in sorted(sealed):
        if rows.get(entry, content) != content:
            difference = _difference(content, rows[entry])
            yield Finding(AlarmKind.ENTRY_CHANGED, entry, f"Entry {entry} is not as it was sealed: {difference}.")
    missing = sorted({entry for entry, _content in sealed} - set(rows))
    what = "has a place in the tree, and its row is gone from the log."
    yield from findings_in_runs(AlarmKind.ENTRY_MISSING, missing, what)


def _difference(sealed: bytes, written_now: bytes) -> str:
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
    try:
        said = json.loads(content)
    except (ValueError, RecursionError):
        return {}
    return said if isinstance(said, dict) else {}


def _shown(value: object) -> str:
    if value is None:
        return "nothing"
    return json.dumps(value, ensure_ascii=False).encode(errors="backslashreplace").decode()


def placed(cursor: CursorWrapper, after: int = 0) -> Iterator[Finding]:
    """Find rows above an id that have no place in the tree and do not wait for one, or that have two places."""
    highest: int | None = after
    while highest is not None:
        highest, found = placed_page(cursor, highest)
        yield from found


def placed_page(cursor: CursorWrapper, after: int) -> tuple[int | None, list[Finding]]:
    """Check one page of rows above an id; return the last id of the page, None if it is empty, and the findings."""
    cursor.execute(PLACES, [after, PAGE])
    highest, unsealed, doubled = cursor.fetchone()
    what = "is in the log, has no place in the tree, and does not wait for one."
    found = list(findings_in_runs(AlarmKind.ENTRY_UNSEALED, unsealed or (), what))
    found += findings_in_runs(AlarmKind.TREE_BROKEN, doubled or (), "has more than one place in the tree.")
    return highest, found


def waiting(cursor: CursorWrapper) -> Iterator[Finding]:
    cursor.execute(LOST)
    lost = [entry for (entry,) in cursor.fetchall()]
    what = "waits to be sealed, and its row is gone from the log."
    yield from findings_in_runs(AlarmKind.ENTRY_MISSING, lost, what)


def floor(cursor: CursorWrapper) -> int:
    """Return the id up to which no row waits for a place in the tree. An open transaction may add a row below."""
    cursor.execute(FLOOR)
    (found,) = cursor.fetchone()
    return int(found)


def numbered(cursor: CursorWrapper) -> Iterator[Finding]:
    camera: str | None = ""
    while camera is not None:
        camera, found = numbered_page(cursor, camera)
        yield from found


def numbered_page(cursor: CursorWrapper, camera: str) -> tuple[str | None, list[Finding]]:
    """Check entry numbers of CAMERAS cameras from one on, "" for the first; return the next or None, and findings."""
    first = camera or FIRST_CAMERA
    cursor.execute(NEXT_CAMERA, [first, CAMERAS])
    beyond = cursor.fetchone()
    bounds = [first, beyond[0] if beyond else BEYOND, beyond is None]
    cursor.execute(GAPS, bounds)
    gaps = cursor.fetchall()
    cursor.execute(CUT, bounds)
    return str(beyond[0]) if beyond else None, [*_gaps(gaps), *_cuts(cursor.fetchall())]


def numbered_since(cursor: CursorWrapper, entry: int) -> Iterator[Finding]:
    """Check the camera numbers of entries above an id, and the last number of every camera."""
    cursor.execute(NEW_GAPS, [entry])
    yield from _gaps(cursor.fetchall())
    cursor.execute(CUT, [FIRST_CAMERA, BEYOND, True])
    yield from _cuts(cursor.fetchall())


def _gaps(rows: Sequence[tuple[Any, ...]]) -> Iterator[Finding]:
    for camera, before, number, entry in rows:
        what = f"Of the camera {camera}, entry {entry} has the number {number}, and the one before it {before}."
        yield Finding(AlarmKind.ENTRY_MISSING, entry, what)


def _cuts(rows: Sequence[tuple[Any, ...]]) -> Iterator[Finding]:
    for camera, last, highest in rows:
        what = f"The camera {camera} was given {last} numbers, and its last entry has the number {highest}."
        yield Finding(AlarmKind.ENTRY_MISSING, None, what)
