"""The ledger's public addresses: one checkpoint an hour, tiles up to it, keys, the verifier. Entries for auditors."""

from datetime import UTC, datetime
from hashlib import sha256

import pytest
from django.test import Client
from django.urls import reverse

from audit.ledger import export, keys
from audit.ledger.models import Checkpoint
from audit.ledger.notes import read_checkpoint, read_verifier
from audit.ledger.publication import hour_of
from audit.ledger.tree.tiles import unpacked
from audit.log.events import Event
from audit.log.models import AuditEntry, AuditTally
from fusus_portal.ground.accounts.models import User
from tests.audit.ledger.conftest import as_sealer, write_entries
from tests.people import sign_in
from tests.sealed_log import SealedLog

pytestmark = pytest.mark.django_db(transaction=True)

CHECKPOINT = "/ledger/checkpoint"
YEAR = "public, max-age=31536000, immutable"


def tile(client: Client, address: str) -> bytes | None:
    """Return what an address of the tree gives, None for 404."""
    response = client.get(f"/ledger/tile/{address}")
    assert response.status_code in {200, 404}
    return bytes(response.content) if response.status_code == 200 else None


def leaf_hashes(log: SealedLog, client: Client, count: int) -> list[bytes]:
    """Return the first leaf hashes, from full and partial tiles."""
    hashes = b"".join(tile(client, f"0/{n:03}") or b"" for n in range(count // 256))
    rest = tile(client, f"0/{count // 256:03}.p/{count % 256}") if count % 256 else b""
    assert rest is not None
    return [(hashes + rest)[place : place + 32] for place in range(0, 32 * count, 32)]


def test_before_the_first_hour_each_address_says_so(visitor_client: Client) -> None:
    write_entries(1)
    for address in (CHECKPOINT, "/ledger/key", "/ledger/tile/0/000", "/ledger/tile/0/000.p/1"):
        response = visitor_client.get(address)
        assert response.status_code == 404
        assert response["Content-Type"] == "text/plain; charset=utf-8"
        assert "no-store" in response["Cache-Control"]
        assert response.content.endswith(b".\n")


def test_what_is_not_there_is_no_refusal(visitor_client: Client) -> None:
    for address in (CHECKPOINT, "/ledger/tile/0/000", "/ledger/tile/nonsense"):
        assert visitor_client.get(address).status_code == 404
    assert not AuditTally.objects.exists()


def test_they_are_for_reading_only(sealed_log: SealedLog, visitor_client: Client) -> None:
    write_entries(256)
    sealed_log.seal_and_publish()
    for address in (CHECKPOINT, "/ledger/key", "/ledger/tile/0/000", "/ledger/verifier.py"):
        assert visitor_client.post(address).status_code == 405
        assert visitor_client.put(address).status_code == 405
    for address in (CHECKPOINT, "/ledger/key", "/ledger/tile/0/000"):
        head, whole = visitor_client.head(address), visitor_client.get(address)
        assert (head.status_code, head.content) == (200, b"")
        assert head.headers["Content-Type"] == whole.headers["Content-Type"]


def test_the_checkpoint_is_the_published_one_and_signed(sealed_log: SealedLog, visitor_client: Client) -> None:
    write_entries(3)
    sealed_log.seal_and_publish()
    write_entries(2)
    sealed_log.seal()
    response = visitor_client.get(CHECKPOINT)
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    assert response["Cache-Control"] == "public, max-age=60"
    head = read_checkpoint(response.content.decode(), sealed_log.signer.verifier)
    assert (head.size, head.root) == (3, bytes(Checkpoint.objects.get(size=3).root))
    assert Checkpoint.objects.latest("size").size == 5


def test_tiles_hold_the_published_tree_and_nothing_beyond_it(sealed_log: SealedLog, visitor_client: Client) -> None:
    write_entries(700)
    sealed_log.seal_and_publish()
    write_entries(400)
    sealed_log.seal()
    hashes = leaf_hashes(sealed_log, visitor_client, 700)
    above = tile(visitor_client, "1/000.p/2")
    assert above is not None
    assert above[:32] == root_of(hashes[:256])
    assert above[32:] == root_of(hashes[256:512])
    served = ("0/000", "0/001", "0/000.p/255", "0/001.p/3", "0/002.p/188", "1/000.p/1")
    assert [one for one in served if tile(visitor_client, one) is None] == []
    beyond = (
        "0/002",
        "0/002.p/189",
        "0/002.p/255",
        "0/003",
        "0/003.p/1",
        "0/004.p/1",
        "1/000",
        "1/000.p/3",
        "2/000.p/1",
    )
    assert [one for one in beyond if tile(visitor_client, one) is not None] == []


def root_of(leaves: list[bytes]) -> bytes:
    """Return the root above leaf hashes, a power of two of them."""
    if len(leaves) == 1:
        return leaves[0]
    middle = len(leaves) // 2
    return sha256(b"\x01" + root_of(leaves[:middle]) + root_of(leaves[middle:])).digest()


def test_full_tiles_may_be_kept_for_good(sealed_log: SealedLog, visitor_client: Client) -> None:
    write_entries(300)
    sealed_log.seal_and_publish()
    full, partial = visitor_client.get("/ledger/tile/0/000"), visitor_client.get("/ledger/tile/0/001.p/44")
    assert (full["Cache-Control"], full["Content-Type"]) == (YEAR, "application/octet-stream")
    assert (len(full.content), len(partial.content)) == (8192, 44 * 32)
    assert partial["Cache-Control"] == "public, max-age=3600"


MALFORMED = (
    "0", "0/", "0/0", "0/00", "0/0000", "0/x000", "0/x000/000", "0/000/000", "0/x001/x234", "0/1234", "0/-01",
    "00/000", "-1/000", "64/000", "99999999999999999999/000", "0/x999/x999/x999/x999/x999/x999/999",
    "0/000.p", "0/000.p/", "0/000.p/0", "0/000.p/01", "0/000.p/256", "0/000.p/257", "0/000.p/-1", "0/000.p/1/1",
    "0/000.P/1", "0/\u0660\u0660\u0660", "0/000%20", "0/../0/000", "entries", "data/000", "x/000", "7/000", "8/000",
)  # fmt: skip


def test_any_other_address_is_404(sealed_log: SealedLog, visitor_client: Client) -> None:
    write_entries(256)
    sealed_log.seal_and_publish()
    assert tile(visitor_client, "0/000") is not None
    assert [address for address in MALFORMED if tile(visitor_client, address) is not None] == []


def test_all_keys_that_ever_signed_are_named_the_newest_first(sealed_log: SealedLog, visitor_client: Client) -> None:
    write_entries(1)
    sealed_log.seal_and_publish()
    newer = keys.made(sealed_log.signer.name)
    with as_sealer(sealed_log.clone):
        keys.rotate(newer)
    response = visitor_client.get("/ledger/key")
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    read = [read_verifier(line) for line in response.content.decode().splitlines()]
    assert read == [newer.verifier, sealed_log.signer.verifier]
    read_checkpoint(visitor_client.get(CHECKPOINT).content.decode(), *read)


def test_the_verifier_is_handed_out_as_the_file_that_it_is(
    visitor_client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    if export.VERIFIER.is_file():
        assert visitor_client.get("/ledger/verifier.py").getvalue() == export.VERIFIER.read_bytes()
    assert (export.VERIFIER.name, export.VERIFIER.parent.name) == ("verifier.py", "ledger")
    monkeypatch.setattr(export, "VERIFIER", export.VERIFIER.with_name("keys.py"))
    response = visitor_client.get("/ledger/verifier.py")
    assert response.getvalue() == export.VERIFIER.read_bytes()
    assert response["Content-Disposition"] == 'attachment; filename="verifier.py"'
    assert response["Content-Type"] == "text/x-python; charset=utf-8"
    monkeypatch.setattr(export, "VERIFIER", export.VERIFIER.with_name("not_there.py"))
    assert visitor_client.get("/ledger/verifier.py").status_code == 404


def test_publishing_waits_for_the_full_hour(sealed_log: SealedLog, visitor_client: Client) -> None:
    write_entries(1)
    sealed_log.seal()
    assert sealed_log.publish(hour=hour_of(datetime.now(UTC))) is None
    assert visitor_client.get(CHECKPOINT).status_code == 404


class TestEntries:
    """Bundles hold what the log says, so only auditors have them, and the log says that they took them."""

    def test_an_auditor_has_those_that_are_sealed_published_or_not(self, sealed_log: SealedLog, auditor: User) -> None:
        browser = sign_in(auditor)
        write_entries(260)
        sealed_log.seal()
        full = browser.get("/ledger/tile/entries/000")
        partial = browser.get("/ledger/tile/entries/001.p/4")
        assert full["Content-Type"] == "application/octet-stream"
        assert "no-store" in full["Cache-Control"]
        assert [len(list(unpacked(one.content))) for one in (full, partial)] == [256, 4]
        for beyond in ("001", "001.p/5", "002.p/1", "x000/000", "000.p/256"):
            assert browser.get(f"/ledger/tile/entries/{beyond}").status_code == 404

    def test_taking_them_is_an_entry(self, sealed_log: SealedLog, auditor: User) -> None:
        write_entries(3)
        sealed_log.seal()
        assert sign_in(auditor).get("/ledger/tile/entries/000.p/2").status_code == 200
        entry = AuditEntry.objects.get(event=Event.BUNDLE_TAKEN)
        assert (entry.actor_id, entry.subject_kind, entry.subject_id) == (str(auditor.pk), "bundle", "0")
        assert entry.facts == {"entries": 2}

    def test_nobody_else_has_them(
        self, sealed_log: SealedLog, administrator_client: Client, resident_client: Client, visitor_client: Client
    ) -> None:
        write_entries(3)
        sealed_log.seal_and_publish()
        address = reverse("ledger_entries", args=["000.p/1"])
        assert address == "/ledger/tile/entries/000.p/1"
        assert [one.get(address).status_code for one in (administrator_client, resident_client)] == [403, 403]
        assert visitor_client.get(address).status_code == 302
