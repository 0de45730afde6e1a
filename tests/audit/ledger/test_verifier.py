"""The verifier that anybody may download finds what was changed, and names the entry. It runs as it is downloaded."""

import os
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import psutil
import pytest
from pytest_django.live_server_helper import LiveServer

from audit.ledger import export, keys
from audit.ledger.models import Checkpoint
from audit.ledger.receipts import receipt_of
from audit.ledger.tree.merkle import leaf_hash
from audit.ledger.tree.tiles import forget, packed, unpacked
from tests.audit.ledger.conftest import ORIGIN, write_entries
from tests.audit.ledger.outsider import Outsider, exported
from tests.audit.ledger.tampering import change, rewrite, rolled_back, sealed_entry
from tests.database.clone import Clone
from tests.sealed_log import SealedLog

pytestmark = pytest.mark.django_db(transaction=True)

WHOLE = "its 600 places have the root that its key signed"
Tamper = Callable[[Path], object]


def with_entries(folder: Path, n: str, change: Callable[[list[bytes]], object], *, hashes: bool = False) -> None:
    """Change the entries of a bundle; the hashes of its tile as well."""
    file = folder / "tile/entries" / n
    entries = list(unpacked(file.read_bytes()))
    change(entries)
    file.write_bytes(packed(entries))
    if hashes:
        (folder / "tile/0" / n).write_bytes(b"".join(map(leaf_hash, entries)))


def other(place: int) -> Callable[[list[bytes]], None]:
    """Return what changes one entry."""

    def change(entries: list[bytes]) -> None:
        entries[place] = entries[place].replace(b"35203", b"35299")

    return change


def smaller(checkpoint: Path) -> None:
    """Take a hundred entries out of a checkpoint's text."""
    head, size, rest = checkpoint.read_text(encoding="utf-8").split("\n", 2)
    checkpoint.write_text(f"{head}\n{int(size) - 100}\n{rest}", encoding="utf-8")


def swap(entries: list[bytes]) -> None:
    """Let two entries change places."""
    entries[3], entries[200] = entries[200], entries[3]


@contextmanager
def tampered(whole: Path, tamper: Tamper) -> Iterator[Path]:
    """Return a copy of an export that was changed, for the time of a block."""
    folder = whole.with_name("tampered")
    shutil.copytree(whole, folder)
    tamper(folder)
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


NAMED: list[tuple[Tamper, dict[int, int]]] = [
    (lambda folder: with_entries(folder, "000", other(17)), {17: 17}),
    (lambda folder: with_entries(folder, "002.p/88", other(80)), {592: 592}),
    (lambda folder: with_entries(folder, "001", swap), {256 + 3: 256 + 200, 256 + 200: 256 + 3}),
]
"""Changes of an export, with the places that are named, and the entry of each."""

FOUND: list[tuple[Tamper, str]] = [
    (lambda folder: with_entries(folder, "000", other(17), hashes=True),
     "one of the entries at the places 0 to 255 is not the one that was sealed"),
    (lambda folder: with_entries(folder, "002.p/88", other(17), hashes=True),
     "the 600 places do not have the root that was signed"),
    (lambda folder: with_entries(folder, "001", lambda entries: entries.pop()),
     "tile/entries/001 does not hold 256 entries"),
    (lambda folder: with_entries(folder, "001", lambda entries: entries.append(b"{}")),
     "tile/entries/001 does not hold 256 entries"),
    (lambda folder: (folder / "tile/entries/001").unlink(), "tile/entries/001 can't be read: No such file"),
    (lambda folder: (folder / "tile/0/001").unlink(), "tile/0/001 can't be read: No such file"),
    (lambda folder: (folder / "tile/0/001").write_bytes(b"x" * 40), "tile/0/001 does not hold 256 hashes"),
    (lambda folder: (folder / "tile/1/000.p/2").write_bytes(b"x" * 64), "places 256 to 511 is not the one"),
    (lambda folder: (folder / "tile/1/000.p/2").unlink(), "tile/1/000.p/2 can't be read"),
    (lambda folder: (folder / "checkpoint").write_text("x"), "the checkpoint can't be read"),
    (lambda folder: smaller(folder / "checkpoint"), "the checkpoint is not signed by the key"),
    (lambda folder: smaller(folder / "published"), "the published checkpoint is not signed by the key"),
]  # fmt: skip
"""Other changes, with what is said of each."""


