"""Receipts from the log over HTTP: of each entry of one's own list, and of a request behind the link of a mail."""

import json
import re
from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from audit.log.events import Event
from audit.log.models import AuditEntry
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.notifications.models import Message
from fusus_portal.ground.notifications.services import delivery
from registry.canvasses.models import FootageRequest
from registry.places.models import Camera
from registry.registrants.models import Registrant
from registry.rules import RECEIPT_LINK_LIFE
from tests.audit.ledger.proofs import head_of, read_proof
from tests.database.clone import Clone
from tests.factories import draft_of, incident_at, registrant_at, request_at
from tests.people import sign_in
from tests.registry.access_log.delays import case_of, delayed
from tests.registry.entries import entries_of
from tests.registry.footage.footage import given
from tests.registry.footage.keeping import deleted
from tests.sealed_log import SealedLog
from tests.times import TIME_OF_DAY

pytestmark = pytest.mark.django_db(transaction=True)
LINK = re.compile(r"http://\S+(/receipts/[\w-]+/)")
READY = re.compile(rf"The receipt will be ready at {TIME_OF_DAY} C[DS]T")


@pytest.fixture
def registrant(portal_db: Clone, resident: User) -> Registrant:
    return registrant_at(user=resident)


def address_of(entry: AuditEntry) -> str:
    return reverse("look_receipt", args=[entry.camera_id, entry.camera_number])


def letters() -> list[str]:
    """Deliver what waits; return the texts."""
    for message in Message.objects.order_by("queued_at"):
        delivery.deliver(pk=message.pk)
    return [str(letter.body) for letter in mail.outbox]


class TestOfOwnEntries:
    def test_each_entry_of_the_list_has_one_that_proves_itself(
        self, registrant: Registrant, sealed_log: SealedLog
    ) -> None:
        draft_of(incident_at())
        sealed_log.seal_and_publish()
        browser = sign_in(registrant.user)
        page = browser.get(reverse("looks")).content.decode()
        entries = AuditEntry.objects.exclude(camera_number=0)
        assert len(entries) == 2
        for entry in entries:
            assert address_of(entry) in page
            response = browser.get(address_of(entry))
            name = f"{registrant.reference}-entry-{entry.camera_number}.tlog-proof"
            assert response["Content-Disposition"] == f'attachment; filename="{name}"'
            head_of(response.content.decode(), sealed_log.signer.verifier)
            said = json.loads(read_proof(response.content.decode()).entry)
            assert (said["camera_number"], said["event"]) == (entry.camera_number, entry.event)

    def test_before_it_is_public_the_page_says_when_the_receipt_is_ready_and_gives_no_receipt(
        self, registrant: Registrant, sealed_log: SealedLog
    ) -> None:
        browser = sign_in(registrant.user)
        (entry,) = entries_of(Event.CAMERA_ADDED)
        for _ in range(2):
            page = browser.get(reverse("looks")).content.decode()
            assert READY.search(page)
            assert address_of(entry) not in page
            response = browser.get(address_of(entry))
            assert response.status_code == 409
            assert READY.search(response.content.decode())
            sealed_log.seal()
        sealed_log.publish()
        page = browser.get(reverse("looks")).content.decode()
        assert "Anyone can check this." in page
        assert address_of(entry) in page
        assert browser.get(address_of(entry)).status_code == 200

    def test_somebody_elses_is_not_found(
        self, registrant: Registrant, sealed_log: SealedLog, other_resident: User
    ) -> None:
        registrant_at(user=other_resident)
        sealed_log.seal_and_publish()
        mine, theirs = entries_of(Event.CAMERA_ADDED)
        browser = sign_in(registrant.user)
        assert browser.get(address_of(mine)).status_code == 200
        assert browser.get(address_of(theirs)).status_code == 404
        camera = Camera.objects.get(premises__registrant=registrant)
        for number in (0, 2, 10**30):
            assert browser.get(reverse("look_receipt", args=[camera.pk, number])).status_code == 404

    def test_what_a_supervisor_delays_has_none_until_it_opens(
        self, registrant: Registrant, sealed_log: SealedLog
    ) -> None:
        case = case_of(registrant)
        placed = delayed(case)
        sealed_log.seal_and_publish()
        browser = sign_in(registrant.user)
        hidden = AuditEntry.objects.filter(incident_id=str(case.incident.pk)).exclude(camera_number=0)
        assert len(hidden) == 3
        page = browser.get(reverse("looks")).content.decode()
        for entry in hidden:
            assert address_of(entry) not in page
            response = browser.get(address_of(entry))
            assert response.status_code == 403
            assert entry.actor_pseudonym not in response.content.decode()
            assert "You can read what this entry says from" in response.content.decode()
        with time_machine.travel(placed.ends_at + timedelta(seconds=1)):
            assert {sign_in(registrant.user).get(address_of(entry)).status_code for entry in hidden} == {200}


