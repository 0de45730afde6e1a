"""The verifier that anybody may download finds what was changed, and names the entry. It runs as it is downloaded."""

from collections.abc import Callable
from pathlib import Path

import pytest
from pytest_django.live_server_helper import LiveServer

from audit.ledger import exporting, keys
from audit.ledger.merkle import leaf_hash
from audit.ledger.receipts import receipt_of
from audit.ledger.tiles import forget, packed, unpacked
from audit.models import Checkpoint
from tests.audit.ledger.conftest import ORIGIN, write_entries
from tests.audit.ledger.outsider import Outsider, exported
from tests.audit.ledger.tampering import change, rewrite, rolled_back, sealed_entry
from tests.database.clone import Clone
from tests.sealed_log import SealedLog

pytestmark = pytest.mark.django_db(transaction=True)

WHOLE = "its 600 entries have the root that its key signed"
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
        assert lines[0].startswith("No --key was given: the key that lies beside the log is used")
        assert f"is whole: its {count} entries have" in lines[-1]

    @pytest.mark.parametrize(
        ("tamper", "named"),
        [
            (lambda folder: with_entries(folder, "000", other(17)), {17: 17}),
            (lambda folder: with_entries(folder, "002.p/88", other(80)), {592: 592}),
            (lambda folder: with_entries(folder, "001", swap), {256 + 3: 256 + 200, 256 + 200: 256 + 3}),
        ],
    )
    def test_entries_that_were_changed_or_swapped_are_named(
        self, entry_ids: list[int], log_key: str, outsider: Outsider, tamper: Tamper, named: dict[int, int]
    ) -> None:
        folder = exported(outsider.folder)
        tamper(folder)
        code, lines = outsider.verify(exporting.VERIFIER, folder, "--key", log_key)
        assert code == 1
        assert [line for line in lines if line.startswith("- the entry")] == [
            f"- the entry {entry_ids[entry]} (place {place}) is not the one that was sealed: its hash is another."
            for place, entry in named.items()
        ]
        assert lines[-1].startswith(f"NOT PROVED: the entry {entry_ids[next(iter(named.values()))]} ")

    @pytest.mark.parametrize(
        ("tamper", "said"),
        [
            (lambda folder: with_entries(folder, "000", other(17), hashes=True),
             "one of the entries at the places 0 to 255 is not the one that was sealed"),
            (lambda folder: with_entries(folder, "002.p/88", other(17), hashes=True),
             "the 600 entries do not have the root that was signed"),
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
        ],
    )  # fmt: skip
    def test_whatever_else_was_changed_is_found(
        self, entry_ids: list[int], log_key: str, outsider: Outsider, tamper: Tamper, said: str
    ) -> None:
        folder = exported(outsider.folder)
        tamper(folder)
        code, lines = outsider.verify(exporting.VERIFIER, folder, "--key", log_key)
        assert code == 1
        assert said in "\n".join(lines)
        assert lines[-1].startswith("NOT PROVED: ")

    def test_what_a_superuser_wrote_over_sealed_bytes(
        self, entry_ids: list[int], log_key: str, outsider: Outsider, portal_db: Clone
    ) -> None:
        rewrite(portal_db, 1, {50: sealed_entry(portal_db, 1, 50).replace(b"35203", b"35299")})
        folder = exported(outsider.folder)
        code, lines = outsider.verify(exporting.VERIFIER, folder, "--key", log_key)
        assert (code, lines[0]) == (
            1, f"- the entry {entry_ids[306]} (place 306) is not the one that was sealed: its hash is another."
        )  # fmt: skip

    def test_another_key_has_not_signed_it(self, entry_ids: list[int], outsider: Outsider) -> None:
        folder = exported(outsider.folder)
        stranger = keys.made(ORIGIN).verifier
        code, lines = outsider.verify(exporting.VERIFIER, folder, "--key", stranger)
        assert code == 1
        assert lines[-1] == f"NOT PROVED: the checkpoint is not signed by the key {ORIGIN}+{stranger.key_id.hex()}."


class TestAnOlderCheckpoint:
    def test_the_log_continues_it(self, entry_ids: list[int], log_key: str, outsider: Outsider) -> None:
        folder = exported(outsider.folder)
        kept = outsider.folder / "kept"
        for note in (Checkpoint.objects.get(size=300).note, str(receipt_of(entry_ids[4]))):
            kept.write_text(note, encoding="utf-8")
            code, lines = outsider.verify(exporting.VERIFIER, folder, "--key", log_key, "--kept", kept)
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
            code, lines = outsider.verify(exporting.VERIFIER, folder, "--key", log_key, "--kept", kept)
            assert code == 1
            said[name] = lines[-1]
            write_entries(20)
            sealed_log.seal()
        assert f"the log was rolled back: {kept} has 305 entries, and the log only 300" in said["shorter"]
        assert f"the log does not continue {kept}: its first 305 entries are not those" in said["forked"]


class TestThePublicAddress:
    def test_what_is_published_is_checked_without_entries(
        self, entry_ids: list[int], log_key: str, outsider: Outsider, portal_db: Clone, live_server: LiveServer
    ) -> None:
        address = f"{live_server.url}/ledger"
        kept = outsider.folder / "kept"
        kept.write_text(Checkpoint.objects.get(size=600).note, encoding="utf-8")
        whole = f"The log {ORIGIN} is whole: its 300 hashes that it publishes have the root that its key signed."
        assert outsider.verify(exporting.VERIFIER, address, "--key", f"{address}/key") == (0, [whole])
        code, lines = outsider.verify(exporting.VERIFIER, address, "--key", log_key, "--kept", kept)
        assert code == 1
        assert "the log was rolled back" in lines[-1]
        change(portal_db, "UPDATE audit_tile SET hashes = set_byte(hashes, 40, 0)")
        forget()
        code, lines = outsider.verify(exporting.VERIFIER, address, "--key", log_key)
        assert code == 1
        assert "one of the entries at the places 0 to 255 is not the one that was sealed" in lines[-1]


def test_the_upper_levels_are_climbed(sealed_log: SealedLog, outsider: Outsider) -> None:
    """66,000 entries fill a tile of the second level. No database holds them: the benchmark's export does."""
    from bench.ledger_verify import write_export  # noqa: PLC0415 (its settings are the benchmark's)

    folder = outsider.folder / "export"
    write_export(folder, 66_000)
    assert outsider.verify(exporting.VERIFIER, folder, jobs=2)[0] == 0
    tile = folder / "tile/1/000"
    changed = bytearray(tile.read_bytes())
    changed[32 * 7] ^= 1
    tile.write_bytes(changed)
    code, lines = outsider.verify(exporting.VERIFIER, folder, jobs=2)
    assert code == 1
    assert "one of the entries at the places 1792 to 2047 is not the one that was sealed" in "\n".join(lines)
