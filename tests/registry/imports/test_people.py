"""People of an import: written to by and by, able to take over or to say no, and forgotten in time."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from audit.log.events import Event
from audit.log.models import AuditEntry
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.lifecycle import NotYours, Stale
from fusus_portal.ground.notifications.models import Message
from fusus_portal.ground.notifications.services import delivery
from registry.imports.links import claim_token, claimable, invitation_of, invitation_token
from registry.imports.models import ExternalKey, ImportBatch, Imported, ImportInvitation, StaysOut
from registry.imports.services import imports, people
from registry.people.services import registrants
from registry.registrants.models import Registrant
from tests.accounts.codes import mailed_link
from tests.factories import person, registrant_at
from tests.people import PASSWORD, make_person
from tests.registry.imports.import_files import counts, fresh, imported, invited, line, many

pytestmark = pytest.mark.django_db
Committed = Callable[..., AbstractContextManager[object]]


def owner() -> Registrant:
    return Registrant.objects.select_related("user").get()


class TestWriting:
    def test_nobody_is_written_to_before_an_administrator_says_so(self) -> None:
        imported(many(20))
        assert people.write_due() == 0
        assert not Message.objects.exists()

    @pytest.mark.parametrize("columns", [{}, {"mailing_at": None}, {"state": "undoing"}])
    def test_nor_of_an_import_that_is_taken_back_meanwhile(self, columns: dict[str, str | None]) -> None:
        batch = imported(many(2))
        imports.write_to_people(batch=batch, number=2, by=batch.uploaded_by)
        ImportBatch.objects.update(**columns)
        assert people._write_to_some(batch, 8) == (0 if columns else 2)

    def test_the_administrator_knows_how_many(self) -> None:
        batch = imported(many(20))
        with pytest.raises(ValidationError):
            imports.write_to_people(batch=batch, number=19, by=batch.uploaded_by)
        imports.write_to_people(batch=batch, number=20, by=batch.uploaded_by)
        with pytest.raises(Stale):
            imports.write_to_people(batch=batch, number=20, by=batch.uploaded_by)

    @pytest.mark.parametrize(("at_once", "written"), [(8, [8, 8, 4, 0]), (19, [19, 1, 0, 0])])
    def test_each_is_written_to_once_some_at_a_time(
        self, at_once: int, written: list[int], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(people, "IMPORT_MAILS_AT_ONCE", at_once)
        batch = imported(many(20))
        imports.write_to_people(batch=batch, number=20, by=batch.uploaded_by)
        assert [people.write_due() for _minute in range(4)] == written
        told = AuditEntry.objects.filter(event=Event.IMPORT_WROTE).order_by("id")
        assert [entry.facts["people"] for entry in told] == [number for number in written if number]
        kinds = Message.objects.values_list("kind", flat=True)
        assert (list(kinds).count("registration_imported"), list(kinds).count("import_invitation")) == (18, 2)

    def test_the_mails_can_be_read_and_hold_no_address_of_others(self) -> None:
        batch = imported([line(1), invited(2)])
        imports.write_to_people(batch=batch, number=2, by=batch.uploaded_by)
        people.write_due()
        for message in Message.objects.all():
            assert delivery.deliver(pk=message.pk)
        claim, invitation = sorted(mail.outbox, key=lambda sent: sent.to)
        assert f"/claim/{claim_token(owner().pk)}/" in claim.body
        assert "May 17, 2024" in claim.body
        token = invitation_token(ImportInvitation.objects.get().pk)
        assert f"/invited/{token}/no/" in invitation.body
        assert "Oak Street" not in f"{claim.body}{invitation.body}"


class TestTakingOver:
    def test_by_a_link_to_the_own_address(
        self, visitor_client: Client, django_capture_on_commit_callbacks: Committed
    ) -> None:
        imported([line(1)])
        page = reverse("claim", args=[claim_token(owner().pk)])
        shown = visitor_client.get(page).content.decode()
        assert "person.1@old.example" not in shown
        assert "Oak Street" not in shown
        assert mail.outbox == []
        with django_capture_on_commit_callbacks(execute=True):
            visitor_client.post(page)
        assert [sent.to for sent in mail.outbox] == [["person.1@old.example"]]
        answer = visitor_client.get(mailed_link())
        assert answer.status_code == 302
        passwords = {"password1": PASSWORD, "password2": PASSWORD}
        visitor_client.post(answer.headers["Location"], passwords)
        if not Imported.objects.get().claimed_at:
            visitor_client.post(reverse("account_login"), {"login": "person.1@old.example", "password": PASSWORD})
        assert Imported.objects.get().claimed_at is not None
        assert EmailAddress.objects.get(user=owner().user).verified
        assert "Front door" in visitor_client.get(reverse("profile")).content.decode()
        assert visitor_client.get(page).status_code == 409

    def test_somebody_else_s_link_and_a_forged_one_lead_nowhere(self, visitor_client: Client) -> None:
        imported([line(1), invited(2)])
        invitation = ImportInvitation.objects.get()
        for address in (
            reverse("claim", args=["forged"]),
            reverse("claim", args=[invitation_token(owner().pk)]),
            reverse("invited", args=[claim_token(invitation.pk)]),
        ):
            assert visitor_client.get(address).status_code == 404

    def test_signing_up_with_the_address_makes_no_second_account(self, visitor_client: Client) -> None:
        imported([line(1)])
        form = {"role": "resident", "email": "person.1@old.example", "password1": PASSWORD}
        visitor_client.post(reverse("account_signup"), form)
        assert User.objects.filter(email="person.1@old.example").count() == 1
        assert not owner().user.has_usable_password()

    def test_an_imported_person_leaves_by_the_link_alone(self, visitor_client: Client) -> None:
        imported([line(1)])
        page = reverse("claim_no", args=[claim_token(owner().pk)])
        assert visitor_client.get(page).status_code == 200
        assert Registrant.objects.exists()
        assert "no later list" in visitor_client.post(page).content.decode()
        assert not Registrant.objects.exists()
        assert not User.objects.filter(email="person.1@old.example").exists()
        assert not ExternalKey.objects.exists()

    def test_the_link_ends_nothing_once_the_owner_has_come_in_the_same_moment(
        self, visitor_client: Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        imported([line(1)])
        leave = people.leave

        def claimed_meanwhile(**named: Any) -> object:
            people.claim(by=named["registrant"].user)
            return leave(**named)

        monkeypatch.setattr(people, "leave", claimed_meanwhile)
        answer = visitor_client.post(reverse("claim_no", args=[claim_token(owner().pk)]))
        assert answer.status_code == 409
        assert Registrant.objects.exists()


class TestSayingNo:
    def test_the_person_is_deleted_at_once_and_no_import_brings_them_back(self, visitor_client: Client) -> None:
        imported([invited(1)])
        page = reverse("invited_no", args=[invitation_token(ImportInvitation.objects.get().pk)])
        assert "person.1" not in visitor_client.get(page).content.decode()
        assert ImportInvitation.objects.exists()
        assert visitor_client.post(page).status_code == 200
        assert not ImportInvitation.objects.exists()
        assert visitor_client.post(page).status_code == 409
        assert counts(imported([line(1, key="")])) == (0, 0, 1, 0)

    def test_a_person_who_left_is_not_brought_back_but_may_come_back(self) -> None:
        own = registrant_at(user=person())
        email = own.user.email
        registrants.leave(registrant=own, by=own.user)
        assert counts(imported([line(1, email=email)])) == (0, 0, 1, 0)
        assert counts(imported([invited(2, email=email)])) == (0, 0, 1, 0)
        StaysOut.objects.all().delete()
        assert counts(imported([line(3, email=email)])) == (1, 0, 0, 0)

    def test_a_person_who_registers_by_themselves_needs_no_invitation(self) -> None:
        imported([invited(1)])
        StaysOut.objects.create(digest=b"x" * 32)
        people.leave_out(email="person.1@old.example")
        user = person()
        User.objects.filter(pk=user.pk).update(email="person.1@old.example")
        user.refresh_from_db()
        registrant_at(user=user)
        assert not ImportInvitation.objects.exists()
        assert StaysOut.objects.count() == 1


def test_a_person_who_registers_in_the_moment_of_the_import_is_neither_invited_nor_kept_twice() -> None:
    batch = imported([invited(1), invited(2)])
    own = registrant_at(user=person())
    ImportInvitation.objects.filter(email="person.1@old.example").update(email=own.user.email)
    with pytest.raises(ValidationError):
        imports.write_to_people(batch=batch, number=2, by=batch.uploaded_by)
    imports.write_to_people(batch=batch, number=1, by=batch.uploaded_by)
    assert people.write_due() == 1
    assert [message.to for message in Message.objects.filter(kind="import_invitation")] == ["person.2@old.example"]
    assert people.forget_old() == 1
    assert [left.email for left in ImportInvitation.objects.all()] == ["person.2@old.example"]


@pytest.mark.parametrize(
    ("row", "end"),
    [
        (line(1), lambda: people.claim(by=owner().user)),
        (line(1), lambda: registrants.leave(registrant=owner(), by=owner().user)),
        (invited(1), lambda: people.decline(invitation=ImportInvitation.objects.get())),
        (invited(1), lambda: registrant_at(user=make_person("resident", "person.1@old.example"))),
    ],
)
def test_a_person_who_has_come_or_left_gets_no_letter_of_the_import(
    row: dict[str, object], end: Callable[[], object]
) -> None:
    batch = imported([row])
    imports.write_to_people(batch=batch, number=1, by=batch.uploaded_by)
    assert people.write_due() == Message.objects.count() == 1
    end()
    assert not Message.objects.filter(kind__in=["registration_imported", "import_invitation"]).exists()


class TestForgetting:
    def test_invitations_end_after_90_days(self) -> None:
        imported([invited(1), invited(2)])
        old = ImportInvitation.objects.order_by("email").first()
        assert old is not None
        ImportInvitation.objects.filter(pk=old.pk).update(imported_at=timezone.now() - timedelta(days=90, minutes=1))
        assert people.forget_old() == 1
        assert [left.email for left in ImportInvitation.objects.all()] == ["person.2@old.example"]
        with pytest.raises(Stale):
            invitation_of(invitation_token(old.pk))

    def test_so_do_their_unsent_mails(self) -> None:
        batch = imported([invited(1)])
        imports.write_to_people(batch=batch, number=1, by=batch.uploaded_by)
        people.write_due()
        ImportInvitation.objects.update(imported_at=timezone.now() - timedelta(days=91))
        people.forget_old()
        assert not Message.objects.exists()
        assert fresh(batch).mailing_at is not None

    def test_fingerprints_end_after_three_years(self) -> None:
        StaysOut.objects.create(digest=b"x" * 32, since=timezone.now() - timedelta(days=3 * 365 + 1))
        StaysOut.objects.create(digest=b"y" * 32)
        people.forget_old()
        assert StaysOut.objects.count() == 1


def test_a_link_of_nobody_is_refused() -> None:
    with pytest.raises(NotYours):
        claimable("nobody")
