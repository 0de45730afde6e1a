"""Tampering with new entries is found by the next hourly check."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import time_machine
from django.utils import timezone
from pytest_django.fixtures import Settings

from audit.ledger import tasks
from audit.ledger.checks.rows import Finding
from audit.ledger.checks.tree import Reached, SealedTree
from audit.ledger.models import Alarm, Checkpoint, SelfCheck
from tests.audit.ledger.checks.checked import a_checked_log, area_of, tampered
from tests.audit.ledger.checks.nights import night_after, whole_check
from tests.audit.ledger.conftest import write_entries
from tests.audit.ledger.earlier import backup
from tests.audit.ledger.tampering import rewrite, sealed_entry
from tests.audit.ledger.test_witnesses import open_alarms
from tests.sealed_log import SealedLog

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("check", [tasks.check_ledger, tasks.check_whole_ledger])
def test_what_is_sealed_while_it_looks_is_no_finding(
    check: Callable[[], int],
    sealed_log: SealedLog,
    settings: Settings,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    settings.LEDGER_HEAD_FILE = str(tmp_path / "head")
    a_checked_log(sealed_log)
    edge = SealedTree.edge

    def meanwhile(tree: SealedTree) -> Iterator[Finding]:
        write_entries(3)
        sealed_log.seal()
        return edge(tree)

    monkeypatch.setattr(SealedTree, "edge", meanwhile)
    before = Checkpoint.objects.count()
    with time_machine.travel(night_after()):
        assert check() == 0
    assert Checkpoint.objects.count() > before


class TestWhatIsNew:
    @pytest.mark.parametrize(
        ("statement", "kind"),
        [
            ("UPDATE audit_entry SET area = '99999' WHERE id = {new}", "entry-changed"),
            ("DELETE FROM audit_entry WHERE id = {new}", "entry-missing"),
            ("UPDATE audit_leaf SET bytes = bytes || ' ' WHERE entry = {newest}", "entry-changed"),
            ("UPDATE audit_bundle SET compressed = '' WHERE n = 2", "tree-broken"),
            ("UPDATE audit_tile SET root = sha256('x') WHERE n = 2", "tree-broken"),
            ("UPDATE audit_checkpoint SET root = sha256('x') WHERE size = 900", "tree-broken"),
            ("UPDATE audit_counter SET last = last + 1", "entry-missing"),
            ("UPDATE audit_entry SET camera_number = camera_number + 900 WHERE id = {newest}", "entry-changed"),
        ],
    )
    def test_what_was_done_to_it_is_found_within_the_hour(
        self, statement: str, kind: str, sealed_log: SealedLog
    ) -> None:
        a_checked_log(sealed_log)
        ids = [entry.pk for entry in write_entries(300)]
        sealed_log.seal_and_publish()
        tampered(sealed_log.clone, statement.format(new=ids[0], newest=ids[-1]))
        found = tasks.check_ledger()
        assert found >= 1
        assert kind in open_alarms()
        assert tasks.check_ledger() == found  # it continues from the last good one, so it finds it again

    def test_a_row_that_was_put_in_or_taken_out_before_its_seal(self, sealed_log: SealedLog) -> None:
        a_checked_log(sealed_log)
        put_in, taken_out = (entry.pk for entry in write_entries(2))
        tampered(sealed_log.clone, f"DELETE FROM audit_pending; DELETE FROM audit_entry WHERE id = {taken_out}")
        tasks.check_ledger()
        assert sorted(Alarm.objects.values_list("kind", flat=True)) == ["entry-missing", "entry-unsealed"]
        assert str(put_in) in Alarm.objects.get(kind="entry-unsealed").what

    def test_a_number_of_a_camera_that_was_left_out(self, sealed_log: SealedLog) -> None:
        a_checked_log(sealed_log)
        (entry,) = write_entries(1)
        tampered(
            sealed_log.clone,
            f"UPDATE audit_entry SET camera_number = camera_number + 1 WHERE id = {entry.pk}",
            f"UPDATE audit_counter SET last = last + 1 WHERE camera = '{entry.camera_id}'",
        )
        assert tasks.check_ledger() == 1
        assert "and the one before it" in Alarm.objects.get().what

    def test_it_continues_without_a_find_while_the_log_grows(self, sealed_log: SealedLog) -> None:
        a_checked_log(sealed_log)
        for count in (1, 200, 300, 0):
            write_entries(count)
            write_entries(2)  # these wait
            sealed_log.seal(fillers=3)
            write_entries(1)
            assert tasks.check_ledger() == 0
        assert SelfCheck.objects.filter(is_whole=True).count() == 1
        newest = Reached.read(SelfCheck.objects.latest("pk").reached)
        assert newest is not None
        assert (newest.places, newest.is_whole) == (1024, False)

    def test_an_old_row_is_not_its_matter_and_is_found_at_night(self, sealed_log: SealedLog) -> None:
        ids = a_checked_log(sealed_log)
        tampered(sealed_log.clone, area_of(ids[3]))
        assert (tasks.check_ledger(), open_alarms()) == (0, [])
        with time_machine.travel(night_after()):
            assert tasks.check_whole_ledger() == 1
        assert open_alarms() == ["entry-changed"]
        assert str(ids[3]) in Alarm.objects.get().what

    def test_another_tree_under_what_was_checked_is_found_within_the_hour_and_named(
        self, sealed_log: SealedLog
    ) -> None:
        ids = a_checked_log(sealed_log)
        changed = sealed_entry(sealed_log.clone, 0, 7).replace(b"35203", b"35299")
        rewrite(sealed_log.clone, 0, {7: changed}, tile=True, root=True)
        tampered(sealed_log.clone, f"UPDATE audit_entry SET area = '35299' WHERE id = {ids[7]}")
        assert tasks.check_ledger() == 1
        words = list(Alarm.objects.order_by("pk").values_list("what", flat=True))
        assert words[0] == "The first 512 places of the log are not those that were checked before."
        assert "do not have the root that was signed" in words[1]  # the check of all of it began at once
        assert (whole_check().findings, whole_check().ended_at is None) == (1, False)

    def test_a_log_that_was_rolled_back(self, sealed_log: SealedLog) -> None:
        write_entries(300)
        sealed_log.seal()
        with backup(sealed_log.clone) as earlier:
            a_checked_log(sealed_log)
            kept = SelfCheck.objects.latest("pk").reached
            earlier.restore()
        SelfCheck.objects.create(started_at=timezone.now(), findings=0, reached=kept)
        assert tasks.check_ledger() == 1
        assert open_alarms() == ["rolled-back"]
        assert "768 places of the log were checked, and the newest checkpoint has 300" in Alarm.objects.get().what
        assert whole_check().ended_at is not None
