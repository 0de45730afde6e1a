"""The sealer gives each committed entry one place, in one signed tree."""

import json
from base64 import b64encode

import psycopg
import pytest
from django.db import transaction

from audit.ledger import keys, sealer
from audit.ledger.models import Alarm, Bundle, Checkpoint, Leaf, Tile
from audit.ledger.notes import BadNote, Signer, read_checkpoint
from audit.ledger.sealer import TreeBroken
from audit.ledger.tree.merkle import EMPTY_ROOT, leaf_hash, node_hash, split
from audit.ledger.tree.tiles import NoSuchTile, Tree, bundle, entry_at, index_of, unpacked
from audit.log.models import AuditEntry
from tests.audit.ledger.conftest import ORIGIN, SealAll, as_sealer, write_entries
from tests.audit.ledger.tampering import change
from tests.database.clone import Clone

pytestmark = pytest.mark.django_db(transaction=True)

SPOILED = {
    "audit_leaf": "NEW.bytes := NEW.bytes || 'x'",
    "audit_bundle": "NEW.compressed := (SELECT compressed FROM audit_bundle WHERE n = 0)",
    "audit_tile": "NEW.root := sha256('x')",
}
"""Changes by which a superuser could have the database store something other than what the sealer writes."""


def naive_root(leaves: list[bytes]) -> bytes:
    """Return RFC 6962's MTH by its own recursive definition."""
    if not leaves:
        return EMPTY_ROOT
    if len(leaves) == 1:
        return leaves[0]
    middle = split(len(leaves))
    return node_hash(naive_root(leaves[:middle]), naive_root(leaves[middle:]))


def stored_leaves() -> list[bytes]:
    """Return the hash of each leaf that is stored, in order."""
    size = Checkpoint.objects.order_by("-size").values_list("size", flat=True).first() or 0
    return [leaf_hash(entry_at(index)) for index in range(size)]


def test_an_entry_becomes_a_leaf_of_a_signed_tree(seal_all: SealAll, signer: Signer) -> None:
    (entry,) = write_entries(1)
    assert index_of(entry.pk) is None
    assert seal_all() == 1
    assert index_of(entry.pk) == 0
    said = json.loads(entry_at(0))
    assert said["id"] == entry.pk
    assert said["event"] == "registry:camera:show"
    assert said["n"] == b64encode(entry.nonce).decode()
    assert said["reason_digest"] == b64encode(entry.reason_digest or b"").decode()
    assert said["db_role"] == "portal_app"
    assert "Two vans" not in entry_at(0).decode()
    checkpoint = Checkpoint.objects.get()
    head = read_checkpoint(checkpoint.note, signer.verifier)
    assert (head.origin, head.size, head.root) == (ORIGIN, 1, leaf_hash(entry_at(0)))
    with pytest.raises(BadNote, match="not signed"):
        read_checkpoint(checkpoint.note, keys.made(ORIGIN).verifier)


def test_trees_of_many_rounds_have_the_root_of_their_leaves(seal_all: SealAll, signer: Signer) -> None:
    written = [entry for count in (1, 2, 254, 300, 0, 211, 700) for entry in _sealed(seal_all, count)]
    assert [index_of(entry.pk) for entry in written] == list(range(len(written)))
    leaves = stored_leaves()
    for checkpoint in Checkpoint.objects.all():
        head = read_checkpoint(checkpoint.note, signer.verifier)
        assert (head.size, head.root) == (checkpoint.size, bytes(checkpoint.root))
        assert head.root == naive_root(leaves[: head.size])
    assert (Bundle.objects.count(), Tile.objects.count(), Leaf.objects.count()) == (5, 5, len(written) - 5 * 256)
    assert list(unpacked(bundle(0))) == [entry_at(index) for index in range(256)]
    tree = Tree()
    assert tree.tile(0, 1, 3) == b"".join(leaves[256:259])
    assert tree.tile(1, 0, 5) == b"".join(naive_root(leaves[n * 256 : n * 256 + 256]) for n in range(5))
    for level, n, width in ((0, 5, 256), (1, 0, 6), (2, 0, 1), (0, 99, 1), (0, 0, 257), (0, 0, 0)):
        with pytest.raises(NoSuchTile):
            tree.tile(level, n, width)


def test_what_fills_a_bundle_goes_there_at_once(seal_all: SealAll) -> None:
    _sealed(seal_all, 256)
    assert (Bundle.objects.count(), Leaf.objects.count()) == (1, 0)


def _sealed(seal_all: SealAll, count: int) -> list[AuditEntry]:
    entries = write_entries(count)
    assert seal_all() == count
    return entries


def test_one_that_commits_late_joins_a_later_round(seal_all: SealAll, portal_db: Clone) -> None:
    with portal_db.connect("portal_app") as late, late.transaction():
        late.execute(
            "INSERT INTO audit_entry (event, outcome, actor_kind, actor_id, actor_role, actor_pseudonym, sign_in, "
            "subject_kind, subject_id, offence_type, premises_type, area, facts) VALUES "
            "('audit:log:open', 'done', 'user', 'x', '', '', '', 'log', 'all', '', '', '', '{}')"
        )
        (after,) = write_entries(1)
        assert seal_all() == 1
    assert seal_all() == 1
    early = AuditEntry.objects.get(pk__lt=after.pk)
    assert (index_of(after.pk), index_of(early.pk)) == (0, 1)


