"""Conditions between an agency account and its pages: second factor, notice, time limits, password age."""

from datetime import timedelta
from uuid import uuid4

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, DjangoCaptureOnCommitCallbacks
from time_machine import TimeMachineFixture

from audit.log.models import AuditEntry
from fusus_portal.ground.accounts.models import User
from tests.accounts.codes import app_code, mailed_link
from tests.accounts.tries import give_password, is_signed_in
from tests.database.operator import as_operator
from tests.people import make_person, sign_in

pytestmark = pytest.mark.django_db

NOON = "2026-12-01 12:00Z"


def location(client: Client, name: str = "console") -> str:
    return str(client.get(reverse(name)).headers.get("Location", ""))


class TestSecondFactor:
    def test_without_one_it_is_set_up_before_any_page(self) -> None:
        account = make_person("deputy", "new@portal.example", second_factor=False)
        client = sign_in(account, second_factor=False)
        assert location(client) == reverse("mfa_index")
        assert location(client, "account_contact") == reverse("mfa_index")
        assert "Set up a passkey or a code app first." in client.get(reverse("mfa_index")).text

    def test_setting_up_an_app_opens_the_console(self) -> None:
        account = make_person("deputy", "new@portal.example", second_factor=False)
        client = sign_in(account, second_factor=False)
        secret = client.get(reverse("mfa_activate_totp")).context["form"].secret
        client.post(reverse("mfa_activate_totp"), {"code": app_code(secret)})
        assert location(client) == ""
        events = AuditEntry.objects.filter(actor_id=str(account.pk)).values_list("event", flat=True)
        assert "accounts:factor:add" in events

    def test_a_session_that_never_showed_it_is_ended(self, deputy: User) -> None:
        client = sign_in(deputy, second_factor=False)
        assert location(client).startswith(reverse("system_use_notice"))
        assert not is_signed_in(client)

    def test_the_last_one_cant_be_removed(self, deputy: User, deputy_client: Client) -> None:
        deputy_client.post(reverse("mfa_deactivate_totp"))
        assert Authenticator.objects.filter(user=deputy, type="totp").exists()

    def test_the_last_passkey_cant_be_removed(self, deputy: User, deputy_client: Client) -> None:
        with as_operator():
            key = Authenticator.objects.create(user=deputy, type="webauthn", data={"name": "Key"})
            Authenticator.objects.filter(user=deputy, type="totp").delete()
        removed = deputy_client.post(reverse("mfa_remove_webauthn", args=[key.pk]))
        assert removed.status_code == 403
        assert "keeps at least one passkey" in removed.content.decode()
        assert Authenticator.objects.filter(pk=key.pk).exists()

    def test_one_of_two_can_be_removed(self, deputy: User, deputy_client: Client) -> None:
        with as_operator():
            key = Authenticator.objects.create(user=deputy, type="webauthn", data={"name": "Key"})
        deputy_client.post(reverse("mfa_remove_webauthn", args=[key.pk]))
        assert not Authenticator.objects.filter(pk=key.pk).exists()

    def test_a_resident_may_do_without(self, resident_client: Client) -> None:
        assert location(resident_client, "account") == ""


