"""The ledger is watched: what is wrong is an alarm within the hour, and a word on the health page."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
import time_machine
from django.conf import LazySettings
from django.test import Client
from django.utils import timezone

from audit.ledger import publication, tasks
from audit.ledger.checks import runs, watch
from audit.ledger.models import Alarm, Checkpoint, Publication, SelfCheck
from tests.audit.ledger.conftest import write_entries
from tests.audit.ledger.earlier import move_back
from tests.audit.ledger.test_witnesses import open_alarms
from tests.sealed_log import SealedLog

pytestmark = pytest.mark.django_db(transaction=True)

MINUTE = timedelta(minutes=1)


def word(client: Client) -> tuple[int, str]:
    """Return what the health page says of the ledger."""
    answer = client.get("/health/ready")
    return answer.status_code, answer.json()["checks"]["ledger"]


def change_entry(log: SealedLog, where: str = "true") -> None:
    """Change what stands in the log, as only a superuser can."""
    with log.clone.connect() as superuser:
        superuser.execute("SET event_triggers = off")
        superuser.execute("ALTER TABLE audit_entry DISABLE TRIGGER audit_refuse")
        superuser.execute(f"UPDATE audit_entry SET area = '99999' WHERE {where}".encode())
        superuser.execute("ALTER TABLE audit_entry ENABLE ALWAYS TRIGGER audit_refuse")


class TestTheHourlyCheck:
    def test_a_whole_log_has_no_finding(self, sealed_log: SealedLog, visitor_client: Client) -> None:
        write_entries(300)
        sealed_log.seal_and_publish()
        assert tasks.check_ledger() == 0
        last = SelfCheck.objects.get()
        assert (last.findings, last.is_whole, last.ended_at and last.ended_at >= last.started_at) == (0, True, True)
        assert (open_alarms(), word(visitor_client)) == ([], (200, "ok"))

    def test_a_changed_entry_is_named_and_the_pages_stay(self, sealed_log: SealedLog, visitor_client: Client) -> None:
        entries = write_entries(3)
        sealed_log.seal_and_publish()
        change_entry(sealed_log, f"id = {entries[1].pk}")
        assert tasks.check_ledger() >= 1
        assert tasks.check_ledger() >= 1
        assert open_alarms() == ["entry-changed"]
        assert str(entries[1].pk) in Alarm.objects.get().what
        assert word(visitor_client) == (200, "failing")
        assert visitor_client.get("/health/ready").json()["status"] == "failing"

    def test_many_findings_are_a_page_of_alarms(self, sealed_log: SealedLog, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(runs, "MOST_ALARMS", 3)
        write_entries(9)
        sealed_log.seal()
        change_entry(sealed_log, "id % 2 = 1")
        assert tasks.check_ledger() == 4
        assert len(open_alarms()) == 4
        assert Alarm.objects.latest("pk").what == runs.MORE

    def test_an_open_guard_is_an_alarm(self, sealed_log: SealedLog, visitor_client: Client) -> None:
        with sealed_log.clone.connect() as superuser:
            superuser.execute("SELECT audit_guard.unseal('audit_tile')")
        assert tasks.check_ledger() == 1
        assert (open_alarms(), "audit_tile" in Alarm.objects.get().what.lower()) == (["guard"], True)
        assert word(visitor_client) == (200, "failing")

    def test_a_full_disk_is_one_until_there_is_room(
        self, sealed_log: SealedLog, settings: LazySettings, monkeypatch: pytest.MonkeyPatch, visitor_client: Client
    ) -> None:
        settings.LEDGER_WATCHED_DISKS = ["/"]
        monkeypatch.setattr(watch, "disk_usage", lambda name: SimpleNamespace(free=watch.LEAST_FREE - 1))
        tasks.check_ledger()
        assert (open_alarms(), word(visitor_client)) == (["disk"], (200, "late"))
        monkeypatch.setattr(watch, "disk_usage", lambda name: SimpleNamespace(free=watch.LEAST_FREE))
        tasks.check_ledger()
        assert (open_alarms(), word(visitor_client)) == ([], (200, "ok"))

    def test_a_disk_that_is_gone_is_one_too(self, sealed_log: SealedLog, settings: LazySettings) -> None:
        settings.LEDGER_WATCHED_DISKS = ["/nonexistent"]
        tasks.check_ledger()
        assert open_alarms() == ["disk"]

    def test_one_that_does_not_run_is_late(self, sealed_log: SealedLog, visitor_client: Client) -> None:
        write_entries(1)
        sealed_log.seal_and_publish()
        assert word(visitor_client) == (200, "ok")
        with time_machine.travel(timezone.now() + 121 * MINUTE):
            assert word(visitor_client) == (200, "late")
            SelfCheck.objects.create(started_at=timezone.now(), ended_at=timezone.now(), findings=0)
            assert word(visitor_client) == (200, "ok")


class TestLags:
    def test_a_sealer_that_is_away_is_late_after_ten_minutes_and_told(
        self, sealed_log: SealedLog, visitor_client: Client
    ) -> None:
        write_entries(1)
        with time_machine.travel(timezone.now() + 9 * MINUTE):
            tasks.tell_alarms()
            assert (open_alarms(), word(visitor_client)) == ([], (200, "ok"))
        with time_machine.travel(timezone.now() + 15 * MINUTE):
            assert word(visitor_client) == (200, "late")
            assert tasks.tell_alarms() == 1
            assert open_alarms() == ["sealing-late"]
        sealed_log.seal()
        tasks.tell_alarms()
        assert open_alarms() == []

    def test_what_was_not_published_at_the_full_hour_is_late(
        self, sealed_log: SealedLog, visitor_client: Client
    ) -> None:
        write_entries(1)
        sealed_log.seal()
        move_back(sealed_log.clone, hours=2)
        SelfCheck.objects.create(started_at=timezone.now(), findings=0)
        watch.check_lags()
        assert (open_alarms(), word(visitor_client)) == (["publishing-late"], (200, "late"))
        sealed_log.publish()
        watch.check_lags()
        assert Publication.objects.count() == 1
        assert (open_alarms(), word(visitor_client)) == ([], (200, "ok"))


class TestBounds:
    @pytest.mark.parametrize(("more", "is_late"), [(timedelta(), False), (timedelta(microseconds=1), True)])
    def test_an_entry_waits_ten_minutes_and_the_check_two_hours(
        self, more: timedelta, is_late: bool, sealed_log: SealedLog
    ) -> None:
        (entry,) = write_entries(1)
        with time_machine.travel(entry.at + 10 * MINUTE + more, tick=False):
            assert watch.is_sealing_late() is is_late
        ended = timezone.now()
        SelfCheck.objects.create(started_at=ended, ended_at=ended, findings=0)
        with time_machine.travel(ended + 120 * MINUTE + more, tick=False):
            assert watch.is_checking_late() is is_late

    @pytest.mark.parametrize(("minutes", "is_late"), [(-9, False), (9, False), (10, True)])
    def test_a_full_hour_waits_ten_minutes_for_its_publication(
        self, minutes: int, is_late: bool, sealed_log: SealedLog
    ) -> None:
        write_entries(1)
        sealed_log.seal()
        hour = publication.public_from(Checkpoint.objects.get().at)
        with time_machine.travel(hour + minutes * MINUTE, tick=False):
            assert watch.is_publishing_late() is is_late
