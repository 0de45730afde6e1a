"""The ledger as a plain folder, in the layout of C2SP tlog-tiles, for verification without us.

    checkpoint                the newest one
    published                 the public one, with the cosignatures of witnesses; once there is one
    key                       the log's verifier keys, newest first
    verifier.py               verifies the folder
    tile/<L>/<N>[.p/<W>]      hashes
    tile/entries/<N>[.p/<W>]  entries

It uses the newest checkpoint, not the published one: an auditor gets everything sealed, and the tiles prove that it
continues the public tree. It has all entries, so it is for auditors only.
"""

import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from django.db import transaction
from django.db.backends.utils import CursorWrapper

from audit.ledger.models import WIDTH
from audit.ledger.tree.merkle import HASH_BYTES, leaf_hash
from audit.ledger.tree.tiles import TilePlace, entries_of_bundle, packed, snapshot
from audit.log.actors import Actor, Subject
from audit.log.events import Event
from audit.log.services import record

AT_ONCE = 32
"""Bundles and tiles that one statement reads."""

VERIFIER = Path(__file__).with_name("verifier.py")
Progress = Callable[[int, int], None]


class Incomplete(Exception):
    """Nothing was sealed yet, or parts of the tree are gone."""


def export(*, folder: Path, by: Actor, progress: Progress | None = None) -> int:
    """Write the ledger into a new folder, all or nothing; return its number of places. Raises OSError, Incomplete."""
    folder = folder.absolute()
    if folder.exists() or folder.is_symlink():
        raise FileExistsError(f"{folder} exists already; an export is written into a new folder.")
    if not folder.parent.is_dir():
        raise FileNotFoundError(f"There is no folder {folder.parent}.")
    with transaction.atomic():
        record(event=Event.LEDGER_EXPORTED, actor=by, subject=Subject("log", "all"))
    unfinished = Path(tempfile.mkdtemp(prefix=f"{folder.name}.", suffix=".unfinished", dir=folder.parent))
    try:
        with snapshot() as cursor:
            size = _write(cursor, unfinished, progress)
        unfinished.rename(folder)
    except BaseException:
        shutil.rmtree(unfinished, ignore_errors=True)
        raise
    return size


def _write(cursor: CursorWrapper, folder: Path, progress: Progress | None) -> int:
    cursor.execute("SELECT size, note FROM audit_checkpoint ORDER BY size DESC LIMIT 1")
    newest = cursor.fetchone()
    if newest is None:
        raise Incomplete("Nothing was sealed yet.")
    size, note = newest
    full, rest = divmod(size, WIDTH)
    for done, (n, hashes, entries) in enumerate(_bundles(cursor, full), 1):
        _keep(folder, f"tile/0/{TilePlace(n)}", hashes)
        _keep(folder, f"tile/entries/{TilePlace(n)}", entries)
        if progress is not None:
            progress(done * WIDTH, size)
    if rest:
        waiting = _waiting(cursor, size)
        _keep(folder, f"tile/0/{TilePlace(full, rest)}", b"".join(map(leaf_hash, waiting)))
        _keep(folder, f"tile/entries/{TilePlace(full, rest)}", packed(waiting))
    level = 1
    while full:
        _write_level(cursor, folder, level, full)
        level, full = level + 1, full // WIDTH
    cursor.execute("SELECT verifier FROM audit_key ORDER BY at DESC")
    _keep(folder, "key", "".join(f"{key}\n" for (key,) in cursor.fetchall()).encode())
    cursor.execute("SELECT note FROM audit_publication ORDER BY size DESC LIMIT 1")
    for (published,) in cursor.fetchall():
        _keep(folder, "published", published.encode())
    shutil.copyfile(VERIFIER, folder / "verifier.py")
    _keep(folder, "checkpoint", note.encode())
    if progress is not None:
        progress(size, size)
    return int(size)


def _bundles(cursor: CursorWrapper, full: int) -> Iterator[tuple[int, bytes, bytes]]:
    for start in range(0, full, AT_ONCE):
        cursor.execute(
            "SELECT n, hashes, compressed FROM audit_bundle JOIN audit_tile USING (n) "
            "WHERE level = 0 AND n >= %s AND n < %s ORDER BY n",
            [start, min(start + AT_ONCE, full)],
        )
        found = cursor.fetchall()
        if [n for n, _hashes, _compressed in found] != list(range(start, min(start + AT_ONCE, full))):
            raise Incomplete("Parts of the tree are missing: manage.py ledger verify tells which.")
        for n, hashes, compressed in found:
            entries = entries_of_bundle(bytes(compressed))
            if entries is None:
                raise Incomplete(f"The bundle {n} can't be read: manage.py ledger verify tells more.")
            yield n, bytes(hashes), packed(entries)


def _waiting(cursor: CursorWrapper, size: int) -> Sequence[bytes]:
    cursor.execute("SELECT leaf_index, bytes FROM audit_leaf ORDER BY leaf_index")
    leaves = cursor.fetchall()
    if [index for index, _content in leaves] != list(range(size - size % WIDTH, size)):
        raise Incomplete("Parts of the tree are missing: manage.py ledger verify tells which.")
    return [bytes(content) for _index, content in leaves]


def _write_level(cursor: CursorWrapper, folder: Path, level: int, below: int) -> None:
    full, rest = divmod(below, WIDTH)
    for n in range(full):
        cursor.execute("SELECT hashes FROM audit_tile WHERE level = %s AND n = %s", [level, n])
        for (hashes,) in cursor.fetchall():
            _keep(folder, f"tile/{level}/{TilePlace(n)}", bytes(hashes))
    if rest:
        cursor.execute(
            "SELECT root FROM audit_tile WHERE level = %s AND n >= %s AND n < %s ORDER BY n",
            [level - 1, full * WIDTH, below],
        )
        roots = b"".join(bytes(root) for (root,) in cursor.fetchall())
        if len(roots) != rest * HASH_BYTES:
            raise Incomplete("Parts of the tree are missing: manage.py ledger verify tells which.")
        _keep(folder, f"tile/{level}/{TilePlace(full, rest)}", roots)


def _keep(folder: Path, name: str, content: bytes) -> None:
    file = folder / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content)
