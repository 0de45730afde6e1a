"""The verifier on receipts and witnesses, and what it says when something can't be checked."""

import base64
import shutil
import struct

import pytest

from audit.ledger import export, keys
from audit.ledger.models import Publication
from audit.ledger.notes import COSIGNATURE, Signer
from audit.ledger.receipts import receipt_of
from audit.ledger.tree.tiles import entry_at
from tests.audit.ledger.conftest import ORIGIN
from tests.audit.ledger.outsider import Outsider, exported

pytestmark = pytest.mark.django_db(transaction=True)

WITNESS = Signer("witness.example", bytes(range(32)), COSIGNATURE)
SIGNED = "as its key signed it among"


class TestWitnesses:
    def test_one_must_have_signed_what_is_published(
        self, entry_ids: list[int], log_key: str, outsider: Outsider
    ) -> None:
        folder = exported(outsider.folder)
        asked = (export.VERIFIER, folder, "--key", log_key, "--witness", WITNESS.verifier)
        assert outsider.verify(*asked)[0] == 1
        note = Publication.objects.get().note
        line = WITNESS.line(note.partition("\n\n")[0] + "\n", at=1_770_000_000)
        (folder / "published").write_text(note + line, encoding="utf-8")
        assert outsider.verify(*asked)[0] == 0
        raw = bytearray(base64.b64decode(line.split()[-1]))
        raw[4:12] = struct.pack(">Q", 1_770_000_001)  # another time than the witness signed
        (folder / "published").write_text(
            f"{note}{line.rpartition(' ')[0]} {base64.b64encode(raw).decode()}\n", encoding="utf-8"
        )
        code, lines = outsider.verify(*asked)
        assert code == 1
        assert "the checkpoint of 300 places is not signed by the key witness.example" in lines[-1]


class TestAReceipt:
    def test_it_proves_its_entry(self, entry_ids: list[int], log_key: str, outsider: Outsider) -> None:
        for place, size in ((0, 300), (299, 300)):
            file = outsider.folder / "entry.tlog-proof"
            file.write_text(str(receipt_of(entry_ids[place])), encoding="utf-8")
            assert outsider.verify(export.VERIFIER, file, "--key", log_key) == (
                0,
                [
                    entry_at(place).decode(),
                    f"The entry {entry_ids[place]} (place {place}) is in the log {ORIGIN}, {SIGNED} {size} places.",
                ],
            )

    def test_its_entry_may_lie_beside_it(self, entry_ids: list[int], log_key: str, outsider: Outsider) -> None:
        lines = str(receipt_of(entry_ids[7])).splitlines(keepends=True)
        file, entry = outsider.folder / "entry.tlog-proof", outsider.folder / "entry.json"
        file.write_text("".join(line for line in lines if not line.startswith("extra ")), encoding="utf-8")
        entry.write_bytes(entry_at(7))
        asked = (export.VERIFIER, file, "--key", log_key)
        assert outsider.verify(*asked)[0] == 2
        assert outsider.verify(*asked, "--entry", entry)[0] == 0
        entry.write_bytes(entry_at(8))
        assert outsider.verify(*asked, "--entry", entry)[0] == 1

    @pytest.mark.parametrize(
        ("change", "said"),
        [
            (("index 7", "index 8"), "is not in the log"),
            (("index 7", "index 700"), "is not in the log"),
            (("index 7", "index x"), "the receipt can't be read"),
            (("@v1", "@v2"), "this is no receipt"),
            (("\n300\n", "\n299\n"), "the checkpoint in the receipt is not signed"),
        ],
    )
    def test_one_that_was_changed_proves_nothing(
        self, entry_ids: list[int], log_key: str, outsider: Outsider, change: tuple[str, str], said: str
    ) -> None:
        file = outsider.folder / "entry.tlog-proof"
        file.write_text(str(receipt_of(entry_ids[7])).replace(*change, 1), encoding="utf-8")
        code, lines = outsider.verify(export.VERIFIER, file, "--key", log_key)
        assert code == 1
        assert said in lines[-1]


class TestWhatCanNotBeChecked:
    def test_it_says_what_is_missing(self, entry_ids: list[int], outsider: Outsider) -> None:
        receipt = outsider.folder / "entry.tlog-proof"
        receipt.write_text(str(receipt_of(entry_ids[0])), encoding="utf-8")
        folder = exported(outsider.folder)
        said: dict[str, list[object]] = {
            "There is no file or folder": ["nowhere"],
            "A receipt is checked with the log's key": [receipt],
            "is no key: a key is written": [folder, "--key", "mine"],
            "does not fit its own ID": [folder, "--key", str(keys.made(ORIGIN).verifier).replace("+", "x+", 1)],
            "can't be reached": ["http://127.0.0.1:9/ledger"],
        }
        for sentence, arguments in said.items():
            code, lines = outsider.verify(export.VERIFIER, *arguments)
            assert code == 2
            assert lines[-1].startswith("COULD NOT BE CHECKED: ")
            assert sentence in lines[-1]

    def test_it_says_when_cryptography_is_missing(self, entry_ids: list[int], log_key: str, outsider: Outsider) -> None:
        shutil.rmtree(outsider.packages)
        folder = exported(outsider.folder)
        code, lines = outsider.verify(export.VERIFIER, folder, "--key", log_key)
        assert (code, lines) == (
            2, ["COULD NOT BE CHECKED: This needs the Python package `cryptography`: pip install cryptography"]
        )  # fmt: skip
