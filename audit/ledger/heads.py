"""The last head that this installation signed, outside the database, to reveal a restored older backup.

The file (LEDGER_HEAD_FILE) outlasts each signing key. The sealer writes it after a round is committed: a crash between
leaves the file a round behind, which is no alarm; a database behind the file is one. A comparison reads the file first.
"""

import os
from pathlib import Path

from django.conf import settings
from django.db.models import Max

from audit.ledger.models import Checkpoint
from audit.ledger.tree.tiles import NoSuchTile, Tree
from fusus_portal.ground.env import Misconfigured

HINT = (
    "Name a file that stays when key and machine change, as /var/lib/portal-sealer/ledger.head. An earlier release "
    "kept it beside the key, as LEDGER_KEY_FILE.head: move it."
)


class RolledBack(Exception):
    """The database has a shorter or another tree than was signed: a restored backup, or a change."""


def remember(*, size: int, root: bytes) -> None:
    file = _file()
    if file is None:
        return
    fresh = file.with_suffix(".new")
    with fresh.open("w", encoding="ascii") as written:
        written.write(f"{size} {root.hex()}\n")
        written.flush()
        os.fsync(written.fileno())
    fresh.replace(file)


def noted() -> str | None:
    """Return the head file's text, None without a file. Read it before the tree: a sealer may add to both meanwhile."""
    file = _file()
    return file.read_text(encoding="ascii", errors="replace") if file is not None and file.exists() else None


def must_continue(note: str | None, *, size: int) -> None:
    """Raise RolledBack unless the database's tree of this size continues the noted head, or if the note is spoiled."""
    if note is None:
        return
    signed, root = _read(note)
    try:
        holds = signed <= size and Tree(remember=False).root(signed) == root
    except NoSuchTile:
        holds = False
    if not holds:
        raise RolledBack(
            f"A tree of {signed} places was signed here, and the database has {size}: "
            "it was restored from an older backup, or changed."
        )


def must_be_current() -> None:
    """Raise RolledBack unless the newest checkpoint continues the last head that was signed here."""
    note = noted()
    newest = Checkpoint.objects.aggregate(size=Max("size"))["size"]
    must_continue(note, size=newest or 0)


def must_have_head_file() -> None:
    """Raise Misconfigured if LEDGER_HEAD_FILE is not set: without that file the sealer forgets what it signed."""
    if _file() is None:
        raise Misconfigured("LEDGER_HEAD_FILE", "is not set", HINT)


def _read(note: str) -> tuple[int, bytes]:
    try:
        size, root = note.split()
        return int(size), bytes.fromhex(root)
    except ValueError as error:
        raise RolledBack("The head file is spoiled, so what was signed last is not known.") from error


def _file() -> Path | None:
    return Path(settings.LEDGER_HEAD_FILE) if settings.LEDGER_HEAD_FILE else None