class TestOfARequest:
    def test_the_mails_about_files_lead_to_them(self, sealed_log: SealedLog, visitor_client: Client) -> None:
        file = deleted()
        request = file.request
        sealed_log.seal_and_publish()
        texts = [text for text in letters() if LINK.search(text)]
        assert len(texts) == 2  # received and deleted: the request's own mail went with its answer
        for text in texts:
            link = LINK.search(text)
            assert link
            response = visitor_client.get(link[1])
            page = response.content.decode()
            for sentence in ("sent a footage request", "received a file as evidence", "deleted the footage"):
                assert sentence in page
            assert page.count(file.number) >= 2
            assert (response["Cache-Control"], response["Referrer-Policy"]) == ("no-store", "same-origin")
            for place in (1, 2, 3):
                receipt = visitor_client.get(f"{link[1]}{place}/")
                assert receipt["Content-Disposition"].endswith(f'{request.number}-{place}.tlog-proof"')
                head_of(receipt.content.decode(), sealed_log.signer.verifier)
            assert visitor_client.get(f"{link[1]}4/").status_code == 404
            assert visitor_client.get(f"{link[1]}0/").status_code == 404

    def test_their_messages_wait_for_their_own_entries(self, portal_db: Clone) -> None:
        request = request_at("sent")
        waits = dict(Message.objects.values_list("kind", "waits_for"))
        file = given(request)
        waits |= dict(Message.objects.values_list("kind", "waits_for"))
        sent, received = entries_of(Event.REQUEST_SENT), entries_of(Event.EVIDENCE_RECEIVED)
        assert waits["footage_request"] in {entry.pk for entry in sent if entry.subject_id == str(request.pk)}
        assert waits["footage_received"] in {entry.pk for entry in received if entry.subject_id == str(file.pk)}
        assert waits["registration_confirmed"] is None

    def test_what_is_not_public_yet_says_when_it_will_be(self, sealed_log: SealedLog, visitor_client: Client) -> None:
        request_at("sent")
        link = next(found[1] for text in letters() if (found := LINK.search(text)))
        for _ in range(2):
            page = visitor_client.get(link)
            assert READY.search(page.content.decode())
            assert "Download the receipt" not in page.content.decode()
            assert visitor_client.get(f"{link}1/").status_code == 409
            sealed_log.seal()

    def test_a_link_that_is_forged_or_over_shows_nothing(self, portal_db: Clone, visitor_client: Client) -> None:
        request = request_at("sent")
        link = next(found[1] for text in letters() if (found := LINK.search(text)))
        begin, code = link[: len("/receipts/")], link[len("/receipts/") :]
        forged = f"{begin}{'B' if code[0] == 'A' else 'A'}{code[1:]}"
        assert visitor_client.get(forged).status_code == 404
        with time_machine.travel(timezone.now() + RECEIPT_LINK_LIFE + timedelta(days=1)):
            late = visitor_client.get(link)
        assert late.status_code == 409
        assert "This link has expired" in late.content.decode()
        assert request.number not in late.content.decode()

    def test_the_owner_finds_the_same_behind_the_password(
        self, registrant: Registrant, sealed_log: SealedLog, other_resident: User
    ) -> None:
        request = request_at("sent", registrant=registrant)
        sealed_log.seal_and_publish()
        browser = sign_in(registrant.user)
        address = reverse("own_log_receipts", args=[request.pk])
        assert address in browser.get(reverse("own_request", args=[request.pk])).content.decode()
        assert "sent a footage request" in browser.get(address).content.decode()
        one = browser.get(reverse("own_log_receipt", args=[request.pk, 1]))
        head_of(one.content.decode(), sealed_log.signer.verifier)
        registrant_at(user=other_resident)
        stranger = sign_in(other_resident)
        assert stranger.get(address).status_code == 404
        assert stranger.get(reverse("own_log_receipt", args=[request.pk, 1])).status_code == 404
        assert FootageRequest.objects.get(pk=request.pk).state == "sent"
