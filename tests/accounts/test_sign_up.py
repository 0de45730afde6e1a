"""Making an account: residents and businesses only, and nobody learns who has one."""

import pytest
from django.core import mail
from django.http import HttpRequest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoCaptureOnCommitCallbacks

from audit.log.models import AuditEntry
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.accounts.sign_in.adapters import AccountAdapter
from tests.accounts.codes import mailed_code
from tests.people import PASSWORD, make_person, unconfirmed_account

pytestmark = pytest.mark.django_db


@pytest.fixture
def sign_up(visitor_client: Client, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks):  # type: ignore[no-untyped-def]
    def send(email: str = "ana@example.org", role: str = "resident", password: str = PASSWORD):  # type: ignore[no-untyped-def]
        with django_capture_on_commit_callbacks(execute=True):
            data = {"email": email, "role": role, "password1": password}
            return visitor_client.post(reverse("account_signup"), data)

    return send


def test_a_confirmed_address_makes_a_resident(sign_up, visitor_client: Client) -> None:  # type: ignore[no-untyped-def]
    assert sign_up().headers["Location"] == reverse("account_email_verification_sent")
    assert reverse("profile") not in visitor_client.get("/").content.decode()
    response = visitor_client.post(reverse("account_email_verification_sent"), {"code": mailed_code()})
    assert response.headers["Location"] == reverse("register")
    account = User.objects.get(email="ana@example.org")
    assert (account.role, account.pseudonym) == ("resident", "")
    events = list(AuditEntry.objects.filter(subject_id=str(account.pk)).order_by("id").values_list("event", flat=True))
    assert events == ["accounts:account:create", "accounts:email:confirm", "accounts:session:start"]


def test_a_wrong_code_signs_nobody_in(sign_up, visitor_client: Client) -> None:  # type: ignore[no-untyped-def]
    sign_up()
    visitor_client.post(reverse("account_email_verification_sent"), {"code": "WRONG1"})
    assert "_auth_user_id" not in visitor_client.session


@pytest.mark.parametrize("role", ["deputy", "supervisor", "auditor", "clerk", "administrator", ""])
def test_no_other_role_is_made_by_signing_up(sign_up, role: str) -> None:  # type: ignore[no-untyped-def]
    assert sign_up(role=role).status_code == 200
    assert not User.objects.exists()


def test_an_address_that_has_an_account_looks_like_a_new_one(sign_up, visitor_client: Client, resident: User) -> None:  # type: ignore[no-untyped-def]
    known = sign_up(email=resident.email.upper())
    visitor_client.cookies.clear()
    new = sign_up(email="new@example.org")
    assert (known.status_code, known.headers["Location"]) == (new.status_code, new.headers["Location"])
    assert [message.subject for message in mail.outbox] == [
        "You already have an account",
        "Your code to confirm this address",
    ]
    assert User.objects.filter(email=resident.email).count() == 1


def test_an_account_that_never_confirmed_the_address_makes_room(sign_up, visitor_client: Client) -> None:  # type: ignore[no-untyped-def]
    squatter = unconfirmed_account("ana@example.org")
    sign_up()
    visitor_client.post(reverse("account_email_verification_sent"), {"code": mailed_code()})
    account = User.objects.get(email="ana@example.org")
    assert account.check_password(PASSWORD)
    assert visitor_client.session["_auth_user_id"] == str(account.pk) != str(squatter.pk)
    entry = AuditEntry.objects.get(event="accounts:account:delete")
    assert (entry.actor_kind, entry.subject_id, entry.facts) == ("visitor", str(squatter.pk), {"why": "unconfirmed"})


def test_the_code_of_an_account_that_made_room_opens_nothing(sign_up, visitor_client: Client) -> None:  # type: ignore[no-untyped-def]
    sign_up()
    code = mailed_code()
    sign_up_elsewhere = {"email": "ana@example.org", "role": "resident", "password1": "another plum river lantern"}
    Client().post(reverse("account_signup"), sign_up_elsewhere)
    answer = visitor_client.post(reverse("account_email_verification_sent"), {"code": code})
    assert answer.status_code < 500
    assert "_auth_user_id" not in visitor_client.session


def test_an_account_made_at_the_same_instant_looks_like_a_new_one(  # type: ignore[no-untyped-def]
    sign_up, monkeypatch: pytest.MonkeyPatch
) -> None:
    save_user = AccountAdapter.save_user

    def slower(self: AccountAdapter, request: HttpRequest, user: User, form: object) -> User:
        make_person("resident", "ana@example.org")
        return save_user(self, request, user, form)

    monkeypatch.setattr(AccountAdapter, "save_user", slower)
    assert sign_up().headers["Location"] == reverse("account_email_verification_sent")


@pytest.mark.parametrize("password", ["seven77", "password1234", "jefferson county", "ana@example.org"])
def test_short_known_and_obvious_passwords_are_refused(sign_up, password: str) -> None:  # type: ignore[no-untyped-def]
    response = sign_up(password=password)
    assert response.context["form"].errors["password1"]
    assert not User.objects.exists()


def test_a_password_of_a_hundred_characters_is_taken(sign_up) -> None:  # type: ignore[no-untyped-def]
    sign_up(password="a long walk by the river " * 4)
    assert User.objects.exists()


def test_mails_name_the_agency_and_a_number_to_call(sign_up) -> None:  # type: ignore[no-untyped-def]
    sign_up()
    assert "205-555-0100" in mail.outbox[0].body
    assert "example.com" not in mail.outbox[0].body
