"""Witnesses sign each checkpoint before it becomes public: real ones, in processes of their own."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import LazySettings

from audit.ledger import sealer, witnesses
from audit.ledger.models import Alarm, Checkpoint, Publication
from audit.ledger.notes import COSIGNATURE, DASH, Signer, Verifier, read_note
from fusus_portal.ground.env import Misconfigured
from tests.audit.ledger.conftest import ORIGIN, as_sealer, write_entries
from tests.audit.ledger.earlier import Rounds, backup, move_back
from tests.peers.witness_process import WitnessProcess
from tests.sealed_log import SealedLog

pytestmark = pytest.mark.django_db(transaction=True)

STRANGER = Signer("stranger.test", b"s" * 32, COSIGNATURE)


@pytest.fixture
def witness(sealed_log: SealedLog, tmp_path: Path, settings: LazySettings) -> Iterator[WitnessProcess]:
    """Run a witness that this log's publications go to."""
    process = WitnessProcess(tmp_path, name="witness.test", log=sealed_log.signer.verifier)
    settings.LEDGER_WITNESSES = [process.entry]
    process.start()
    yield process
    process.kill()


def published_signed_by(*verifiers: Verifier) -> list[bool]:
    """Tell of each publication whether all of these signed it."""
    notes = [read_note(note) for note in Publication.objects.order_by("size").values_list("note", flat=True)]
    return [all(note.signed_by(verifier) for verifier in verifiers) for note in notes]


def open_alarms() -> list[str]:
    """Return the kinds of the open alarms, in order."""
    return list(Alarm.objects.filter(settled_at__isnull=True).order_by("pk").values_list("kind", flat=True))


def run_sealer(log: SealedLog, rounds: int = 2) -> None:
    """Run the sealer's own loop for so many rounds."""
    with as_sealer(log.clone):
        sealer.run_sealer(log.signer, Rounds(rounds))


def test_each_public_checkpoint_is_signed_by_the_witness(sealed_log: SealedLog, witness: WitnessProcess) -> None:
    for count in (1, 2, 300, 256, 40):
        write_entries(count)
        sealed_log.seal_and_publish()
    assert published_signed_by(sealed_log.signer.verifier, witness.verifier) == [True] * 5
    assert witness.signed(ORIGIN) == 599
    assert open_alarms() == []


def test_several_witnesses_sign_below_each_other(
    sealed_log: SealedLog, witness: WitnessProcess, tmp_path: Path, settings: LazySettings
) -> None:
    second = WitnessProcess(tmp_path, name="second.test", log=sealed_log.signer.verifier)
    second.start()
    settings.LEDGER_WITNESSES = [witness.entry, second.entry]
    write_entries(3)
    sealed_log.seal_and_publish()
    second.kill()
    assert published_signed_by(sealed_log.signer.verifier, witness.verifier, second.verifier) == [True]


def test_without_a_witness_the_log_is_published_by_itself(sealed_log: SealedLog) -> None:
    write_entries(1)
    sealed_log.seal_and_publish()
    assert len(read_note(Publication.objects.get().note).signatures) == 1


def test_a_witness_that_is_away_holds_nothing_up_and_catches_up(sealed_log: SealedLog, witness: WitnessProcess) -> None:
    for number in range(5):
        if number == 1:
            witness.kill()
        if number == 3:
            witness.start()
        write_entries(10)
        sealed_log.seal_and_publish()
        assert open_alarms() == (["witness-silent"] if number in {1, 2} else [])
    assert published_signed_by(witness.verifier) == [True, False, False, True, True]
    assert Alarm.objects.get().settled_by == "ledger.seal"


def test_what_the_witness_signed_before_a_crash_is_published_after_it(
    sealed_log: SealedLog, witness: WitnessProcess
) -> None:
    write_entries(5)
    sealed_log.seal()
    checkpoint = Checkpoint.objects.get()
    with as_sealer(sealed_log.clone):
        witnesses.cosigned(checkpoint, last=None)
    run_sealer(sealed_log)  # asks the witness at its start
    assert (open_alarms(), witness.signed(ORIGIN)) == ([], 5)
    sealed_log.publish()
    assert published_signed_by(witness.verifier) == [True]


def test_a_witness_that_signed_a_later_tree_does_not_sign_this_one(
    sealed_log: SealedLog, witness: WitnessProcess
) -> None:
    for _round in range(2):
        write_entries(3)
        sealed_log.seal()
    earlier, later = Checkpoint.objects.order_by("size")
    with as_sealer(sealed_log.clone):
        assert witnesses.cosigned(later, last=None)
        assert witnesses.cosigned(earlier, last=None) == ""
    assert open_alarms() == ["witness-silent"]


