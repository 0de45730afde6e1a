"""Dispatch in the console: keys by two administrators, and files that are looked at first."""

from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from audit.log.events import Event
from fusus_portal.ground.accounts.models import User
from registry.incidents.models import DispatchDelivery, DispatchKey, Incident
from registry.incidents.services import dispatch
from tests.factories import incident_at, person
from tests.registry.entries import entries_of
from tests.registry.incidents.dispatching import SOURCE, Sender, deliver, item, pem_of

pytestmark = pytest.mark.django_db


def proposed(client: Client, **changes: str) -> Any:
    form = {"source": SOURCE, "key_id": "county-cad-2026", "public_key": pem_of(Ed25519PrivateKey.generate())}
    return client.post(reverse("dispatch_keys"), form | changes)


class TestKeys:
    def test_a_key_counts_when_another_administrator_has_approved_it(
        self, administrator: User, administrator_client: Client, other_administrator_client: Client
    ) -> None:
        private = Ed25519PrivateKey.generate()
        proposed(administrator_client, public_key=pem_of(private))
        key = DispatchKey.objects.get()
        assert not key.is_valid
        assert "Another administrator approves" in administrator_client.get(reverse("dispatch_keys")).content.decode()
        approve = reverse("dispatch_key_approve", args=[key.pk])
        assert administrator_client.post(approve).status_code == 403
        assert other_administrator_client.post(approve).status_code == 302
        assert other_administrator_client.post(approve).status_code == 409
        assert DispatchKey.objects.get().is_valid
        for event in (Event.DISPATCH_KEY_PROPOSED, Event.DISPATCH_KEY_APPROVED):
            assert len(entries_of(event)) == 1

    def test_the_database_wants_two_people_as_well(self, administrator: User) -> None:
        key = Sender(approved=False).key
        with pytest.raises(IntegrityError, match="dispatch_key_by_two"), transaction.atomic():
            DispatchKey.objects.filter(pk=key.pk).update(approved_by=key.proposed_by, approved_at=timezone.now())

    def test_two_count_at_once_and_a_third_does_not(self, administrator_client: Client) -> None:
        first = Sender().key
        Sender()
        answer = proposed(administrator_client)
        assert "Two keys of this system" in " ".join(answer.context["form"].errors["source"])
        administrator_client.post(reverse("dispatch_key_retire", args=[first.pk]))
        assert proposed(administrator_client).status_code == 302

    @pytest.mark.parametrize(
        ("changes", "field", "sentence"),
        [
            ({"public_key": "hello"}, "public_key", "no Ed25519 public key"),
            ({"public_key": "ec"}, "public_key", "no Ed25519 public key"),
            ({"public_key": "private"}, "public_key", "private key"),
            ({"key_id": "Has Spaces"}, "key_id", "valid value"),
            ({"source": "x y"}, "source", "valid value"),
        ],
    )
    def test_what_is_no_key_is_refused(
        self, administrator_client: Client, changes: dict[str, str], field: str, sentence: str
    ) -> None:
        private = Ed25519PrivateKey.generate()
        other = generate_private_key(SECP256R1()).public_key()
        made = {
            "private": private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode(),
            "ec": other.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode(),
        }
        answer = proposed(administrator_client, **{name: made.get(value, value) for name, value in changes.items()})
        assert sentence in " ".join(answer.context["form"].errors[field])
        assert not DispatchKey.objects.exists()

    def test_the_same_key_is_no_new_one(self, administrator_client: Client) -> None:
        sender = Sender()
        again = proposed(administrator_client, public_key=pem_of(sender.private))
        assert again.context["form"].errors["public_key"]
        assert proposed(administrator_client, key_id=sender.key.key_id).context["form"].errors["key_id"]

    def test_a_key_is_retired_at_once(self, sender: Sender, administrator_client: Client) -> None:
        assert deliver(sender.token(item())).status_code == 200
        retire = reverse("dispatch_key_retire", args=[sender.key.pk])
        assert administrator_client.post(retire).status_code == 302
        assert administrator_client.post(retire).status_code == 409
        assert deliver(sender.token(item("2026-500002"))).status_code == 401


