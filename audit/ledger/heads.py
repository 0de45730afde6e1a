"""The last head that this installation signed, kept outside the database, so that an older backup shows itself.

The file is beside the signing key (`LEDGER_HEAD_FILE`). It is written after a round has committed: a crash between
the two leaves it one round behind, which is no alarm; a database that is behind the file is one.
"""

import os
from pathlib import Path

from django.conf import settings

from audit.ledger.tree.tiles import NoSuchTile, Tree


class RolledBack(Exception):
    """The database has a shorter or another tree than was signed: it was restored from a backup, or changed."""


def remember(*, size: int, root: bytes) -> None:
    """Write down the head that was signed, all or nothing."""
    file = _file()
    if file is None:
        return
    fresh = file.with_suffix(".new")
    with fresh.open("w", encoding="ascii") as written:
        written.write(f"{size} {root.hex()}\n")
        written.flush()
        os.fsync(written.fileno())
    fresh.replace(file)


def remembered() -> tuple[int, bytes] | None:
    """Return size and root of the last head signed here, None when none was.

    Raises RolledBack for a file that can't be read: without it nobody can tell, and so nothing is signed.
    """
    file = _file()
    if file is None or not file.exists():
        return None
    try:
        size, root = file.read_text(encoding="ascii").split()
        return int(size), bytes.fromhex(root)
    except ValueError as error:
        raise RolledBack(f"The head file {file.name} is spoiled: nobody can tell what was signed last.") from error


def must_continue(*, size: int) -> None:
    """Raise RolledBack unless the tree of the database holds the one that was signed last."""
    known = remembered()
    if known is None:
        return
    signed, signed_root = known
    try:
        holds = signed <= size and Tree(remember=False).root(signed) == signed_root
    except NoSuchTile:
        holds = False
    if not holds:
        raise RolledBack(
            f"A tree of {signed} places was signed here, and the database has {size}: "
            "it was restored from an older backup, or changed."
        )


def _file() -> Path | None:
    return Path(settings.LEDGER_HEAD_FILE) if settings.LEDGER_HEAD_FILE else None
