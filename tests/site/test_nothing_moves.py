"""A view of somebody's footage moves nothing that the public can see: every public address, byte for byte.

Its owner reads of it at once. The public log and the receipt follow at the full hour, whatever was done.
"""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from audit.ledger.models import Checkpoint, Publication
from audit.ledger.publication import hour_of
from audit.log.events import Event
from registry.footage.models import Evidence
from tests.access.addresses import addresses
from tests.access.urls import EVERYONE, ROWS
from tests.audit.ledger.conftest import write_entries
from tests.audit.ledger.proofs import head_of
from tests.database.clone import Clone
from tests.factories import REASON, person, request_at
from tests.people import sign_in
from tests.registry.entries import entries_of
from tests.registry.footage.footage import given
from tests.sealed_log import SealedLog

pytestmark = pytest.mark.django_db(transaction=True)

MOMENTARY = re.compile(rb'(?<=name="csrfmiddlewaretoken" value=")[^"]+')
"""The part that is new in each answer: the token of a form."""

CLOCK = "Expires"
"""The header that says when a page was made that nobody may keep."""

Seen = dict[str, tuple[int, dict[str, str], bytes]]


def public_addresses() -> list[str]:
    """Return every address that anybody may open without a link, and tiles far beyond the end of the tree."""
    plain = [address for address in addresses() if ROWS[address.name].who == EVERYONE and not address.values]
    levels = ("0/000", "0/001", "0/002", "1/000")
    tiles = [*levels, *(f"{level}.p/{width}" for level in levels for width in (1, 2, 60, 80, 120, 255))]
    return [*(reverse(address.name) for address in plain), *(reverse("ledger_tile", args=[tile]) for tile in tiles)]


def look_at_all() -> Seen:
    """Return what each public address answers to somebody who was never here."""
    return {address: answer_of(Client().get(address)) for address in public_addresses()}


def answer_of(response: Any) -> tuple[int, dict[str, str], bytes]:
    """Return status, headers and content, without what is new in each answer."""
    content = response.getvalue() if response.streaming else response.content
    headers = {name: value for name, value in response.headers.items() if name != CLOCK}
    return response.status_code, headers, MOMENTARY.sub(b"", content)


@pytest.fixture
def footage(portal_db: Clone, sealed_log: SealedLog) -> Evidence:
    """Return footage that a deputy may view, in a log of more than a tile whose newest entries are not public yet."""
    write_entries(300)
    file = given(request_at("sent", by=person("deputy")))
    sealed_log.seal_and_publish()
    write_entries(3)
    sealed_log.seal()
    return file


def view(file: Evidence) -> None:
    """View footage as a deputy does: page, reason, player, first bytes."""
    browser = sign_in(file.request.incident.opened_by)
    browser.get(reverse("evidence", args=[file.pk]))
    browser.post(reverse("evidence", args=[file.pk]), {"reason": REASON, "act": "view"})
    stream = browser.get(reverse("evidence_stream", args=[file.pk]))
    assert b"".join(stream.streaming_content)  # type: ignore[attr-defined]


def test_a_view_moves_no_public_address(footage: Evidence, sealed_log: SealedLog) -> None:
    before = look_at_all()
    assert {before[reverse(name)][0] for name in ("ledger_checkpoint", "ledger_key", "home", "transparency")} == {200}
    view(footage)
    assert look_at_all() == before
    sealed = Checkpoint.objects.count()
    assert sealed_log.seal() > 0
    assert Checkpoint.objects.count() == sealed + 1
    assert sealed_log.publish(hour=hour_of(datetime.now(UTC))) is None
    assert look_at_all() == before


def test_the_watch_sees_what_is_published(footage: Evidence, sealed_log: SealedLog) -> None:
    before = look_at_all()
    view(footage)
    sealed_log.seal_and_publish()
    after = look_at_all()
    moved = {address for address in before if before[address] != after[address]}
    assert {reverse("ledger_checkpoint"), reverse("transparency"), "/ledger/tile/0/001.p/60"} <= moved
    assert "/ledger/tile/0/000" not in moved


def test_the_owner_is_fed_while_the_public_checkpoint_lags_by_its_hour(
    footage: Evidence, sealed_log: SealedLog, visitor_client: Client
) -> None:
    public = Publication.objects.latest("size")
    view(footage)
    owner = footage.request.registrant
    assert owner is not None
    browser = sign_in(owner.user)
    (entry,) = entries_of(Event.EVIDENCE_VIEWED)
    receipt = reverse("look_receipt", args=[entry.camera_id, entry.camera_number])
    page = browser.get(reverse("looks")).content.decode()
    assert entry.actor_pseudonym in page
    for _ in range(2):
        assert "The receipt will be ready at" in browser.get(reverse("looks")).content.decode()
        assert browser.get(receipt).status_code == 409
        sealed_log.seal()
    hour = hour_of(timezone.now())
    assert sealed_log.publish(hour=hour) is None
    assert visitor_client.get(reverse("ledger_checkpoint")).content.decode() == public.note
    published = sealed_log.publish(hour=hour + timedelta(hours=1))
    assert published is not None
    assert visitor_client.get(reverse("ledger_checkpoint")).content.decode() == published.note
    assert head_of(browser.get(receipt).content.decode(), sealed_log.signer.verifier).size == published.size
    assert browser.get(reverse("looks")).content.decode().count("Anyone can check this.") >= 1