class TestAnExport:
    @pytest.mark.parametrize("jobs", [1, 2])
    def test_a_whole_one(self, entry_ids: list[int], log_key: str, outsider: Outsider, jobs: int) -> None:
        folder = exported(outsider.folder)
        assert outsider.verify(folder / "verifier.py", folder, "--key", log_key, jobs=jobs) == (
            0,
            [f"The log {ORIGIN} is whole: {WHOLE}, and it continues the published checkpoint."],
        )

    @pytest.mark.parametrize("count", [1, 255, 256, 257, 513])
    def test_one_of_any_size(self, sealed_log: SealedLog, outsider: Outsider, count: int) -> None:
        write_entries(count)
        sealed_log.seal()
        folder = exported(outsider.folder)
        code, lines = outsider.verify(folder / "verifier.py", folder)
        assert code == 0
        assert lines[0].startswith("No --key was given: the key that is beside the log is used")
        assert f"is whole: its {count} places have" in lines[-1]

    def test_entries_that_were_changed_or_swapped_are_named(
        self, entry_ids: list[int], log_key: str, outsider: Outsider, subtests: pytest.Subtests
    ) -> None:
        whole = exported(outsider.folder)
        for tamper, named in NAMED:
            with subtests.test(named=named), tampered(whole, tamper) as folder:
                code, lines = outsider.verify(export.VERIFIER, folder, "--key", log_key)
                assert code == 1
                assert [line for line in lines if line.startswith("- the entry")] == [
                    f"- the entry {entry_ids[entry]} (place {place}) is not the one that was sealed: its hash is "
                    "another."
                    for place, entry in named.items()
                ]
                assert lines[-1].startswith(f"NOT PROVED: the entry {entry_ids[next(iter(named.values()))]} ")

    def test_whatever_else_was_changed_is_found(
        self, entry_ids: list[int], log_key: str, outsider: Outsider, subtests: pytest.Subtests
    ) -> None:
        whole = exported(outsider.folder)
        for tamper, said in FOUND:
            with subtests.test(said), tampered(whole, tamper) as folder:
                code, lines = outsider.verify(export.VERIFIER, folder, "--key", log_key)
                assert code == 1
                assert said in "\n".join(lines)
                assert lines[-1].startswith("NOT PROVED: ")

    def test_what_a_superuser_wrote_over_sealed_bytes(
        self, entry_ids: list[int], log_key: str, outsider: Outsider, portal_db: Clone
    ) -> None:
        rewrite(portal_db, 1, {50: sealed_entry(portal_db, 1, 50).replace(b"35203", b"35299")})
        folder = exported(outsider.folder)
        code, lines = outsider.verify(export.VERIFIER, folder, "--key", log_key)
        assert (code, lines[0]) == (
            1, f"- the entry {entry_ids[306]} (place 306) is not the one that was sealed: its hash is another."
        )  # fmt: skip

    def test_another_key_has_not_signed_it(self, entry_ids: list[int], outsider: Outsider) -> None:
        folder = exported(outsider.folder)
        stranger = keys.made(ORIGIN).verifier
        code, lines = outsider.verify(export.VERIFIER, folder, "--key", stranger)
        assert code == 1
        assert lines[-1] == f"NOT PROVED: the checkpoint is not signed by the key {ORIGIN}+{stranger.key_id.hex()}."


class TestAnOlderCheckpoint:
    def test_the_log_continues_it(self, entry_ids: list[int], log_key: str, outsider: Outsider) -> None:
        folder = exported(outsider.folder)
        kept = outsider.folder / "kept"
        for note in (Checkpoint.objects.get(size=300).note, str(receipt_of(entry_ids[4]))):
            kept.write_text(note, encoding="utf-8")
            code, lines = outsider.verify(export.VERIFIER, folder, "--key", log_key, "--kept", kept)
            assert code == 0
            assert lines[-1].endswith(f"{WHOLE}, and it continues {kept} and the published checkpoint.")

    def test_a_log_that_was_rolled_back_does_not(
        self, sealed_log: SealedLog, log_key: str, outsider: Outsider, portal_db: Clone
    ) -> None:
        write_entries(300)
        sealed_log.seal()
        kept = outsider.folder / "kept"
        with rolled_back(portal_db):
            write_entries(5)
            sealed_log.seal()
            kept.write_text(Checkpoint.objects.get(size=305).note, encoding="utf-8")
        said = {}
        for name in ("shorter", "forked"):
            (outsider.folder / name).mkdir()
            folder = exported(outsider.folder / name)
            code, lines = outsider.verify(export.VERIFIER, folder, "--key", log_key, "--kept", kept)
            assert code == 1
            said[name] = lines[-1]
            write_entries(20)
            sealed_log.seal()
        assert f"the log was rolled back: {kept} has 305 places, and the log only 300" in said["shorter"]
        assert (
            f"the log does not continue {kept}: its first 305 places are not those that were signed" in said["forked"]
        )


