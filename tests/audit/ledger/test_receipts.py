"""Receipts prove themselves: entry, path, checkpoint and signature fit, at every place of trees of every shape."""

import json
from base64 import b64encode
from datetime import timedelta

import pytest
import time_machine
from django.db import DatabaseError, connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from audit.ledger import services
from audit.ledger.models import Checkpoint, Publication
from audit.ledger.receipts import NotPublic, is_sealed, receipt_of, seals_of
from audit.log.events import Event
from audit.log.models import AuditEntry
from fusus_portal.ground.accounts.models import User
from tests.audit.ledger.conftest import write_entries
from tests.audit.ledger.proofs import head_of, read_proof
from tests.people import sign_in
from tests.sealed_log import SealedLog

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("count", [1, 2, 5, 257, 700])
def test_each_proves_itself_in_a_tree_of_any_size(sealed_log: SealedLog, count: int) -> None:
    written = write_entries(count)
    sealed_log.seal_and_publish()
    for entry in {written[place].pk: written[place] for place in (0, count // 2, count - 1)}.values():
        text = str(receipt_of(entry.pk))
        assert head_of(text, sealed_log.signer.verifier).size == count
        said = json.loads(read_proof(text).entry)
        assert (said["id"], said["n"]) == (entry.pk, b64encode(entry.nonce).decode())


def test_it_goes_by_the_public_checkpoint_and_there_is_none_before(sealed_log: SealedLog) -> None:
    (older,) = write_entries(1)
    sealed_log.seal_and_publish()
    (newer,) = write_entries(1)
    sealed_log.seal()
    write_entries(5)
    sealed_log.seal()
    assert receipt_of(older.pk).checkpoint == Publication.objects.get().note
    with pytest.raises(NotPublic, match="The receipt will be ready at"):
        receipt_of(newer.pk)
    sealed_log.publish()
    for entry in (older, newer):
        assert receipt_of(entry.pk).checkpoint == Publication.objects.latest("size").note


def test_one_that_is_not_sealed_has_none(sealed_log: SealedLog) -> None:
    (entry,) = write_entries(1)
    assert not is_sealed(entry.pk)
    with pytest.raises(NotPublic, match="The receipt will be ready at"):
        receipt_of(entry.pk)
    sealed_log.seal()
    assert is_sealed(entry.pk)


def test_one_whose_hour_is_over_before_it_is_public_comes_soon(sealed_log: SealedLog) -> None:
    (entry,) = write_entries(1)
    sealed_log.seal()
    with time_machine.travel(timezone.now() + timedelta(hours=2)), pytest.raises(NotPublic, match="ready soon"):
        receipt_of(entry.pk)


def test_seals_say_since_when_and_from_when_on_everybody_may_check(sealed_log: SealedLog) -> None:
    first = write_entries(300)
    sealed_log.seal_and_publish()
    second = write_entries(2)
    sealed_log.seal()
    (third,) = write_entries(1)
    asked = [first[0].pk, first[299].pk, second[1].pk, third.pk]
    with CaptureQueriesContext(connection) as queries:
        seals = seals_of(asked)
    assert len(queries) == 2
    assert {entry: seal.index for entry, seal in seals.items()} == {asked[0]: 0, asked[1]: 299, asked[2]: 301}
    assert [seals[entry].is_public for entry in asked[:3]] == [True, True, False]
    later = seals[second[1].pk]
    assert later.at == Checkpoint.objects.get(size=302).at
    assert 0 < (later.public_from - later.at).total_seconds() <= 3600
    assert (later.public_from.minute, later.public_from.second) == (0, 0)
    assert seals_of([]) == {}


class TestForAnAuditor:
    def test_any_entry_has_one_and_taking_it_is_an_entry(self, sealed_log: SealedLog, auditor: User) -> None:
        (entry,) = write_entries(1)
        sealed_log.seal_and_publish()
        response = sign_in(auditor).get(f"/console/audit/{entry.pk}/receipt")
        assert response["Content-Disposition"] == f'attachment; filename="entry-{entry.pk}.tlog-proof"'
        assert response["Content-Type"] == "text/plain; charset=utf-8"
        assert "no-store" in response["Cache-Control"]
        head_of(response.content.decode(), sealed_log.signer.verifier)
        taken = AuditEntry.objects.get(event=Event.RECEIPT_TAKEN)
        assert (taken.subject_id, taken.actor_id) == (str(entry.pk), str(auditor.pk))

    def test_one_that_is_not_public_yet_says_when_it_will_be(self, sealed_log: SealedLog, auditor: User) -> None:
        (entry,) = write_entries(1)
        for _ in range(2):
            page = sign_in(auditor).get(f"/console/audit/{entry.pk}/").content.decode()
            assert f"/console/audit/{entry.pk}/receipt" not in page
            response = sign_in(auditor).get(f"/console/audit/{entry.pk}/receipt")
            assert response.status_code == 409
            assert "The receipt will be ready at" in response.content.decode()
            sealed_log.seal()
        sealed_log.publish()
        page = sign_in(auditor).get(f"/console/audit/{entry.pk}/").content.decode()
        assert f"/console/audit/{entry.pk}/receipt" in page

    def test_an_entry_that_is_not_there_is_not_found(self, auditor: User) -> None:
        browser = sign_in(auditor)
        for entry in (0, 999_999, 10**30, 10**90):
            assert browser.get(f"/console/audit/{entry}/receipt").status_code == 404

    def test_without_its_entry_nothing_is_handed_over(
        self, sealed_log: SealedLog, auditor: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        (entry,) = write_entries(1)
        sealed_log.seal_and_publish()

        def no_room(**said: object) -> None:
            raise DatabaseError("no room for an entry")

        monkeypatch.setattr(services, "record", no_room)
        with pytest.raises(DatabaseError, match="no room"):
            sign_in(auditor).get(f"/console/audit/{entry.pk}/receipt")
        with pytest.raises(DatabaseError, match="no room"):
            sign_in(auditor).get("/ledger/tile/entries/000.p/1")
