"""The tree is read while the sealer works."""

import pytest

from audit.ledger.models import Checkpoint
from audit.ledger.tree import tiles
from audit.ledger.tree.tiles import Tree
from tests.audit.ledger.conftest import SealAll, write_entries

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def full_meanwhile(seal_all: SealAll, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a bundle become full between the question for it and the one for its leaves."""
    write_entries(255)
    seal_all()

    def waiting(n: int) -> list[tuple[int, bytes]]:
        monkeypatch.undo()
        write_entries(1)
        seal_all()
        return tiles.waiting(n)

    monkeypatch.setattr(tiles, "waiting", waiting)


@pytest.mark.usefixtures("full_meanwhile")
def test_a_root_is_found_while_its_leaves_become_a_bundle() -> None:
    assert Tree(remember=False).root(255) == bytes(Checkpoint.objects.get(size=255).root)


@pytest.mark.usefixtures("full_meanwhile")
def test_entries_are_found_while_they_become_a_bundle() -> None:
    assert len(list(tiles.unpacked(tiles.bundle(0, 255)))) == 255
