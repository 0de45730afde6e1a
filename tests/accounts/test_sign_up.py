"""Making an account: residents and businesses only, and nobody learns who has one."""

from datetime import timedelta

import pytest
from django.core import mail
from django.http import HttpRequest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoCaptureOnCommitCallbacks
from time_machine import TimeMachineFixture

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


def test_an_obvious_password_is_told_why(sign_up) -> None:  # type: ignore[no-untyped-def]
    errors = sign_up(password="password sheriff").context["form"].errors["password1"]
    assert errors == ["This is too easy to guess: most of it is a word such as “password” or the name of this office."]


def test_a_password_that_breaks_two_rules_is_refused_in_one_sentence(sign_up) -> None:  # type: ignore[no-untyped-def]
    errors = sign_up(password="sheriff").context["form"].errors["password1"]
    assert errors == ["Use at least 8 characters."]


def test_a_password_of_a_hundred_characters_is_taken(sign_up) -> None:  # type: ignore[no-untyped-def]
    sign_up(password="a long walk by the river " * 4)
    assert User.objects.exists()


def test_mails_name_the_agency_and_a_number_to_call(sign_up) -> None:  # type: ignore[no-untyped-def]
    sign_up()
    assert "205-555-0100" in mail.outbox[0].body
    assert "example.com" not in mail.outbox[0].body


class TestAnotherAddress:
    @pytest.fixture
    def change(self, visitor_client: Client, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks):  # type: ignore[no-untyped-def]
        def send(email: str):  # type: ignore[no-untyped-def]
            with django_capture_on_commit_callbacks(execute=True):
                return visitor_client.post(reverse("account_other_address"), {"email": email})

        return send

    def test_keeps_kind_and_password_and_leaves_no_account(self, sign_up, change, visitor_client: Client) -> None:  # type: ignore[no-untyped-def]
        sign_up(email="ana@exmaple.org", role="business")
        assert change("ana@example.org").headers["Location"] == reverse("account_email_verification_sent")
        account = User.objects.get()
        assert (account.email, account.role, account.check_password(PASSWORD)) == ("ana@example.org", "business", True)
        visitor_client.post(reverse("account_email_verification_sent"), {"code": mailed_code()})
        assert visitor_client.session["_auth_user_id"] == str(account.pk)

    def test_leads_where_the_sign_up_led(self, change, visitor_client: Client, resident: User) -> None:  # type: ignore[no-untyped-def]
        said = {"email": resident.email, "role": "business", "password1": PASSWORD, "next": reverse("faq")}
        visitor_client.post(reverse("account_signup"), said)
        change("ana@example.org")
        answer = visitor_client.post(reverse("account_email_verification_sent"), {"code": mailed_code()})
        assert answer.headers["Location"] == reverse("faq")

    def test_that_is_the_same_leads_back_to_its_code(self, sign_up, change, visitor_client: Client) -> None:  # type: ignore[no-untyped-def]
        sign_up()
        code = mailed_code()
        assert change("Ana@example.org").headers["Location"] == reverse("account_email_verification_sent")
        visitor_client.post(reverse("account_email_verification_sent"), {"code": code})
        assert "_auth_user_id" in visitor_client.session

    def test_that_had_a_mail_a_moment_ago_waits(self, sign_up, change) -> None:  # type: ignore[no-untyped-def]
        sign_up(email="ana@example.org")
        change("ben@example.org")
        page = change("ana@example.org").content.decode()
        assert "We sent a mail to this address a moment ago." in page
        assert User.objects.get().email == "ben@example.org"

    def test_is_asked_of_nobody_who_has_confirmed_one(self, resident_client: Client, visitor_client: Client) -> None:
        assert resident_client.get(reverse("account_other_address")).headers["Location"] == reverse("account_email")
        assert visitor_client.get(reverse("account_other_address")).headers["Location"] == reverse("account_signup")

    def test_the_account_of_somebody_else_stays(self, sign_up, visitor_client: Client) -> None:  # type: ignore[no-untyped-def]
        sign_up()
        Client().post(
            reverse("account_signup"),
            {"email": "ana@example.org", "role": "resident", "password1": "plum river lantern"},
        )
        theirs = User.objects.get()
        visitor_client.post(reverse("account_start_again"))
        assert User.objects.get() == theirs


def test_starting_again_forgets_the_account(sign_up, visitor_client: Client) -> None:  # type: ignore[no-untyped-def]
    sign_up()
    assert visitor_client.get(reverse("account_signup")).headers["Location"] == reverse(
        "account_email_verification_sent"
    )
    assert visitor_client.post(reverse("account_start_again")).headers["Location"] == reverse("account_signup")
    assert visitor_client.get(reverse("account_signup")).status_code == 200
    assert not User.objects.exists()
    assert AuditEntry.objects.filter(event="accounts:account:delete", facts={"why": "unconfirmed"}).exists()


def test_a_code_that_was_asked_for_anew_works_as_long_as_the_first(  # type: ignore[no-untyped-def]
    sign_up,
    visitor_client: Client,
    time_machine: TimeMachineFixture,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    time_machine.move_to("2026-12-01 12:00Z", tick=False)
    sign_up()
    time_machine.shift(timedelta(minutes=14))
    with django_capture_on_commit_callbacks(execute=True):
        visitor_client.post(reverse("account_email_verification_sent"), {"action": "resend"})
    code = mailed_code()
    time_machine.shift(timedelta(minutes=14))
    assert (
        "The code works for 15 minutes."
        in visitor_client.get(reverse("account_email_verification_sent")).content.decode()
    )
    visitor_client.post(reverse("account_email_verification_sent"), {"code": code})
    assert "_auth_user_id" in visitor_client.session
