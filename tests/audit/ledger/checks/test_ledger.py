"""Whatever a superuser does to the log is found, and the entry is named."""

import json
from pathlib import Path

import pytest
import rfc8785
from pytest_django.fixtures import Settings

from audit.ledger.alarms import AlarmKind
from audit.ledger.checks.runs import check_at_once
from audit.ledger.models import Alarm, Checkpoint
from audit.ledger.tree.tiles import entry_at
from audit.log.models import AuditEntry
from tests.audit.ledger.conftest import SealAll, as_sealer, write_entries
from tests.audit.ledger.tampering import a_log, change, kinds, rewrite, rolled_back, said, sealed_entry
from tests.database.clone import Clone

pytestmark = pytest.mark.django_db(transaction=True)


class TestAWholeLog:
    def test_nothing_is_found(self, seal_all: SealAll) -> None:
        assert list(check_at_once()) == []
        a_log(seal_all)
        write_entries(3)  # these wait
        assert list(check_at_once()) == []

    def test_texts_that_need_escapes_are_written_alike(self, seal_all: SealAll, portal_db: Clone) -> None:
        write_entries(1)
        odd = "'q\"\\\\/\b\f\n\r\t\x01\x1f\x7f\u00e9\u2028\U0001f600'"
        change(
            portal_db,
            f"UPDATE audit_entry SET actor_pseudonym = E{odd}, area = '', "
            f"facts = jsonb_build_object('b', E{odd}, 'aa', 7, 'A', -12, 'zero', 0, 'n', 9007199254740991)",
        )
        seal_all()
        assert list(check_at_once()) == []
        assert entry_at(0) == rfc8785.dumps(json.loads(entry_at(0)))

    def test_what_is_sealed_meanwhile_is_not_its_matter(
        self, seal_all: SealAll, settings: Settings, tmp_path: Path
    ) -> None:
        settings.LEDGER_HEAD_FILE = str(tmp_path / "head")
        a_log(seal_all)
        told: list[tuple[int, int]] = []

        def meanwhile(done: int, total: int) -> None:
            told.append((done, total))
            write_entries(300)
            seal_all()

        assert list(check_at_once(progress=meanwhile)) == []
        assert told == [(512, 600), (600, 600)]
        assert list(check_at_once()) == []


class TestRows:
    def test_one_that_is_gone(self, seal_all: SealAll, portal_db: Clone) -> None:
        ids = a_log(seal_all)
        for entry in (ids[20], ids[590]):
            change(portal_db, f"DELETE FROM audit_entry WHERE id = {entry}")
        findings = list(check_at_once())
        gone = [finding for finding in findings if "is gone from the log" in finding.what]
        assert kinds(gone) == {(AlarmKind.ENTRY_MISSING, ids[20]), (AlarmKind.ENTRY_MISSING, ids[590])}
        assert said(findings).count("and the one before it") == 2  # the gaps in their cameras' numbers

    def test_one_that_is_gone_before_it_was_sealed(self, seal_all: SealAll, portal_db: Clone) -> None:
        a_log(seal_all)
        last = write_entries(2)[-1].pk
        change(portal_db, f"DELETE FROM audit_entry WHERE id = {last}")
        assert (AlarmKind.ENTRY_MISSING, last) in kinds(list(check_at_once()))
        change(portal_db, f"DELETE FROM audit_pending WHERE entry = {last}")
        (finding,) = check_at_once()
        assert "was given" in finding.what  # the camera's counter still knows of it

    def test_two_that_changed_places(self, seal_all: SealAll, portal_db: Clone) -> None:
        ids = a_log(seal_all)
        one, other = ids[3], ids[400]
        change(
            portal_db,
            f"UPDATE audit_entry SET id = -1 WHERE id = {one}",
            f"UPDATE audit_entry SET id = {one} WHERE id = {other}",
            f"UPDATE audit_entry SET id = {other} WHERE id = -1",
        )
        assert kinds(list(check_at_once())) == {(AlarmKind.ENTRY_CHANGED, one), (AlarmKind.ENTRY_CHANGED, other)}

    def test_one_that_was_put_in(self, seal_all: SealAll, portal_db: Clone) -> None:
        a_log(seal_all)
        (entry,) = write_entries(1)
        change(portal_db, "DELETE FROM audit_pending")
        (finding,) = check_at_once()
        assert (finding.kind, finding.entry) == (AlarmKind.ENTRY_UNSEALED, entry.pk)

    def test_all_of_them_gone_are_few_findings(self, seal_all: SealAll, portal_db: Clone) -> None:
        ids = a_log(seal_all)
        change(portal_db, "TRUNCATE audit_entry")
        findings = list(check_at_once())
        assert f"Each of the entries {ids[0]} to {ids[511]} has a place in the tree" in said(findings)
        assert f"Each of the entries {ids[512]} to {ids[-1]} has a place in the tree" in said(findings)
        assert len(findings) == 2 + 7  # and the seven cameras' counters


