"""Implementations that are not ours accept checkpoints, tiles, receipts and entries, and refuse what was changed.

Go: golang.org/x/mod's `note` and `tlog`, transparency-dev/merkle (the verifier of sigstore's Rekor). Python: pymerkle,
and the `rfc8785` of sigstore.
"""

import json
import subprocess
from pathlib import Path

import pymerkle
import pytest
import rfc8785

from audit.ledger import keys
from audit.ledger.models import Checkpoint, Publication
from audit.ledger.notes import COSIGNATURE, Signer
from audit.ledger.receipts import receipt_of
from audit.ledger.tree.tiles import Tree, entry_at
from tests.audit.ledger.conftest import ORIGIN, write_entries
from tests.audit.ledger.outsider import exported
from tests.sealed_log import SealedLog

pytestmark = pytest.mark.django_db(transaction=True)


def asked(program: Path, *arguments: object) -> tuple[int, str]:
    """Run a program; return its exit code and what it wrote."""
    done = subprocess.run([program, *map(str, arguments)], capture_output=True, text=True, check=False)
    return done.returncode, (done.stdout + done.stderr).strip()


@pytest.mark.long
class TestGo:
    @pytest.mark.parametrize("count", [1, 2, 255, 256, 257, 600])
    def test_each_entry_tile_and_proof_of_an_export(
        self, sealed_log: SealedLog, go_ledger: Path, tmp_path: Path, count: int
    ) -> None:
        fillers = count // 3
        write_entries(count - fillers)
        sealed_log.seal(fillers=fillers)
        code, said = asked(go_ledger, "export", exported(tmp_path), sealed_log.signer.verifier)
        assert (code, said.rpartition(",")[0]) == (0, f"{count} places, {fillers} of them fillers")

    def test_an_export_that_was_changed(
        self, entry_ids: list[int], log_key: str, go_ledger: Path, tmp_path: Path
    ) -> None:
        folder = exported(tmp_path)
        for name in ("tile/entries/001", "tile/0/001", "tile/1/000.p/2", "checkpoint"):
            file = folder / name
            whole = file.read_bytes()
            file.write_bytes(whole[:40] + bytes([whole[40] ^ 1]) + whole[41:])
            assert asked(go_ledger, "export", folder, log_key)[0] == 1, name
            file.write_bytes(whole)
        assert asked(go_ledger, "export", folder, log_key)[0] == 0
        assert asked(go_ledger, "export", folder, keys.made(ORIGIN).verifier)[0] == 1

    def test_receipts(self, entry_ids: list[int], log_key: str, go_ledger: Path, tmp_path: Path) -> None:
        file = tmp_path / "entry.tlog-proof"
        for place, size in ((0, 300), (255, 300), (299, 300)):
            text = str(receipt_of(entry_ids[place]))
            file.write_text(text, encoding="utf-8")
            assert asked(go_ledger, "receipt", file, log_key) == (0, f"leaf {place} of {size}")
            file.write_text(text.replace(f"index {place}", f"index {place ^ 1}"), encoding="utf-8")
            assert asked(go_ledger, "receipt", file, log_key)[0] == 1

    def test_a_receipt_whose_checkpoint_is_cosigned(
        self, sealed_log: SealedLog, entry_ids: list[int], log_key: str, go_ledger: Path, tmp_path: Path
    ) -> None:
        note = Publication.objects.get().note
        witness = Signer("witness.example", bytes(32), COSIGNATURE)
        text = str(receipt_of(entry_ids[0]))
        assert text.endswith(note)
        file = tmp_path / "entry.tlog-proof"
        file.write_text(text + witness.line(note.partition("\n\n")[0] + "\n", at=1_770_000_000), encoding="utf-8")
        assert asked(go_ledger, "receipt", file, log_key)[0] == 0


class TestPymerkle:
    def test_the_same_entries_have_the_same_root_and_proofs(self, sealed_log: SealedLog) -> None:
        for count in (1, 6, 256, 44):
            write_entries(count)
            sealed_log.seal()
        theirs, ours = pymerkle.InmemoryTree(algorithm="sha256"), Tree()
        for index in range(307):
            theirs.append_entry(entry_at(index))
        for checkpoint in Checkpoint.objects.all():
            assert theirs.get_root(checkpoint.size) == bytes(checkpoint.root)
        for index in (0, 1, 6, 255, 256, 306):
            proof = theirs.prove_inclusion(index + 1)
            pymerkle.verify_inclusion(theirs.get_leaf(index + 1), ours.root(307), proof)
            assert set(ours.inclusion_proof(index, 307)) <= set(proof.path)
        for old in (1, 7, 263):
            proof = theirs.prove_consistency(old, 307)
            pymerkle.verify_consistency(ours.root(old), ours.root(307), proof)
        with pytest.raises(pymerkle.InvalidProof):
            pymerkle.verify_consistency(ours.root(8), ours.root(307), theirs.prove_consistency(7, 307))


def test_entries_are_written_as_rfc_8785_says(entry_ids: list[int]) -> None:
    for index in range(len(entry_ids)):
        assert rfc8785.dumps(json.loads(entry_at(index))) == entry_at(index)