class TestAnOlderBackup:
    def test_the_witness_knows_more_and_nothing_is_sealed_over_it(
        self, sealed_log: SealedLog, witness: WitnessProcess
    ) -> None:
        write_entries(4)
        sealed_log.seal_and_publish()
        with backup(sealed_log.clone) as older:
            write_entries(4)
            sealed_log.seal_and_publish()
            older.restore()
            write_entries(2)
            run_sealer(sealed_log, rounds=3)
        assert open_alarms() == ["rolled-back"]
        assert "witness.test has signed a tree of 8" in Alarm.objects.get().what
        assert list(Checkpoint.objects.values_list("size", flat=True)) == [4]
        with sealed_log.clone.connect() as superuser:
            assert superuser.execute("SELECT count(*) FROM audit_pending").fetchone() == (2,)

    def test_one_from_before_the_first_publication_shows_itself_too(
        self, sealed_log: SealedLog, witness: WitnessProcess
    ) -> None:
        with backup(sealed_log.clone) as older:
            write_entries(4)
            sealed_log.seal_and_publish()
            older.restore()
            write_entries(2)
            run_sealer(sealed_log)
        assert open_alarms() == ["rolled-back"]
        assert not Checkpoint.objects.exists()

    def test_a_log_that_went_on_from_it_is_a_fork_and_not_published(
        self, sealed_log: SealedLog, witness: WitnessProcess
    ) -> None:
        write_entries(4)
        sealed_log.seal_and_publish()
        with backup(sealed_log.clone) as older:
            write_entries(4)
            sealed_log.seal_and_publish()
            older.restore()
        witness.kill()
        write_entries(9)
        run_sealer(sealed_log)  # the witness is away: nobody can tell
        witness.start()
        with as_sealer(sealed_log.clone), pytest.raises(witnesses.Forked, match="refuses the tree of 13"):
            sealed_log.publish()
        assert Publication.objects.get().size == 4
        assert witness.signed(ORIGIN) == 8

    def test_a_fork_is_an_alarm_and_sealing_goes_on(self, sealed_log: SealedLog, witness: WitnessProcess) -> None:
        write_entries(4)
        sealed_log.seal_and_publish()
        witness.kill()
        state = witness.state.read_text()
        witness.state.write_text(state.replace(read_root(state), "ab" * 32))
        witness.start()
        write_entries(2)
        sealed_log.seal()
        write_entries(1)
        move_back(sealed_log.clone, hours=2)
        run_sealer(sealed_log)
        assert open_alarms() == ["witness-refused"]
        assert Checkpoint.objects.count() == 3
        assert Publication.objects.count() == 1


def read_root(state: str) -> str:
    """Return the root in a witness's state."""
    return state.partition(", ")[2].strip('"]}')


KEY = str(STRANGER.verifier)


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        ("https://witness.test", "NAME\\+ID\\+BASE64"),
        (KEY.replace("stranger", "other") + " https://witness.test", "own ID"),
        (str(Signer("log.test", b"l" * 32).verifier) + " https://witness.test", "no witness's"),
        (f"{KEY} http://witness.test", "the address"),
        (f"{KEY} file:///etc/passwd", "the address"),
        (KEY, "the address"),
    ],
)
def test_a_witness_that_can_not_be_asked_is_refused_at_the_start(entry: str, said: str, settings: LazySettings) -> None:
    settings.LEDGER_WITNESSES = [entry]
    with pytest.raises(Misconfigured, match=f"LEDGER_WITNESSES.*{said}"):
        witnesses.configured()


class TestTheWitnessItself:
    """The witness refuses as tlog-witness says, so that its signature means something."""

    def test_the_wrong_ones_are_told(self, sealed_log: SealedLog, witness: WitnessProcess, tmp_path: Path) -> None:
        write_entries(3)
        sealed_log.seal_and_publish()
        checkpoint = Checkpoint.objects.get()
        asked = witnesses.configured()[0]
        assert DASH in checkpoint.note

        def status(body: str) -> int:
            return witnesses._post(asked, body)[0]

        forged = Signer(ORIGIN, b"f" * 32)
        text = read_note(checkpoint.note).text
        assert status("nonsense") == 400
        assert status(f"old 4\n\n{checkpoint.note}") == 400
        assert status(f"old 0\n\n{text}\n{forged.line(text)}") == 403
        other = text.replace(ORIGIN, "other.test/ledger")
        assert status(f"old 0\n\n{other}\n{sealed_log.signer.line(other)}") == 404
        assert witnesses._post(asked, f"old 1\n\n{checkpoint.note}") == (409, "text/x.tlog.size", "3\n")
        longer = text.replace("\n3\n", "\n5\n")
        assert status(f"old 3\nAAAA\n\n{longer}\n{sealed_log.signer.line(longer)}") == 422