class TestFiles:
    def test_it_is_looked_at_first_and_then_taken(
        self, sender: Sender, supervisor: User, supervisor_client: Client
    ) -> None:
        opened = incident_at(verified=False)
        token = sender.token(item(), item(opened.number, id="CAD-2"), item("2026-1", id="CAD-3"))
        file = SimpleUploadedFile("incidents.jws", token.encode() + b"\n")
        page = supervisor_client.post(reverse("dispatch_file"), {"file": file})
        assert [row["label"] for row in page.context["rows"]] == ["Opened", "Verified", "Not taken"]
        assert "Write the incident number like" in page.content.decode()
        assert Incident.objects.count() == 1
        assert not DispatchDelivery.objects.exists()
        answer = supervisor_client.post(reverse("dispatch_file"), {"token": token, "take": "1"}, follow=True)
        assert "2 incidents taken. 1 was not taken." in answer.content.decode()
        assert Incident.objects.get(number="2026-500001").is_verified
        delivery = DispatchDelivery.objects.get()
        assert (delivery.way, delivery.uploaded_by) == ("file", supervisor)
        assert (delivery.taken, delivery.refused) == (2, 1)
        (entry,) = entries_of(Event.DISPATCH_TAKEN)
        assert (entry.facts["taken"], entry.facts["refused"]) == (2, 1)
        assert (entry.actor_id, entry.facts["key"]) == (str(supervisor.pk), sender.key.key_id)
        assert len(entries_of(Event.DISPATCH_PREVIEWED)) == 1

    def test_it_is_taken_once_and_not_after_a_day(self, sender: Sender, supervisor_client: Client) -> None:
        token = sender.token(item())
        for _ in range(2):
            answer = supervisor_client.post(reverse("dispatch_file"), {"token": token, "take": "1"})
        assert "was taken already" in " ".join(answer.context["form"].errors["file"])
        old = sender.token(item("2026-500002"), iat=int(timezone.now().timestamp()) - 25 * 3600)
        answer = supervisor_client.post(reverse("dispatch_file"), {"token": old})
        assert "too long ago" in " ".join(answer.context["form"].errors["file"])
        yesterday = sender.token(item("2026-500003"), iat=int(timezone.now().timestamp()) - 20 * 3600)
        assert supervisor_client.post(reverse("dispatch_file"), {"token": yesterday}).context["rows"]

    def test_what_no_page_can_show_breaks_none(self, sender: Sender, supervisor_client: Client) -> None:
        token = sender.token(item("2026\ud800"), item("2026-500002", **{"name\ud800": "x"}))
        page = supervisor_client.post(reverse("dispatch_file"), {"token": token})
        assert page.status_code == 200
        assert [row["label"] for row in page.context["rows"]] == ["Not taken", "Not taken"]
        assert "name?" in page.content.decode()

    @pytest.mark.parametrize("token", ["", "hello", "a.b.c"])
    def test_what_is_not_signed_is_refused_and_an_entry(
        self, supervisor: User, supervisor_client: Client, token: str
    ) -> None:
        answer = supervisor_client.post(reverse("dispatch_file"), {"token": token, "take": "1"})
        assert answer.context["form"].errors["file"]
        assert [entry.actor_id for entry in entries_of(Event.DISPATCH_REFUSED)] == [str(supervisor.pk)] * bool(token)

    def test_the_person_who_opened_an_incident_can_not_verify_it_by_a_file_of_their_own(
        self, supervisor: User, supervisor_client: Client
    ) -> None:
        incident = incident_at(by=supervisor, verified=False)
        own = Sender(source="own-cad", approved=False)
        supervisor_client.post(reverse("dispatch_file"), {"token": own.token(item(incident.number)), "take": "1"})
        incident.refresh_from_db()
        assert not incident.is_verified

    def test_an_administrator_takes_a_file_and_sees_no_incident(
        self, sender: Sender, administrator_client: Client
    ) -> None:
        administrator_client.post(reverse("dispatch_file"), {"token": sender.token(item()), "take": "1"})
        incident = Incident.objects.get()
        assert administrator_client.get(reverse("incident", args=[incident.pk])).status_code == 403


def test_a_retired_key_is_not_approved() -> None:
    key, by = Sender(approved=False).key, person("administrator")
    dispatch.retire_key(key=key, by=by)
    key.refresh_from_db()
    assert not key.is_valid