class TestSealedBytes:
    def test_other_bytes(self, seal_all: SealAll, portal_db: Clone) -> None:
        ids = a_log(seal_all)
        rewrite(portal_db, 1, {5: sealed_entry(portal_db, 1, 5).replace(b"35203", b"35299")})
        findings = list(check_at_once())
        assert kinds(findings) == {(AlarmKind.ENTRY_CHANGED, ids[261])}
        assert 'area was sealed as "35299" and the row says "35203"' in said(findings)
        assert f"Entry {ids[261]} has other bytes at place 261 than were hashed." in said(findings)

    def test_other_bytes_and_the_same_in_the_row(self, seal_all: SealAll, portal_db: Clone) -> None:
        ids = a_log(seal_all)
        rewrite(portal_db, 1, {5: sealed_entry(portal_db, 1, 5).replace(b"35203", b"35299")})
        change(portal_db, f"UPDATE audit_entry SET area = '35299' WHERE id = {ids[261]}")
        (finding,) = check_at_once()
        assert (finding.kind, finding.entry) == (AlarmKind.ENTRY_CHANGED, ids[261])

    @pytest.mark.parametrize("root", [False, True])
    def test_other_bytes_with_their_hash(self, seal_all: SealAll, portal_db: Clone, root: bool) -> None:
        ids = a_log(seal_all)
        rewrite(portal_db, 1, {50: sealed_entry(portal_db, 1, 50).replace(b"35203", b"35299")}, tile=True, root=root)
        change(portal_db, f"UPDATE audit_entry SET area = '35299' WHERE id = {ids[306]}")
        findings = list(check_at_once())
        assert kinds(findings) == {(AlarmKind.TREE_BROKEN, ids[300])} | (
            {(AlarmKind.TREE_BROKEN, ids[256])} if not root else set()
        )
        assert f"entry {ids[300]} or one sealed with it, up to entry {ids[-1]}, was changed" in said(findings)

    def test_two_that_changed_places(self, seal_all: SealAll, portal_db: Clone) -> None:
        ids = a_log(seal_all)
        one, other = sealed_entry(portal_db, 0, 7), sealed_entry(portal_db, 0, 9)
        rewrite(portal_db, 0, {7: other, 9: one})
        change(portal_db, "UPDATE audit_bundle SET entries[8] = entries[10], entries[10] = entries[8] WHERE n = 0")
        assert kinds(list(check_at_once())) == {(AlarmKind.ENTRY_CHANGED, ids[7]), (AlarmKind.ENTRY_CHANGED, ids[9])}

    def test_one_twice(self, seal_all: SealAll, portal_db: Clone) -> None:
        ids = a_log(seal_all)
        rewrite(portal_db, 0, {7: sealed_entry(portal_db, 0, 9)}, tile=True, root=True)
        change(portal_db, "UPDATE audit_bundle SET entries[8] = entries[10] WHERE n = 0")
        found = kinds(list(check_at_once()))
        assert {
            (AlarmKind.TREE_BROKEN, ids[9]),
            (AlarmKind.ENTRY_UNSEALED, ids[7]),
            (AlarmKind.TREE_BROKEN, ids[0]),
        } == found

    def test_a_leaf_that_no_tile_holds_yet(self, seal_all: SealAll, portal_db: Clone) -> None:
        ids = a_log(seal_all)
        change(portal_db, "UPDATE audit_leaf SET bytes = bytes || ' ' WHERE leaf_index = 560")
        findings = list(check_at_once())
        assert kinds(findings) == {(AlarmKind.ENTRY_CHANGED, ids[560]), (AlarmKind.TREE_BROKEN, ids[300])}
        assert "its bytes were sealed in another form" in said(findings)

    def test_a_bundle_that_can_t_be_read(self, seal_all: SealAll, portal_db: Clone) -> None:
        ids = a_log(seal_all)
        for content in ("'\\x00'", "decode('789c030000000001', 'hex')"):
            change(portal_db, f"UPDATE audit_bundle SET compressed = {content} WHERE n = 1")
            (finding,) = check_at_once()
            assert (finding.kind, finding.entry) == (AlarmKind.TREE_BROKEN, ids[256])
            assert "can't be read" in finding.what


class TestARestoredBackup:
    def test_the_head_outside_the_database_tells(
        self, seal_all: SealAll, portal_db: Clone, settings: Settings, tmp_path: Path
    ) -> None:
        settings.LEDGER_HEAD_FILE = str(tmp_path / "head")
        write_entries(300)
        seal_all()
        with rolled_back(portal_db):
            write_entries(5)
            seal_all()
            assert list(check_at_once()) == []
        assert AuditEntry.objects.count() == 300
        (finding,) = check_at_once()
        assert finding.kind is AlarmKind.ROLLED_BACK
        assert "A tree of 305 places was signed here, and the database has 300" in finding.what

    def test_a_checkpoint_that_was_kept_tells(self, seal_all: SealAll, portal_db: Clone) -> None:
        write_entries(300)
        seal_all()
        with rolled_back(portal_db):
            write_entries(5)
            seal_all()
            kept = Checkpoint.objects.get(size=305).note
            assert list(check_at_once(kept=kept)) == []
        assert [finding.kind for finding in check_at_once(kept=kept)] == [AlarmKind.ROLLED_BACK]
        write_entries(6)
        seal_all()
        assert list(check_at_once()) == []
        (finding,) = check_at_once(kept=kept)
        assert finding.what == "The log of 306 places does not continue the checkpoint of 305 that was kept."
        assert "not signed" in said(list(check_at_once(kept=kept.replace("305", "304"))))


def test_alarms_can_be_written_while_it_goes_on(seal_all: SealAll, portal_db: Clone) -> None:
    ids = a_log(seal_all)
    change(portal_db, f"UPDATE audit_entry SET area = 'x' WHERE id IN ({ids[0]}, {ids[599]})")
    for finding in check_at_once():
        Alarm.objects.create(kind=finding.kind.value, what=finding.what)
    assert Alarm.objects.count() == 2


def test_it_reads_as_the_application(seal_all: SealAll, portal_db: Clone) -> None:
    write_entries(1)
    seal_all()
    with portal_db.connect("portal_app") as application:
        assert application.execute("SELECT count(*) FROM audit_pending").fetchone() == (0,)
    with as_sealer(portal_db):
        assert AuditEntry.objects.count() == 1