class TestNotice:
    def test_it_stands_before_the_sign_in_at_the_console(self, visitor_client: Client) -> None:
        assert location(visitor_client) == f"{reverse('system_use_notice')}?next=%2Fconsole%2F"

    def test_it_stays_until_it_is_acknowledged(self, deputy: User) -> None:
        client = sign_in(deputy, notice=False)
        assert location(client).startswith(reverse("system_use_notice"))
        client.get(reverse("system_use_notice"))
        assert location(client).startswith(reverse("system_use_notice"))
        response = client.post(reverse("system_use_notice"), {"next": reverse("console")})
        assert response.headers["Location"] == reverse("console")
        assert location(client) == ""
        assert AuditEntry.objects.filter(event="accounts:notice:acknowledge", actor_id=str(deputy.pk)).count() == 1

    def test_acknowledged_before_the_sign_in_it_is_an_entry_of_the_person(
        self, deputy: User, visitor_client: Client
    ) -> None:
        visitor_client.post(reverse("system_use_notice"))
        give_password(visitor_client, deputy)
        visitor_client.post(reverse("mfa_authenticate"), {"code": app_code()})
        assert location(visitor_client) == ""
        assert AuditEntry.objects.filter(event="accounts:notice:acknowledge", actor_id=str(deputy.pk)).count() == 1

    def test_the_next_sign_in_shows_it_again(self, deputy: User, deputy_client: Client) -> None:
        deputy_client.post(reverse("account_logout"))
        give_password(deputy_client, deputy)
        deputy_client.post(reverse("mfa_authenticate"), {"code": app_code()})
        assert location(deputy_client).startswith(reverse("system_use_notice"))


class TestClocks:
    @pytest.fixture(autouse=True)
    def _noon(self, time_machine: TimeMachineFixture) -> None:
        time_machine.move_to(NOON, tick=False)

    def test_thirty_minutes_without_a_page_end_the_sign_in(
        self, deputy: User, time_machine: TimeMachineFixture
    ) -> None:
        client = sign_in(deputy)
        time_machine.shift(timedelta(minutes=30, seconds=1))
        assert location(client).startswith(reverse("system_use_notice"))
        assert not is_signed_in(client)
        entry = AuditEntry.objects.get(event="accounts:session:time-out")
        assert (entry.actor_id, entry.facts) == (str(deputy.pk), {"why": "idle"})

    def test_twenty_nine_minutes_dont(self, deputy: User, time_machine: TimeMachineFixture) -> None:
        client = sign_in(deputy)
        for _ in range(3):
            time_machine.shift(timedelta(minutes=29))
            assert location(client) == ""

    def test_one_key_goes_on(self, deputy: User, time_machine: TimeMachineFixture) -> None:
        client = sign_in(deputy)
        time_machine.shift(timedelta(minutes=29))
        answer = client.post(reverse("stay_signed_in"), headers={"X-Requested-With": "fetch"})
        time_machine.shift(timedelta(minutes=29))
        assert answer.status_code == 204
        assert location(client) == ""

    def test_a_page_that_refreshes_itself_is_no_use(self, deputy: User, time_machine: TimeMachineFixture) -> None:
        client = sign_in(deputy)
        time_machine.shift(timedelta(minutes=20))
        client.get(reverse("console"), headers={"X-Background": "1"})
        time_machine.shift(timedelta(minutes=20))
        assert location(client) != ""

    @pytest.mark.parametrize(("name", "more"), [("live_playlist", []), ("live_segment", [1])])
    def test_a_player_that_asks_is_no_use(
        self, name: str, more: list[int], deputy: User, time_machine: TimeMachineFixture
    ) -> None:
        client = sign_in(deputy)
        time_machine.shift(timedelta(minutes=20))
        assert client.get(reverse(name, args=[uuid4(), *more])).status_code == 404
        time_machine.shift(timedelta(minutes=20))
        assert location(client) != ""

    def test_twelve_hours_end_it_whatever_happens(self, deputy: User, time_machine: TimeMachineFixture) -> None:
        client = sign_in(deputy)
        for _ in range(24):
            time_machine.shift(timedelta(minutes=29))
            location(client)
        time_machine.shift(timedelta(minutes=25))
        assert location(client) != ""
        assert AuditEntry.objects.get(event="accounts:session:time-out").facts == {"why": "limit"}

    def test_a_session_without_clocks_is_not_trusted(self, deputy: User) -> None:
        client = sign_in(deputy)
        session = client.session
        del session["used_at"]
        session.save()
        assert location(client) != ""

    def test_a_resident_reads_on_after_an_hour(self, resident: User, time_machine: TimeMachineFixture) -> None:
        client = sign_in(resident)
        time_machine.shift(timedelta(hours=1))
        assert location(client, "account") == ""