def test_what_rolled_back_leaves_no_gap(seal_all: SealAll) -> None:
    with transaction.atomic():
        write_entries(3)
        transaction.set_rollback(True)
    write_entries(2)
    assert seal_all() == 2
    assert Leaf.objects.count() == Checkpoint.objects.get().size == 2


def test_nothing_new_signs_nothing(seal_all: SealAll) -> None:
    write_entries(1)
    assert (seal_all(), seal_all()) == (1, 0)
    assert Checkpoint.objects.count() == 1


class TestAnEntryTakenOutBeforeItsSeal:
    def test_it_is_an_alarm_and_the_others_are_sealed(self, seal_all: SealAll, portal_db: Clone) -> None:
        lost, kept = write_entries(2)
        with portal_db.connect() as superuser:
            superuser.execute("SET event_triggers = off")
            superuser.execute("ALTER TABLE audit_entry DISABLE TRIGGER audit_refuse")
            superuser.execute("DELETE FROM audit_entry WHERE id = %s", [lost.pk])
        assert seal_all() == 1
        assert index_of(kept.pk) == 0
        assert f"Entry {lost.pk} was taken out" in Alarm.objects.get().what


class TestABrokenTree:
    def test_a_changed_leaf_is_not_signed_over(self, seal_all: SealAll, portal_db: Clone) -> None:
        write_entries(2)
        seal_all()
        with portal_db.connect() as superuser:
            superuser.execute("UPDATE audit_leaf SET bytes = bytes || 'x' WHERE leaf_index = 1")
        write_entries(1)
        with pytest.raises(TreeBroken, match="do not have the root"):
            seal_all()
        assert Checkpoint.objects.count() == 1

    def test_lost_leaves_are_not_signed_over(self, seal_all: SealAll, portal_db: Clone) -> None:
        write_entries(300)
        seal_all()
        with portal_db.connect() as superuser:
            superuser.execute("DELETE FROM audit_leaf WHERE leaf_index = 299")
        with pytest.raises(TreeBroken, match="missing"):
            seal_all()

    def test_what_changes_under_a_running_sealer_is_not_signed_over(self, portal_db: Clone, signer: Signer) -> None:
        write_entries(2)
        with as_sealer(portal_db):
            keys.must_be_in_use(signer)
            edge, _taken = sealer.seal_round(sealer.load_edge(), signer)
        with portal_db.connect() as superuser:
            superuser.execute("UPDATE audit_leaf SET bytes = bytes || 'x' WHERE leaf_index = 1")
        write_entries(1)
        with as_sealer(portal_db), pytest.raises(TreeBroken, match="read back"):
            sealer.seal_round(edge, signer)
        assert Checkpoint.objects.count() == 1

    @pytest.mark.parametrize("count", [2, 256], ids=["leaves", "a bundle"])
    def test_a_tree_without_its_checkpoints_is_not_begun_anew(
        self, seal_all: SealAll, portal_db: Clone, count: int
    ) -> None:
        write_entries(count)
        seal_all()
        change(portal_db, "TRUNCATE audit_checkpoint")
        with pytest.raises(TreeBroken, match="no checkpoint"):
            seal_all()

    @pytest.mark.parametrize(("table", "spoil"), SPOILED.items())
    def test_what_is_stored_is_what_was_written_or_it_is_not_signed(
        self, seal_all: SealAll, portal_db: Clone, table: str, spoil: str
    ) -> None:
        write_entries(300)
        seal_all()
        write_entries(300)
        change(
            portal_db,
            f"CREATE FUNCTION spoil() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {spoil}; RETURN NEW; END $$",
            f"CREATE TRIGGER spoil BEFORE INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION spoil()",
        )
        with pytest.raises(TreeBroken, match="does not read back as it was written"):
            seal_all()
        assert Checkpoint.objects.count() == 1


def test_only_the_sealer_writes_the_tree(seal_all: SealAll, portal_db: Clone) -> None:
    write_entries(257)
    seal_all()
    tables = ("audit_leaf", "audit_bundle", "audit_tile", "audit_checkpoint", "audit_publication", "audit_key")
    for role in ("portal_app", "portal_migrator", "portal_sealer"):
        with portal_db.connect(role) as connection:
            for table in tables:
                for statement in (f"TRUNCATE {table}", f"DELETE FROM {table}", f"DROP TABLE {table}"):
                    if (role, statement) in ALLOWED:
                        continue
                    with pytest.raises(psycopg.Error) as refused:
                        connection.execute(statement)
                    assert refused.value.sqlstate in {"42501", "23001"}, (role, statement)


ALLOWED = {("portal_sealer", "DELETE FROM audit_leaf")} | {
    ("portal_migrator", f"{act} audit_leaf") for act in ("TRUNCATE", "DELETE FROM", "DROP TABLE")
}
"""Leaves move into bundles. Their table is the one of the tree that is not sealed: it holds 255 rows at most."""
