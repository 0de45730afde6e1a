"""The verifier that anybody may download checks what an auditor took along, and names the entry that was changed."""

import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from audit.console import copies, services
from audit.console.copies import CopyForm
from audit.console.search.query import LogQuery
from audit.ledger import export
from audit.ledger.tree.tiles import proving_tiles
from fusus_portal.ground.accounts.models import User
from tests.audit.ledger.conftest import CAMERAS, ORIGIN
from tests.audit.ledger.outsider import Outsider, entry_ids, log_key, outsider

__all__ = ["entry_ids", "log_key", "outsider"]

pytestmark = pytest.mark.django_db(transaction=True)

OF_ONE_CAMERA = 86
Change = Callable[[dict[str, bytes]], object]


@pytest.fixture
def taken(entry_ids: list[int], auditor: User, outsider: Outsider) -> Path:
    """Return every entry of one camera, as an auditor takes them along from a log of 600."""
    choice = services.take_copy(wanted=LogQuery(camera=CAMERAS[3]), form=CopyForm.SEALED, by=auditor.actor)
    file = outsider.folder / "choice.zip"
    file.write_bytes(b"".join(copies.file_pieces(choice)))
    return file


def changed(file: Path, change: Change) -> None:
    """Change what is in a ZIP."""
    with zipfile.ZipFile(file) as archive:
        inside = {name: archive.read(name) for name in archive.namelist()}
    change(inside)
    with zipfile.ZipFile(file, "w") as archive:
        for name, content in inside.items():
            archive.writestr(name, content)


def test_what_was_taken_is_proved_against_a_key_from_elsewhere(taken: Path, log_key: str, outsider: Outsider) -> None:
    said = f"All {OF_ONE_CAMERA} entries are in the log {ORIGIN}, as its key signed them among 600 places."
    assert outsider.verify(export.VERIFIER, taken, "--key", log_key) == (0, [said])


def reworded(inside: dict[str, bytes]) -> None:
    inside["entries.jsonl"] = inside["entries.jsonl"].replace(b"35203", b"35299", 1)


def hashed_anew(inside: dict[str, bytes]) -> None:
    inside["tile/0/000"] = bytes(32) + inside["tile/0/000"][32:]


def thinned_out(inside: dict[str, bytes]) -> None:
    inside["entries.jsonl"] = inside["entries.jsonl"].partition(b"\n")[2]


def moved(inside: dict[str, bytes]) -> None:
    names, first, rest = inside["places.csv"].split(b"\r\n", 2)
    inside["places.csv"] = b"\r\n".join([names, first.partition(b",")[0] + b",9999", rest])


def without_places(inside: dict[str, bytes]) -> None:
    inside["places.csv"] = b"entry,place\r\n1,somewhere\r\n"


def without_a_tile(inside: dict[str, bytes]) -> None:
    del inside["tile/1/000.p/2"]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (reworded, "is not the one that was sealed: its hash is another"),
        (hashed_anew, "the tile 0 of leaves is not the one that was sealed"),
        (thinned_out, f"there are {OF_ONE_CAMERA - 1} entries, and {OF_ONE_CAMERA} places"),
        (moved, "is beyond the tree that was signed"),
        (without_places, "the places of the entries can't be read"),
        (without_a_tile, "tile/1/000.p/2 is not in"),
    ],
)
def test_each_change_is_named(change: Change, said: str, taken: Path, log_key: str, outsider: Outsider) -> None:
    changed(taken, change)
    code, lines = outsider.verify(export.VERIFIER, taken, "--key", log_key)
    assert code == 1
    assert any(said in line for line in lines), lines
    assert lines[-1].startswith("NOT PROVED")


@pytest.mark.parametrize(
    ("size", "paths"),
    [
        (256, ["tile/0/000", "tile/1/000.p/1"]),
        (257, ["tile/0/000", "tile/0/001.p/1", "tile/1/000.p/1"]),
    ],
)
def test_the_tiles_end_where_the_signed_tree_does(size: int, paths: list[str], entry_ids: list[int]) -> None:
    assert [path for path, _hashes in proving_tiles([0, 256, 257], size)] == paths


def test_a_file_that_is_no_zip_is_said_to_be_none(log_key: str, outsider: Outsider) -> None:
    file = outsider.folder / "x.zip"
    file.write_bytes(b"nothing")
    code, lines = outsider.verify(export.VERIFIER, file, "--key", log_key)
    assert (code, lines[-1]) == (1, "NOT PROVED: x.zip can't be read.")


def test_a_kept_checkpoint_needs_the_whole_log(taken: Path, log_key: str, outsider: Outsider) -> None:
    kept = outsider.folder / "kept"
    kept.write_text("nothing", encoding="utf-8")
    code, lines = outsider.verify(export.VERIFIER, taken, "--key", log_key, "--kept", kept)
    assert (code, lines[-1]) == (
        2,
        "COULD NOT BE CHECKED: A choice of entries holds too little of the tree for --kept.",
    )
