"""`ledger verify` while a sealer is at work, and sealers whose key changes while the database is set back."""

from collections.abc import Iterator
from contextlib import contextmanager
from io import StringIO
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.core.management import CommandError, call_command

from audit.ledger import heads, keys
from audit.ledger.models import Checkpoint
from audit.ledger.notes import Signer
from tests.audit.ledger.conftest import ORIGIN, as_sealer, write_entries
from tests.audit.ledger.earlier import backup
from tests.audit.ledger.sealer.test_kill import wait_until, writing
from tests.audit.ledger.test_witnesses import open_alarms
from tests.database.template import role_settings
from tests.peers.sealers import Sealers
from tests.sealed_log import SealedLog

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.long]

RUNS = 100
HEAD = "ledger.head"


def test_a_hundred_times_the_log_is_whole(
    sealed_log: SealedLog, sealers: Sealers, settings: LazySettings, tmp_path: Path
) -> None:
    settings.LEDGER_HEAD_FILE = str(tmp_path / HEAD)
    sealers.start()
    with writing(sealed_log.clone, 1):
        wait_until(lambda: Checkpoint.objects.count() > 10, sealers.log)
        before = Checkpoint.objects.count()
        for _run in range(RUNS):
            said = StringIO()
            call_command("ledger", "verify", stdout=said, stderr=StringIO())
            assert said.getvalue().startswith("The log is whole"), said.getvalue()
        assert Checkpoint.objects.count() > before + RUNS // 4, "no sealer was at work"


@contextmanager
def sealer(log: SealedLog, key: Signer, folder: Path) -> Iterator[Sealers]:
    """Run a sealer whose key is in a file of its own, as an operator has it."""
    file = folder / f"key-{key.verifier.key_id.hex()}"
    file.write_text(key.text())
    environment = {
        "DJANGO_SETTINGS_MODULE": "tests.peers.sealer_settings",
        "DATABASE_URL": log.clone.address("portal_app"),
        "SEALER_DATABASE_URL": log.clone.address("portal_sealer"),
        "LEDGER_KEY_FILE": str(file),
        "LEDGER_HEAD_FILE": str(folder / HEAD),
        "REDIS_URL": "redis://localhost/0",
        "PORTAL_FILES": str(folder),
    }
    made = Sealers(environment, folder / "sealers.log")
    made.start()
    try:
        yield made
    finally:
        made.close()


def test_a_database_that_is_set_back_while_the_key_changes_is_found(
    sealed_log: SealedLog, settings: LazySettings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    settings.LEDGER_HEAD_FILE = str(tmp_path / HEAD)
    settings.SEALER_DATABASE = role_settings(sealed_log.clone.server, "portal_sealer", sealed_log.clone.name)
    newer = keys.made(ORIGIN)

    def is_sealed(entries: int) -> bool:
        return Checkpoint.objects.filter(size__gte=entries).exists()

    def is_noted(entries: int) -> bool:
        return (heads.noted() or "").startswith(f"{entries} ")

    def seal(entries: int) -> None:
        with sealer(sealed_log, sealed_log.signer, tmp_path) as running:
            # The sealer notes its head after the commit, and is killed here.
            wait_until(lambda: is_sealed(entries) and is_noted(entries), running.log)

    write_entries(3)
    seal(3)
    with backup(sealed_log.clone) as older:
        write_entries(5)
        seal(8)
        older.restore()
    monkeypatch.setenv("LEDGER_KEY", newer.text())
    with pytest.raises(CommandError, match="A tree of 8 places was signed here, and the database has 3"):
        call_command("ledger", "rotate", stdout=StringIO())
    with as_sealer(sealed_log.clone):
        keys.rotate(newer)  # by somebody who goes around the command
    write_entries(9)
    with sealer(sealed_log, newer, tmp_path) as running:
        wait_until(lambda: open_alarms() == ["rolled-back"], running.log)
    assert not is_sealed(4)