def test_a_password_of_a_year_ago_is_changed_first(deputy: User, deputy_client: Client) -> None:
    User.objects.filter(pk=deputy.pk).update(password_changed_at=timezone.now() - timedelta(days=366))
    assert location(deputy_client) == reverse("account_change_password")
    assert "Your password is a year old." in deputy_client.get(reverse("account_change_password")).text


def test_a_residents_password_is_never_too_old(resident: User, resident_client: Client) -> None:
    User.objects.filter(pk=resident.pk).update(password_changed_at=timezone.now() - timedelta(days=3660))
    assert location(resident_client, "account") == ""


def test_changing_it_is_an_entry_and_starts_the_year(deputy: User, deputy_client: Client) -> None:
    old = timezone.now() - timedelta(days=366)
    User.objects.filter(pk=deputy.pk).update(password_changed_at=old)
    from tests.people import PASSWORD  # noqa: PLC0415

    new = "nine quiet herons at noon"
    deputy_client.post(
        reverse("account_change_password"), {"oldpassword": PASSWORD, "password1": new, "password2": new}
    )
    deputy.refresh_from_db()
    assert deputy.check_password(new)
    assert deputy.password_changed_at > old
    assert AuditEntry.objects.filter(event="accounts:password:change", actor_id=str(deputy.pk)).exists()
    assert location(deputy_client) == ""


def test_the_password_that_one_has_is_no_new_one(deputy: User, deputy_client: Client) -> None:
    from tests.people import PASSWORD  # noqa: PLC0415

    old = timezone.now() - timedelta(days=366)
    User.objects.filter(pk=deputy.pk).update(password_changed_at=old)
    answer = deputy_client.post(
        reverse("account_change_password"), {"oldpassword": PASSWORD, "password1": PASSWORD, "password2": PASSWORD}
    )
    assert answer.context["form"].errors["password1"] == [
        "This is the password that the account has now. Choose another one."
    ]
    deputy.refresh_from_db()
    assert deputy.password_changed_at == old


def test_with_a_mailed_link_it_is_no_new_one_either(
    deputy: User, visitor_client: Client, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    from tests.people import PASSWORD  # noqa: PLC0415

    with django_capture_on_commit_callbacks(execute=True):
        visitor_client.post(reverse("account_reset_password"), {"email": deputy.email})
    page = visitor_client.get(mailed_link()).headers["Location"]
    same = {"password1": PASSWORD, "password2": PASSWORD}
    answer = visitor_client.post(page, same)
    assert "Choose another one." in str(answer.context["form"].errors["password1"])


def test_an_agency_address_is_not_changed_alone(deputy: User, deputy_client: Client) -> None:
    answer = deputy_client.post(
        reverse("account_email"), {"email": "elsewhere@example.org", "action_add": ""}, follow=True
    )
    assert answer.status_code == 403
    sentence = "An agency address changes by a new invitation: ask an administrator."
    assert sentence in answer.content.decode()
    assert sentence in deputy_client.get(reverse("account")).content.decode()


def test_a_person_ends_their_other_sign_ins_and_nobody_elses(
    resident: User, resident_client: Client, other_resident_client: Client
) -> None:
    elsewhere = sign_in(resident)
    page = resident_client.get(reverse("usersessions_list"))
    assert page.context["session_count"] == 2
    resident_client.post(reverse("usersessions_list"))
    assert location(elsewhere, "account") != ""
    assert location(resident_client, "account") == ""
    assert location(other_resident_client, "account") == ""
    entry = AuditEntry.objects.get(event="accounts:session:end")
    assert (entry.actor_id, entry.facts) == (str(resident.pk), {"count": 1})


def test_the_gate_reads_the_session_and_the_person_and_the_page_the_agency(
    deputy_client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    deputy_client.get(reverse("account"))
    with django_assert_num_queries(3):
        deputy_client.get(reverse("account"))