class TestThePublicAddress:
    def test_what_is_published_is_checked_without_entries(
        self, entry_ids: list[int], log_key: str, outsider: Outsider, portal_db: Clone, live_server: LiveServer
    ) -> None:
        address = f"{live_server.url}/ledger"
        kept = outsider.folder / "kept"
        kept.write_text(Checkpoint.objects.get(size=600).note, encoding="utf-8")
        whole = f"The log {ORIGIN} is whole: its 300 hashes that it publishes have the root that its key signed."
        assert outsider.verify(export.VERIFIER, address, "--key", f"{address}/key") == (0, [whole])
        code, lines = outsider.verify(export.VERIFIER, address, "--key", log_key, "--kept", kept)
        assert code == 1
        assert "the log was rolled back" in lines[-1]
        change(portal_db, "UPDATE audit_tile SET hashes = set_byte(hashes, 40, 255 - get_byte(hashes, 40))")
        forget()
        code, lines = outsider.verify(export.VERIFIER, address, "--key", log_key)
        assert code == 1
        assert "one of the entries at the places 0 to 255 is not the one that was sealed" in lines[-1]


def large(folder: Path, count: int) -> Path:
    """Write an export with more entries than a test's database holds."""
    from bench.ledger.verify import write_export  # noqa: PLC0415 (its settings are the benchmark's)

    write_export(folder / "export", count)
    return folder / "export"


def test_the_upper_levels_are_climbed(outsider: Outsider) -> None:
    folder = large(outsider.folder, 66_000)  # they fill a tile of the second level
    assert outsider.verify(export.VERIFIER, folder, jobs=2)[0] == 0
    tile = folder / "tile/1/000"
    changed = bytearray(tile.read_bytes())
    changed[32 * 7] ^= 1
    tile.write_bytes(changed)
    code, lines = outsider.verify(export.VERIFIER, folder, jobs=2)
    assert code == 1
    assert "one of the entries at the places 1792 to 2047 is not the one that was sealed" in "\n".join(lines)


class TestSeveralProcesses:
    def test_each_does_its_share(self, outsider: Outsider) -> None:
        folder, numbers = large(outsider.folder, 9_000), (1, 2, 3, 9)  # five parts, the last one not whole
        assert [outsider.verify(export.VERIFIER, folder, jobs=jobs)[0] for jobs in numbers] == [0] * len(numbers)
        for n in (0, 8, 16, 24, 32):  # one in each part
            with_entries(folder, f"{n:03}", other(7))
        for jobs in numbers:
            code, lines = outsider.verify(export.VERIFIER, folder, jobs=jobs)
            assert code == 1
            assert [line.partition(" (")[0] for line in lines[-6:-1]] == [
                f"- the entry {n * 256 + 8}" for n in (0, 8, 16, 24, 32)
            ], jobs

    def test_one_that_is_ended_leaves_it_unchecked(self, outsider: Outsider) -> None:
        folder = large(outsider.folder, 4_000)
        waited_for = folder / "tile/0/008"
        waited_for.unlink()
        os.mkfifo(waited_for)  # the second process waits here for ever
        command = [sys.executable, str(export.VERIFIER), str(folder), "--jobs", "2"]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as verifier:
            while not (helpers := psutil.Process(verifier.pid).children()):
                time.sleep(0.01)
            helpers[0].kill()
            said, _errors = verifier.communicate(timeout=30)
        assert verifier.returncode == 2
        assert said.splitlines()[-1] == "COULD NOT BE CHECKED: A process that checked a part of the log was ended."

    def test_one_that_gets_no_answer_says_so(self, outsider: Outsider) -> None:
        folder = large(outsider.folder, 4_000)

        class Failing(SimpleHTTPRequestHandler):
            def do_GET(self) -> None:
                if self.path.endswith("/tile/0/009"):
                    self.send_error(503, "Busy")
                else:
                    super().do_GET()

            def log_message(self, *_arguments: object) -> None:
                return

        with ThreadingHTTPServer(("127.0.0.1", 0), partial(Failing, directory=str(folder))) as server:
            threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}).start()
            address = f"http://127.0.0.1:{server.server_port}"
            code, lines = outsider.verify(export.VERIFIER, address, jobs=2)
            server.shutdown()
        assert code == 2
        assert lines[-1] == f"COULD NOT BE CHECKED: {address}/tile/0/009 answers 503: Busy."


def test_a_checkpoint_may_come_through_a_pipe(entry_ids: list[int], outsider: Outsider) -> None:
    folder = exported(outsider.folder)
    command = f"{sys.executable} {export.VERIFIER} {folder} --kept /dev/stdin < <(cat {folder}/checkpoint)"
    done = subprocess.run(["/bin/bash", "-c", command], capture_output=True, text=True, check=False)
    assert done.returncode == 0
    assert "it continues /dev/stdin and the published checkpoint" in done.stdout
