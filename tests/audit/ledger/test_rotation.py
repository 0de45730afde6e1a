"""A new key is taken into use by an act that stands in the log; what the old one signed stays good."""

from pathlib import Path

import pytest
from django.conf import LazySettings
from django.core.management import CommandError, call_command

from audit.ledger import keys
from audit.ledger.checks.runs import check_at_once
from audit.ledger.models import Checkpoint
from audit.ledger.notes import read_checkpoint
from audit.log.events import Event
from audit.log.models import AuditEntry
from tests.audit.ledger.conftest import ORIGIN, as_sealer, write_entries
from tests.audit.ledger.earlier import backup
from tests.database.template import role_settings
from tests.sealed_log import SealedLog

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def log(sealed_log: SealedLog, settings: LazySettings, tmp_path: Path) -> SealedLog:
    """Return a sealed log, whose operator knows how to sign in as the sealer."""
    settings.LEDGER_HEAD_FILE = str(tmp_path / "ledger.head")
    clone = sealed_log.clone
    settings.SEALER_DATABASE = role_settings(clone.server, "portal_sealer", clone.name)
    write_entries(3)
    sealed_log.seal_and_publish()
    return sealed_log


def test_both_keys_verify_what_they_signed(log: SealedLog, monkeypatch: pytest.MonkeyPatch) -> None:
    old, new = log.signer, keys.made(ORIGIN)
    monkeypatch.setenv("LEDGER_KEY", new.text())
    call_command("ledger", "rotate")
    entry = AuditEntry.objects.get(event=Event.KEY_ROTATED)
    assert (entry.subject_id, entry.facts["before"]) == (new.verifier.key_id.hex(), old.verifier.key_id.hex())
    assert entry.actor_role == "operator"
    with pytest.raises(keys.WrongKey):
        log.seal()
    log.signer = new
    log.seal_and_publish()
    first, second = Checkpoint.objects.order_by("size")
    assert read_checkpoint(first.note, old.verifier).size == 3
    assert read_checkpoint(second.note, new.verifier).size == 4
    assert [read_checkpoint(made.note, *keys.known()).size for made in (first, second)] == [3, 4]
    assert list(check_at_once()) == []


def test_a_database_that_was_set_back_takes_no_new_key(log: SealedLog, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LEDGER_KEY", keys.made(ORIGIN).text())
    with backup(log.clone) as older:
        write_entries(3)
        log.seal()
        older.restore()
    with pytest.raises(CommandError, match="A tree of 6 places was signed here, and the database has 3"):
        call_command("ledger", "rotate")
    assert keys.known() == [log.signer.verifier]


@pytest.mark.parametrize("act", ["seal", "rotate"])
def test_without_a_head_file_nothing_is_signed(
    act: str, log: SealedLog, settings: LazySettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LEDGER_KEY", log.signer.text())
    settings.LEDGER_HEAD_FILE = ""
    with pytest.raises(CommandError, match="LEDGER_HEAD_FILE is not set"):
        call_command("ledger", act)


@pytest.mark.parametrize("name", ["other.test/ledger", ORIGIN])
def test_a_key_of_another_log_or_used_before_leaves_no_entry(
    name: str, log: SealedLog, monkeypatch: pytest.MonkeyPatch
) -> None:
    refused = log.signer if name == ORIGIN else keys.made(name)
    monkeypatch.setenv("LEDGER_KEY", refused.text())
    with pytest.raises(CommandError, match=r"used already|is called"):
        call_command("ledger", "rotate")
    assert not AuditEntry.objects.filter(event=Event.KEY_ROTATED).exists()
    with as_sealer(log.clone), pytest.raises(keys.WrongKey):
        keys.rotate(refused)
    assert keys.known() == [log.signer.verifier]


@pytest.mark.parametrize("act", ["seal", "rotate"])
def test_a_key_that_is_none_is_refused_by_the_name_of_its_variable(
    act: str, log: SealedLog, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LEDGER_KEY", "PRIVATE+KEY+secret")
    with pytest.raises(CommandError, match="LEDGER_KEY can't be used") as refused:
        call_command("ledger", act)
    assert "secret" not in str(refused.value)


def test_a_witness_that_is_none_is_refused_at_the_start(
    log: SealedLog, settings: LazySettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LEDGER_KEY", log.signer.text())
    settings.LEDGER_WITNESSES = ["nonsense"]
    with pytest.raises(CommandError, match="LEDGER_WITNESSES"):
        call_command("ledger", "seal")
