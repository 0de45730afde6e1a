"""The nightly check looks at all of the log, and continues where it stopped, whatever ended it."""

import os
import signal
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from django.conf import LazySettings
from django.utils import timezone

from audit.ledger import tasks
from audit.ledger.checks import runs, watch
from audit.ledger.checks.runs import check_at_once
from audit.ledger.checks.tree import Stage
from audit.ledger.models import Alarm, SelfCheck
from tests.audit.ledger.checks.checked import a_checked_log, area_of, guarded_again, tampered
from tests.audit.ledger.checks.nights import in_small_pieces, night_after, reached, to_the_end, whole_check
from tests.audit.ledger.conftest import write_entries
from tests.audit.ledger.tampering import change, rewrite
from tests.audit.ledger.test_witnesses import open_alarms
from tests.sealed_log import SealedLog

pytestmark = pytest.mark.django_db(transaction=True)

HOUR = timedelta(hours=1)


class TestTheNightlyCheck:
    def test_it_runs_once_a_night(self, sealed_log: SealedLog) -> None:
        a_checked_log(sealed_log)
        for days in (1, 2):
            with time_machine.travel(night_after(days)):
                assert runs.is_due()
                tasks.check_whole_ledger()
                assert not runs.is_due()
                tasks.check_whole_ledger()
        assert SelfCheck.objects.filter(is_whole=True, ended_at__isnull=False, findings=0).count() == 3

    def test_a_clock_that_was_set_back_makes_it_due(self, sealed_log: SealedLog) -> None:
        with time_machine.travel(timezone.now() + 50 * HOUR):
            a_checked_log(sealed_log)
        assert runs.is_due()
        tasks.check_whole_ledger()
        assert not runs.is_due()

    @pytest.mark.parametrize(
        "statements",
        [
            ("DELETE FROM audit_bundle WHERE n = 1",),
            ("DELETE FROM audit_tile WHERE n = 0",),
            ("UPDATE audit_tile SET root = sha256('x') WHERE n = 0",),
            ("UPDATE audit_bundle SET compressed = '' WHERE n = 1", "DELETE FROM audit_tile WHERE n = 1"),
            ("DELETE FROM audit_leaf WHERE leaf_index % 20 = 7",),
            ("UPDATE audit_checkpoint SET note = 'x'",),
            ("DELETE FROM audit_entry WHERE id IN (SELECT id FROM audit_entry ORDER BY id LIMIT 5 OFFSET 250)",),
            ("DELETE FROM audit_pending",),
            ("UPDATE audit_counter SET last = last + 1",),
            ("UPDATE audit_entry SET camera_number = camera_number + 900 WHERE camera_number = 30",),
            ("ALTER TABLE audit_bundle DROP COLUMN compressed CASCADE",),
        ],
    )
    def test_in_pieces_it_finds_what_it_finds_at_once(
        self, statements: tuple[str, ...], sealed_log: SealedLog, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(runs, "audit_guard", lambda databases: [])  # it is open, and not the matter here
        for count in (300, 300, 1):
            write_entries(count)
            sealed_log.seal_and_publish()
        write_entries(2)
        change(sealed_log.clone, *statements)
        at_once = {finding.what for finding in check_at_once()}
        in_small_pieces(monkeypatch)
        tasks.check_whole_ledger()
        to_the_end()
        assert at_once
        assert set(Alarm.objects.values_list("what", flat=True)) == at_once

    def test_it_continues_where_it_stopped(self, sealed_log: SealedLog, monkeypatch: pytest.MonkeyPatch) -> None:
        ids = a_checked_log(sealed_log)
        in_small_pieces(monkeypatch)
        with time_machine.travel(night_after()):
            tasks.check_whole_ledger()
            began = whole_check().started_at
            assert (reached().stage, reached().places, whole_check().ended_at) == (Stage.TREE, 256, None)
            tampered(sealed_log.clone, area_of(ids[3]), area_of(ids[300]))
            tasks.check_whole_ledger()
            assert (reached().places, reached().is_good) == (512, False)
            to_the_end()
        assert (whole_check().started_at, whole_check().findings) == (began, 1)  # what it had passed waits for
        with time_machine.travel(night_after(2)):  # the next night
            tasks.check_whole_ledger()
            to_the_end()
        assert whole_check().findings == 2

    def test_a_kill_loses_one_piece_at_most(
        self, sealed_log: SealedLog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings: LazySettings
    ) -> None:
        write_entries(1100)
        sealed_log.seal_and_publish()
        worker = slow_worker(sealed_log, tmp_path, settings.SECRET_KEY)
        while not SelfCheck.objects.exclude(reached="").exists():
            assert worker.poll() is None, (tmp_path / "worker.log").read_text()
            time.sleep(0.05)
        assert tasks.check_whole_ledger() == 0  # another one at work holds it off
        os.kill(worker.pid, signal.SIGKILL)
        worker.wait()
        places = reached().places
        assert places in {256, 512}
        in_small_pieces(monkeypatch)
        while runs_alone() is False:
            time.sleep(0.05)  # until the database has seen that it is gone
        tasks.check_whole_ledger()
        assert reached().places == places + 256
        to_the_end()
        assert (SelfCheck.objects.count(), whole_check().findings) == (1, 0)

    def test_a_tree_that_changed_meanwhile_is_compared_from_its_begin(
        self, sealed_log: SealedLog, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        a_checked_log(sealed_log)
        in_small_pieces(monkeypatch)
        with time_machine.travel(night_after()):
            tasks.check_whole_ledger()
            rewrite(sealed_log.clone, 0, {7: b"x"}, tile=True, root=True)
            guarded_again(sealed_log.clone)
            tasks.check_whole_ledger()
            assert (reached().places, reached().is_good, whole_check().findings) == (0, False, 1)
            to_the_end()
        assert "entry-changed" in open_alarms()

    def test_one_that_ends_never_or_ended_long_ago_is_an_alarm(
        self, sealed_log: SealedLog, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        a_checked_log(sealed_log)
        done = whole_check().reached
        in_small_pieces(monkeypatch)
        with time_machine.travel(timezone.now() + 37 * HOUR):
            tasks.check_ledger()
            tasks.check_whole_ledger()
            sealed_log.seal_and_publish()
            watch.check_lags()
            assert watch.is_hindered()
            assert Alarm.objects.get(settled_at__isnull=True).what == watch.WHOLE_LATE
            SelfCheck.objects.filter(pk=whole_check().pk).update(reached=done, ended_at=timezone.now())
            assert runs.is_due()  # as ended is not what counts: that one began long ago
            monkeypatch.setattr(runs, "SECONDS", 60.0)
            tasks.check_whole_ledger()
            watch.check_lags()
            assert (open_alarms(), watch.is_whole_late()) == ([], False)

    def test_a_check_of_what_is_new_that_does_not_run_is_an_alarm(self, sealed_log: SealedLog) -> None:
        a_checked_log(sealed_log)
        with time_machine.travel(timezone.now() + 3 * HOUR):
            watch.check_lags()
            assert Alarm.objects.get(kind="checking-late").what == watch.CHECKING_LATE
            tasks.check_ledger()
            watch.check_lags()
        assert Alarm.objects.get(kind="checking-late").settled_by == watch.BY


SLOW = """
import django, os, time
from django.conf import settings
django.setup()
settings.SECRET_KEY = os.environ["TEST_SECRET_KEY"]
from audit.ledger.checks import runs
runs.BUNDLES_OF_PIECE = 1
keep = runs._raise
def slowly(*found, **more):
    keep(*found, **more)
    time.sleep(0.7)
runs._raise = slowly
runs.check_whole(at_once=True)
"""


def slow_worker(log: SealedLog, folder: Path, key: str) -> "subprocess.Popen[bytes]":
    """Start a process that checks the whole log in small pieces, and rests after each."""
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "tests.peers.sealer_settings",
        "DATABASE_URL": log.clone.address("portal_app"),
        "REDIS_URL": "redis://localhost/0",
        "PORTAL_FILES": str(folder),
        "TEST_SECRET_KEY": key,
    }
    with (folder / "worker.log").open("wb") as output:
        return subprocess.Popen([sys.executable, "-c", SLOW], env=environment, stdout=output, stderr=output)


def runs_alone() -> bool:
    """Return whether nobody checks the whole log."""
    with runs._alone() as is_alone:
        return is_alone
