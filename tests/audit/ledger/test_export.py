"""`manage.py ledger verify` and `manage.py ledger export`."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError

from audit.ledger import keys
from audit.ledger.export import Incomplete, export
from audit.ledger.models import Checkpoint, Publication
from audit.ledger.tree.tiles import Tree, bundle
from audit.log.actors import AT_THE_SERVER
from audit.log.events import Event
from audit.log.models import AuditEntry
from audit.management.commands.ledger import LINE_START
from tests.audit.ledger.conftest import SealAll, write_entries
from tests.audit.ledger.tampering import a_log, change
from tests.audit.test_every_service import DISK_FULL
from tests.database.clone import Clone
from tests.sealed_log import SealedLog

pytestmark = pytest.mark.django_db(transaction=True)


class TerminalOutput(StringIO):
    """A terminal that remembers what was written."""

    def isatty(self) -> bool:
        return True


def verify(**options: object) -> tuple[int, str]:
    """Return exit code and output of the command."""
    out = StringIO()
    try:
        call_command("ledger", "verify", stdout=out, **options)
    except SystemExit as end:
        return int(end.code or 0), out.getvalue()
    return 0, out.getvalue()


class TestVerify:
    def test_a_whole_log_is_0_and_one_sentence(self, seal_all: SealAll) -> None:
        a_log(seal_all)
        assert verify() == (0, "The log is whole: each of its 600 places is as it was sealed.\n")

    def test_a_changed_one_is_1_and_names_the_entry(self, seal_all: SealAll, portal_db: Clone) -> None:
        ids = a_log(seal_all)
        change(portal_db, f"UPDATE audit_entry SET area = 'x' WHERE id IN ({ids[5]}, {ids[300]})")
        code, out = verify()
        assert code == 1
        lines = out.splitlines()
        assert lines[0] == f'Entry {ids[5]} is not as it was sealed: area was sealed as "35203" and the row says "x".'
        assert lines[-1] == (
            f"THE LOG IS NOT WHOLE: 2 things are not as sealed. The first entry that is named is {ids[5]}."
        )

    def test_it_must_continue_a_checkpoint_that_was_kept(
        self, seal_all: SealAll, portal_db: Clone, tmp_path: Path
    ) -> None:
        a_log(seal_all)
        kept = tmp_path / "kept"
        kept.write_text(Checkpoint.objects.get(size=300).note, encoding="utf-8")
        assert verify(kept=kept)[0] == 0
        kept.write_text("nothing", encoding="utf-8")
        code, out = verify(kept=kept)
        assert code == 1
        assert out.endswith("THE LOG IS NOT WHOLE: 1 thing is not as sealed.\n")
        with pytest.raises(CommandError, match="No such file"):
            verify(kept=tmp_path / "elsewhere")

    def test_it_shows_how_far_it_is(self, seal_all: SealAll) -> None:
        a_log(seal_all)
        terminal = TerminalOutput()
        verify(stderr=terminal)
        assert "[#########################.....]  85 %  512 of 600 places compared" in terminal.getvalue()
        assert terminal.getvalue().endswith(LINE_START)

    def test_what_is_found_has_a_line_of_its_own(self, seal_all: SealAll, portal_db: Clone) -> None:
        entry = a_log(seal_all)[590]
        change(portal_db, f"UPDATE audit_entry SET area = 'x' WHERE id = {entry}")
        terminal = TerminalOutput()
        with pytest.raises(SystemExit):
            call_command("ledger", "verify", stdout=terminal, stderr=terminal)
        assert f"512 of 600 places compared{LINE_START}Entry {entry} is not as it was sealed" in terminal.getvalue()


class TestExport:
    def test_it_is_the_layout_of_tlog_tiles(self, sealed_log: SealedLog, tmp_path: Path) -> None:
        write_entries(256 + 40)
        sealed_log.seal_and_publish()
        write_entries(256)
        sealed_log.seal()
        folder = tmp_path / "export"
        assert export(folder=folder, by=AT_THE_SERVER) == 552
        files = {str(file.relative_to(folder)): file.read_bytes() for file in folder.rglob("*") if file.is_file()}
        tree = Tree()
        assert files == {
            "checkpoint": Checkpoint.objects.get(size=552).note.encode(),
            "published": Publication.objects.get().note.encode(),
            "key": f"{keys.known()[0]}\n".encode(),
            "verifier.py": files["verifier.py"],
            "tile/0/000": tree.tile(0, 0),
            "tile/0/001": tree.tile(0, 1),
            "tile/0/002.p/40": tree.tile(0, 2, 40),
            "tile/1/000.p/2": tree.tile(1, 0, 2),
            "tile/entries/000": bundle(0),
            "tile/entries/001": bundle(1),
            "tile/entries/002.p/40": bundle(2, 40),
        }
        assert folder.stat().st_mode & 0o077 == 0  # it holds every entry

    def test_it_leaves_an_entry_of_who_runs_it(self, seal_all: SealAll, tmp_path: Path) -> None:
        a_log(seal_all)
        out = StringIO()
        call_command("ledger", "export", str(tmp_path / "export"), stdout=out)
        assert "Wrote 600 places" in out.getvalue()
        entry = AuditEntry.objects.get(event=Event.LEDGER_EXPORTED)
        assert (entry.actor_kind, entry.actor_id, entry.actor_role) == ("task", "operator", "operator")

    def test_it_shows_how_far_it_is(self, seal_all: SealAll, tmp_path: Path) -> None:
        a_log(seal_all)
        terminal = TerminalOutput()
        call_command("ledger", "export", str(tmp_path / "export"), stdout=StringIO(), stderr=terminal)
        assert "[############..................]  42 %  256 of 600 places written" in terminal.getvalue()
        assert terminal.getvalue().endswith(f"100 %  600 of 600 places written{LINE_START}")

    def test_without_its_entry_nothing_is_written(self, seal_all: SealAll, portal_db: Clone, tmp_path: Path) -> None:
        a_log(seal_all)
        with portal_db.connect() as superuser:
            superuser.execute(DISK_FULL)
        with pytest.raises(DatabaseError, match="no room for an entry"):
            export(folder=tmp_path / "export", by=AT_THE_SERVER)
        assert list(tmp_path.iterdir()) == []

    def test_a_folder_that_is_there_is_left_alone(self, seal_all: SealAll, tmp_path: Path) -> None:
        a_log(seal_all)
        with pytest.raises(CommandError, match="exists already"):
            call_command("ledger", "export", str(tmp_path))
        with pytest.raises(CommandError, match="There is no folder"):
            call_command("ledger", "export", str(tmp_path / "not" / "there"))
        assert list(tmp_path.iterdir()) == []
        assert not AuditEntry.objects.filter(event=Event.LEDGER_EXPORTED).exists()

    @pytest.mark.parametrize(
        "statement",
        [
            "DELETE FROM audit_bundle WHERE n = 1",
            "DELETE FROM audit_tile WHERE n = 1",
            "DELETE FROM audit_leaf WHERE leaf_index = 599",
            "UPDATE audit_bundle SET compressed = 'x' WHERE n = 1",
            "TRUNCATE audit_checkpoint",
        ],
    )
    def test_it_is_all_or_nothing(self, seal_all: SealAll, portal_db: Clone, tmp_path: Path, statement: str) -> None:
        a_log(seal_all)
        change(portal_db, statement)
        with pytest.raises(Incomplete):
            export(folder=tmp_path / "export", by=AT_THE_SERVER)
        assert list(tmp_path.iterdir()) == []
