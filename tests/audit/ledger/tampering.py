"""Tampering that a superuser can do to the ledger once the guards are off."""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg

from audit.ledger.alarms import AlarmKind
from audit.ledger.checks.rows import Finding
from audit.ledger.tree.merkle import leaf_hash, perfect_root
from audit.ledger.tree.tiles import compressed, decompressed
from tests.audit.ledger.conftest import SealAll, write_entries
from tests.database import template
from tests.database.clone import Clone

GUARDED = ("audit_entry", "audit_bundle", "audit_tile", "audit_checkpoint", "audit_publication", "audit_key")


@contextmanager
def guards_off(clone: Clone) -> Iterator[psycopg.Connection]:
    """Offer a superuser's connection on which nothing refuses anything."""
    with clone.connect() as superuser:
        superuser.execute("SET event_triggers = off")
        for table in GUARDED:
            superuser.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        yield superuser


def change(clone: Clone, *statements: str) -> None:
    """Run statements with the guards off."""
    with guards_off(clone) as superuser:
        for statement in statements:
            superuser.execute(statement)


def rewrite(clone: Clone, n: int, places: dict[int, bytes], *, tile: bool = False, root: bool = False) -> None:
    """Put other bytes at places of a bundle; into the tile of hashes and its root as well."""
    with guards_off(clone) as superuser:
        (content,) = superuser.execute("SELECT compressed FROM audit_bundle WHERE n = %s", [n]).fetchone() or (b"",)
        entries = decompressed(bytes(content))
        for place, entry in places.items():
            entries[place] = entry
        superuser.execute("UPDATE audit_bundle SET compressed = %s WHERE n = %s", [compressed(entries), n])
        hashes = [leaf_hash(entry) for entry in entries]
        if tile:
            superuser.execute("UPDATE audit_tile SET hashes = %s WHERE level = 0 AND n = %s", [b"".join(hashes), n])
        if root:
            superuser.execute("UPDATE audit_tile SET root = %s WHERE level = 0 AND n = %s", [perfect_root(hashes), n])


def sealed_entry(clone: Clone, n: int, place: int) -> bytes:
    """Return an entry as a bundle holds it."""
    with clone.connect() as superuser:
        (content,) = superuser.execute("SELECT compressed FROM audit_bundle WHERE n = %s", [n]).fetchone() or (b"",)
    return decompressed(bytes(content))[place]


def a_log(seal_all: SealAll) -> list[int]:
    """Write and seal 600 entries in two rounds, so two bundles and 88 leaves; return their ids."""
    ids: list[int] = []
    for _round in range(2):
        ids.extend(entry.pk for entry in write_entries(300))
        seal_all()
    return ids


def kinds(findings: list[Finding]) -> set[tuple[AlarmKind, int | None]]:
    """Return kind and entry of each finding."""
    return {(finding.kind, finding.entry) for finding in findings}


def said(findings: list[Finding]) -> str:
    """Return all that was found, in words."""
    return "\n".join(finding.what for finding in findings)


@contextmanager
def rolled_back(clone: Clone) -> Iterator[None]:
    """Go on in a copy of the database for the time of a block, and restore the old one at its end."""
    backup = f"{clone.name}_backup"
    clone.disconnect()
    template.drop(clone.admin, backup)
    template.clone(clone.admin, backup, clone.name)
    yield
    clone.disconnect()
    template.drop(clone.admin, clone.name)
    clone.admin.execute(f'ALTER DATABASE "{backup}" RENAME TO "{clone.name}"')
