"""Checking an entry now: what was sealed passes, and each kind of change is said."""

import hashlib

import psycopg
import pytest

from audit.console.entry import Verdict, VerdictKind, climbed_root, proof_facts, verdict_on
from audit.console.services import check_entry
from audit.ledger.models import Alarm, Checkpoint
from audit.ledger.notes import Signer
from audit.ledger.tree.merkle import leaf_hash
from audit.ledger.tree.tiles import Tree, entry_at
from audit.log.actors import Actor, ActorKind
from audit.log.events import Event
from audit.log.models import AuditEntry
from tests.audit.ledger.conftest import SealAll, seal_all, signer, write_entries
from tests.database.clone import Clone

__all__ = ["seal_all", "signer"]

AUDITOR = Actor(ActorKind.USER, "5a54dd6e-8a2b-4a49-a9f4-64f9e43f4f5b", role="auditor", pseudonym="Auditor M4P6")
OPEN = "ALTER EVENT TRIGGER audit_guard_ddl DISABLE; ALTER TABLE {0} DISABLE TRIGGER ALL;"


def forced(portal_db: Clone, table: str, statement: str, *values: object) -> None:
    """Change a table as only a superuser can."""
    with portal_db.connect() as superuser:
        superuser.execute(OPEN.format(table))
        superuser.execute(statement, values)


def wrong_steps(verdict: Verdict) -> list[str]:
    """Return what a check found to differ."""
    return [str(step.what) for step in verdict.steps if step.holds is False]


def test_what_was_sealed_is_good_and_the_check_is_an_entry(portal_db: Clone, seal_all: SealAll) -> None:
    entries = write_entries(600)
    seal_all()
    for entry in (entries[0], entries[300], entries[-1]):
        _entry, verdict = check_entry(pk=entry.pk, by=AUDITOR)
        assert (verdict.kind, verdict.size) == (VerdictKind.GOOD, 600)
        assert all(step.holds for step in verdict.steps)
    noted = AuditEntry.objects.latest("id")
    assert (noted.event, noted.subject_id) == (Event.ENTRY_CHECKED, str(entries[-1].pk))
    assert noted.facts == {"verdict": "good", "size": 600}
    assert not Alarm.objects.exists()


def test_an_entry_that_was_not_sealed_yet_waits(portal_db: Clone) -> None:
    [entry] = write_entries(1)
    assert verdict_on(entry.pk).kind is VerdictKind.WAITS


def test_a_changed_column_is_found_and_raises_an_alarm(portal_db: Clone, seal_all: SealAll) -> None:
    entry = write_entries(300)[5]
    seal_all()
    forced(portal_db, "audit_entry", "UPDATE audit_entry SET outcome = 'refused' WHERE id = %s", entry.pk)
    _entry, verdict = check_entry(pk=entry.pk, by=AUDITOR)
    assert (verdict.kind, wrong_steps(verdict)) == (
        VerdictKind.WRONG,
        ["The row of the log has the bytes that were sealed"],
    )
    assert str(entry.pk) in Alarm.objects.get().what


def test_a_changed_reason_is_found(portal_db: Clone, seal_all: SealAll) -> None:
    entry = write_entries(1)[0]
    seal_all()
    forced(portal_db, "audit_detail", "UPDATE audit_detail SET text = 'Another reason.'")
    assert wrong_steps(verdict_on(entry.pk)) == ["The reason is the one that was typed"]


def test_changed_bytes_are_found(portal_db: Clone, seal_all: SealAll) -> None:
    entry = write_entries(3)[1]
    seal_all()
    forced(portal_db, "audit_leaf", "UPDATE audit_leaf SET bytes = bytes || ' ' WHERE entry = %s", entry.pk)
    assert "The path from the leaf leads to the root that was signed" in wrong_steps(verdict_on(entry.pk))


def test_a_checkpoint_that_our_key_did_not_sign_is_found(portal_db: Clone, seal_all: SealAll, signer: Signer) -> None:
    entry = write_entries(3)[1]
    seal_all()
    other = Signer(signer.name, hashlib.sha256(b"another key").digest())
    note = Checkpoint.objects.get().note
    forged = note.partition("\n\n")[0] + "\n"
    forced(portal_db, "audit_checkpoint", "UPDATE audit_checkpoint SET note = %s", f"{forged}\n{other.line(forged)}")
    assert wrong_steps(verdict_on(entry.pk))[0] == "The checkpoint is signed by the key of this log"


def test_a_key_that_was_damaged_signs_nothing(portal_db: Clone, seal_all: SealAll) -> None:
    [entry] = write_entries(1)
    seal_all()
    forced(portal_db, "audit_key", "UPDATE audit_key SET verifier = 'x'")
    assert wrong_steps(verdict_on(entry.pk))[0] == "The checkpoint is signed by the key of this log"


def test_a_checkpoint_that_was_taken_out_is_missed(portal_db: Clone, seal_all: SealAll) -> None:
    [entry] = write_entries(1)
    seal_all()
    forced(portal_db, "audit_checkpoint", "DELETE FROM audit_checkpoint")
    assert wrong_steps(verdict_on(entry.pk))[0] == "The checkpoint is signed by the key of this log"
    assert [str(fact.term) for fact in proof_facts(entry)] == ["Place in the tree"]


def test_a_swapped_tile_is_found(portal_db: Clone, seal_all: SealAll) -> None:
    entry = write_entries(256)[0]
    seal_all()
    with portal_db.connect() as superuser:
        hashes = bytearray(read(superuser))
    hashes[:32] = bytes(32)
    forced(portal_db, "audit_tile", "UPDATE audit_tile SET hashes = %s WHERE level = 0", bytes(hashes))
    assert "The bytes have the hash that is in the tree" in wrong_steps(verdict_on(entry.pk))


def read(superuser: psycopg.Connection) -> bytes:
    """Return the hashes of the first tile."""
    row = superuser.execute("SELECT hashes FROM audit_tile WHERE level = 0").fetchone()
    assert row is not None
    return bytes(row[0])


@pytest.mark.parametrize("size", [1, 2, 3, 7, 8, 13])
def test_a_path_leads_to_the_root_from_its_own_leaf_only(size: int, portal_db: Clone, seal_all: SealAll) -> None:
    write_entries(size)
    seal_all()
    tree = Tree()
    root = tree.root(size)
    for index in range(size):
        proof = tree.inclusion_proof(index, size)
        assert climbed_root(leaf_hash(entry_at(index)), index, size, proof) == root
        assert climbed_root(leaf_hash(b"another"), index, size, proof) != root
        assert climbed_root(leaf_hash(entry_at(index)), index, size, [*proof, root]) != root
