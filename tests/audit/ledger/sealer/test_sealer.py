"""The sealer's process goes on, whatever happens to the database, its clock and its disk."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event as Flag

import pytest
from django.conf import LazySettings
from django.db import connection

from audit.ledger import heads, keys, publication, sealer
from audit.ledger.keys import WrongKey
from audit.ledger.models import Alarm, Checkpoint, Publication
from tests.audit.ledger.conftest import ORIGIN, as_sealer, write_entries
from tests.audit.ledger.earlier import Rounds, backup, move_back
from tests.audit.ledger.test_witnesses import open_alarms, run_sealer
from tests.database.clone import Clone
from tests.sealed_log import SealedLog

pytestmark = pytest.mark.django_db(transaction=True)

HOUR = timedelta(hours=1)
NO_ROOM = """
SET event_triggers = off;
CREATE OR REPLACE FUNCTION no_room() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'could not extend file' USING ERRCODE = 'disk_full';
END $$;
CREATE TRIGGER a_no_room BEFORE INSERT ON {table} FOR EACH STATEMENT EXECUTE FUNCTION no_room();
"""


@pytest.fixture
def head_file(tmp_path: Path, settings: LazySettings) -> Path:
    """Keep the head that was signed last outside the database."""
    file = tmp_path / "ledger.head"
    settings.LEDGER_HEAD_FILE = str(file)
    return file


def pending(clone: Clone) -> int:
    """Return how many entries wait."""
    with clone.connect() as superuser:
        (count,) = superuser.execute("SELECT count(*) FROM audit_pending").fetchone() or (0,)
    return int(count)


def sizes() -> list[int]:
    """Return the sizes of all checkpoints."""
    return list(Checkpoint.objects.order_by("size").values_list("size", flat=True))


class TestAnOlderBackup:
    def test_the_head_file_shows_it_and_what_was_written_meanwhile_waits(
        self, sealed_log: SealedLog, head_file: Path
    ) -> None:
        write_entries(3)
        run_sealer(sealed_log)
        with backup(sealed_log.clone) as older:
            write_entries(3)
            run_sealer(sealed_log)
            assert head_file.read_text().startswith("6 ")
            older.restore()
        write_entries(2)
        run_sealer(sealed_log, rounds=3)
        assert open_alarms() == ["rolled-back"]
        assert "A tree of 6 places was signed here, and the database has 3" in Alarm.objects.get().what
        assert (sizes(), pending(sealed_log.clone)) == ([3], 2)
        assert head_file.read_text().startswith("6 ")

    def test_the_newer_backup_is_gone_on_with(self, sealed_log: SealedLog, head_file: Path) -> None:
        write_entries(3)
        run_sealer(sealed_log)
        with backup(sealed_log.clone) as newest:
            newest.restore()
        write_entries(2)
        run_sealer(sealed_log)
        assert (open_alarms(), sizes(), pending(sealed_log.clone)) == ([], [3, 5], 0)

    def test_one_that_grew_past_the_head_is_known_by_its_root(self, sealed_log: SealedLog, head_file: Path) -> None:
        write_entries(3)
        run_sealer(sealed_log)
        with backup(sealed_log.clone) as older:
            write_entries(3)
            run_sealer(sealed_log)
            older.restore()
        write_entries(9)
        known = head_file.read_text()
        head_file.unlink()
        run_sealer(sealed_log)  # by somebody who removed the file
        head_file.write_text(known)
        write_entries(1)
        run_sealer(sealed_log)
        assert (open_alarms(), sizes(), pending(sealed_log.clone)) == (["rolled-back"], [3, 12], 1)

    def test_without_a_head_that_can_be_read_nothing_is_signed(self, sealed_log: SealedLog, head_file: Path) -> None:
        write_entries(1)
        head_file.write_text("spoiled")
        run_sealer(sealed_log)
        assert (open_alarms(), pending(sealed_log.clone)) == (["rolled-back"], 1)

    def test_a_crash_before_the_head_was_noted_is_no_alarm(self, sealed_log: SealedLog, head_file: Path) -> None:
        write_entries(1)
        run_sealer(sealed_log)
        known = head_file.read_text()
        write_entries(1)
        run_sealer(sealed_log)
        head_file.write_text(known)
        write_entries(1)
        run_sealer(sealed_log)
        assert (open_alarms(), sizes()) == ([], [1, 2, 3])
        assert heads.noted() == f"3 {bytes(Checkpoint.objects.get(size=3).root).hex()}\n"


def test_the_head_is_on_the_disk_before_it_takes_the_place_of_the_last_one(
    head_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: list[tuple[str, str]] = []
    fsync = os.fsync

    def noted(file: int) -> None:
        fsync(file)
        synced.append((head_file.read_text(), head_file.with_suffix(".new").read_text()))

    heads.remember(size=1, root=bytes(32))
    monkeypatch.setattr(os, "fsync", noted)
    heads.remember(size=2, root=bytes(32))
    assert synced == [(f"1 {'00' * 32}\n", f"2 {'00' * 32}\n")]
    assert heads.noted() == f"2 {bytes(32).hex()}\n"


class TestTheClock:
    def test_one_that_jumps_back_is_an_alarm_and_sealing_goes_on(self, sealed_log: SealedLog) -> None:
        write_entries(1)
        run_sealer(sealed_log)
        move_back(sealed_log.clone, hours=-3)
        write_entries(1)
        run_sealer(sealed_log, rounds=3)
        assert (open_alarms(), sizes()) == (["clock"], [1, 2])
        assert Alarm.objects.count() == 1

    def test_nothing_is_published_until_it_has_passed_the_last_publication(self, sealed_log: SealedLog) -> None:
        write_entries(1)
        sealed_log.seal()
        move_back(sealed_log.clone, hours=2)
        run_sealer(sealed_log)
        assert Publication.objects.get().size == 1
        move_back(sealed_log.clone, hours=-3)  # what was published now stands three hours ahead
        write_entries(1)
        sealed_log.seal()
        last = publication.hour_of(Publication.objects.get().at)
        for behind in (3, 2, 1, 0):
            sealed_log.publish(hour=last - behind * HOUR)
        assert Publication.objects.count() == 1
        sealed_log.publish(hour=last + HOUR)
        assert Publication.objects.count() == 2

    def test_the_same_hour_is_published_once(self, sealed_log: SealedLog) -> None:
        for _ in range(3):
            write_entries(1)
            sealed_log.seal()
            move_back(sealed_log.clone, hours=2)
        hour = publication.hour_of(datetime.now(UTC))
        with as_sealer(sealed_log.clone):
            first = publication.publish(hour=hour)
        assert first is not None
        assert first.size == 3
        write_entries(1)
        sealed_log.seal()
        with sealed_log.clone.connect() as superuser:
            superuser.execute("SET event_triggers = off")
            superuser.execute("ALTER TABLE audit_checkpoint DISABLE TRIGGER audit_checkpoint_refuse")
            superuser.execute("UPDATE audit_checkpoint SET at = at - interval '2 hours' WHERE size = 4")
        assert sealed_log.publish(hour=hour) is None
        at = Publication.objects.get().at
        assert sealed_log.publish(hour=at) is None
        assert sealed_log.publish(hour=at + timedelta(microseconds=1)) is not None
        assert sealed_log.publish(hour=at + 2 * HOUR) is None  # nothing was sealed since


class TestAFullDisk:
    @contextmanager
    def full(self, clone: Clone, table: str) -> Iterator[None]:
        """Let a table have no room for a row."""
        with clone.connect() as superuser:
            superuser.execute(NO_ROOM.format(table=table).encode())
        yield
        with clone.connect() as superuser:
            superuser.execute(f"SET event_triggers = off; DROP TRIGGER a_no_room ON {table}".encode())

    @pytest.mark.parametrize("table", ["audit_leaf", "audit_bundle", "audit_tile", "audit_checkpoint"])
    def test_no_entry_is_lost_and_sealing_goes_on_when_there_is_room(
        self, table: str, sealed_log: SealedLog, head_file: Path
    ) -> None:
        write_entries(1)
        run_sealer(sealed_log)
        write_entries(300)
        with self.full(sealed_log.clone, table):
            run_sealer(sealed_log, rounds=3)
            assert (open_alarms(), sizes(), pending(sealed_log.clone)) == (["disk"], [1], 300)
        run_sealer(sealed_log)
        assert (open_alarms(), sizes(), pending(sealed_log.clone)) == ([], [1, 301], 0)
        assert Alarm.objects.get().settled_by == "ledger.seal"

    def test_even_the_alarm_may_have_no_room(self, sealed_log: SealedLog) -> None:
        write_entries(1)
        with self.full(sealed_log.clone, "audit_leaf"), self.full(sealed_log.clone, "audit_alarm"):
            run_sealer(sealed_log, rounds=3)
            assert (open_alarms(), pending(sealed_log.clone)) == ([], 1)
        run_sealer(sealed_log)
        assert sizes() == [1]

    def test_the_head_can_not_be_noted(self, sealed_log: SealedLog, head_file: Path) -> None:
        head_file.with_suffix(".new").mkdir()
        write_entries(1)
        run_sealer(sealed_log)
        write_entries(1)
        run_sealer(sealed_log)
        assert (open_alarms(), sizes()) == (["sealing-failed"], [1])  # one round, and none over it
        head_file.with_suffix(".new").rmdir()
        write_entries(1)
        run_sealer(sealed_log)
        assert (open_alarms(), sizes()) == ([], [1, 3])
        assert head_file.read_text().startswith("3 ")


class TestTheDatabaseGoesAway:
    def test_sessions_that_are_ended_are_a_pause(self, sealed_log: SealedLog) -> None:
        clone = sealed_log.clone

        class Ending(Rounds):
            def wait(self, timeout: float | None = None) -> bool:
                if self.rests == 3:
                    with clone.connect() as superuser:
                        superuser.execute(
                            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'portal_sealer'"
                        )
                return super().wait(timeout)

        write_entries(1)
        with as_sealer(clone):
            sealer.run_sealer(sealed_log.signer, Ending(5))
        assert open_alarms() == []
        assert Alarm.objects.get().what == "Sealing stopped: OperationalError."

    def test_a_database_that_is_not_there_yet_is_waited_for(self, sealed_log: SealedLog) -> None:
        name = connection.settings_dict["NAME"]

        class Arriving(Rounds):
            def wait(self, timeout: float | None = None) -> bool:
                connection.settings_dict["NAME"] = name
                return super().wait(timeout)

        write_entries(1)
        with as_sealer(sealed_log.clone):
            connection.settings_dict["NAME"] = "nowhere"
            sealer.run_sealer(sealed_log.signer, Arriving(3))
        assert sizes() == [1]


def test_while_a_round_is_full_the_next_one_follows_at_once(
    sealed_log: SealedLog, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sealer, "ENTRIES_AT_ONCE", 2)
    write_entries(5)
    run_sealer(sealed_log, rounds=1)
    assert sizes() == [2, 4, 5]


def test_a_wrong_key_ends_the_process(sealed_log: SealedLog) -> None:
    write_entries(1)
    run_sealer(sealed_log)
    with as_sealer(sealed_log.clone), pytest.raises(WrongKey, match="signed with the key"):
        sealer.run_sealer(keys.made(ORIGIN), Flag())
