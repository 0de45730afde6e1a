"""Parts of the tree that are gone, or are another, are found: bundles, tiles, leaves, checkpoints, keys."""

import pytest
from django.db import connection

from audit.ledger.alarms import AlarmKind
from audit.ledger.checks.rows import Finding
from audit.ledger.checks.runs import check_at_once
from audit.ledger.checks.tree import Tiles
from audit.ledger.models import WIDTH, Tile
from audit.ledger.tree.merkle import leaf_hash, perfect_root
from tests.audit.ledger.conftest import SealAll, as_sealer
from tests.audit.ledger.tampering import a_log, change, said
from tests.database.clone import Clone

pytestmark = pytest.mark.django_db(transaction=True)

LINE = "\u2014 portal.test/ledger "
PARTS = [
    ("DELETE FROM audit_bundle WHERE n = 1", "The bundle 1 of 256 places is gone."),
    ("DELETE FROM audit_tile WHERE n = 1", "The tile 0/1 is gone."),
    (
        "UPDATE audit_tile SET root = sha256('x') WHERE n = 1",
        "The tile 0/1 has another root than its hashes give.",
    ),
    ("INSERT INTO audit_tile SELECT 0, 2, hashes, root FROM audit_tile WHERE n = 1", "has no tile 0/2"),
    (
        "INSERT INTO audit_bundle SELECT 2, first, last, entries, compressed FROM audit_bundle WHERE n = 1",
        "has no bundle 2",
    ),
    ("UPDATE audit_bundle SET first = first - 1 WHERE n = 1", "says of itself that it holds other entries"),
    ("DELETE FROM audit_leaf WHERE leaf_index = 555", "The leaf at place 555 is gone."),
    ("INSERT INTO audit_leaf VALUES (600, 999, 'x')", "The leaf at place 600 was never signed."),
    ("UPDATE audit_checkpoint SET root = sha256('x') WHERE size = 300", "another size or root in its columns"),
    ("UPDATE audit_checkpoint SET note = 'x' WHERE size = 300", "The checkpoint of 300 places can't be read"),
    (
        f"UPDATE audit_checkpoint SET note = replace(note, '{LINE}', '{LINE}AAAA') WHERE size = 600",
        "The checkpoint of 600 places is not signed by a key of this log.",
    ),
    (
        "UPDATE audit_checkpoint SET note = replace(note, 'portal.test/ledger', 'portal.test/other')",
        "is of another log, portal.test/other",
    ),
    ("UPDATE audit_key SET verifier = 'x'", "not signed by a key of this log"),
    (
        "INSERT INTO audit_publication SELECT 700, now(), note FROM audit_checkpoint WHERE size = 600",
        "A tree of 700 places was published, and the newest checkpoint has 600.",
    ),
    (
        "INSERT INTO audit_publication SELECT 300, now(), note FROM audit_checkpoint WHERE size = 600",
        "The published checkpoint of 300 places has another size or root",
    ),
]


class TestTheTree:
    @pytest.mark.parametrize(("statement", "what"), PARTS)
    def test_a_part_that_is_gone_or_another(
        self, seal_all: SealAll, portal_db: Clone, statement: str, what: str
    ) -> None:
        a_log(seal_all)
        change(portal_db, statement)
        assert what in said(list(check_at_once()))

    def test_a_bundle_and_its_tile_gone_and_what_follows_is_still_read(
        self, seal_all: SealAll, portal_db: Clone
    ) -> None:
        ids = a_log(seal_all)
        change(
            portal_db,
            "DELETE FROM audit_bundle WHERE n = 0",
            "DELETE FROM audit_tile WHERE n = 0",
            f"UPDATE audit_entry SET area = 'x' WHERE id = {ids[599]}",
        )
        found = said(list(check_at_once()))
        assert "The bundle 0 of 256 places is gone.\nThe tile 0/0 is gone." in found
        assert f"Entry {ids[599]} is not as it was sealed" in found

    @pytest.mark.parametrize(("size", "other"), [(300, 600), (600, 300)])
    def test_a_checkpoint_of_another_tree_among_good_ones(
        self, size: int, other: int, seal_all: SealAll, portal_db: Clone
    ) -> None:
        a_log(seal_all)
        change(
            portal_db,
            "INSERT INTO audit_publication SELECT size, now(), note FROM audit_checkpoint WHERE size = 600",
            "UPDATE audit_checkpoint SET root = other.root, "
            f"note = replace(other.note, E'\\n{other}\\n', E'\\n{size}\\n') "
            f"FROM audit_checkpoint other WHERE other.size = {other} AND audit_checkpoint.size = {size}",
        )
        found = said(list(check_at_once()))
        assert f"The checkpoint of {size} places is of another tree than those before and after it." in found
        assert "was changed, taken out or put in" not in found

    def test_all_of_it_gone(self, seal_all: SealAll, portal_db: Clone) -> None:
        ids = a_log(seal_all)
        change(portal_db, "TRUNCATE audit_bundle, audit_tile, audit_leaf, audit_checkpoint")
        (finding,) = check_at_once()
        assert finding == Finding(
            AlarmKind.ENTRY_UNSEALED,
            ids[0],
            f"Each of the entries {ids[0]} to {ids[-1]} is in the log, has no place in the tree, "
            "and does not wait for one.",
        )


class TestUpperTiles:
    """The second level has its first tile after 65,536 entries; here they are all alike."""

    LEAVES = [leaf_hash(b"x")] * WIDTH
    ROOT = perfect_root(LEAVES)

    def climb(self) -> str:
        with connection.cursor() as cursor:
            tiles = Tiles(cursor)
            for n in range(WIDTH):
                _hashes, findings = tiles.check(n, [1] * WIDTH, [b"x"] * WIDTH, (b"".join(self.LEAVES), self.ROOT))
                if findings:
                    return said(findings)
        return ""

    def test_each_is_compared_with_those_below(self, portal_db: Clone) -> None:
        assert self.climb() == "The tile 1/0 is gone."
        with as_sealer(portal_db):
            Tile.objects.create(level=1, n=0, hashes=self.ROOT * WIDTH, root=perfect_root([self.ROOT] * WIDTH))
        assert self.climb() == ""
        change(portal_db, "UPDATE audit_tile SET hashes = set_byte(hashes, 65, 0)")
        assert self.climb() == (
            "The tile 1/0 holds another hash of the tile 0/2 than that one has.\n"
            "The tile 1/0 has another root than its hashes give."
        )
