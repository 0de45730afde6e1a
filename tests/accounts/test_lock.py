"""Agency accounts lock after five failed sign-ins in fifteen minutes (CJIS AC-7)."""

from datetime import timedelta

import pytest
from django.db import DatabaseError
from django.test import Client
from django.urls import reverse
from time_machine import TimeMachineFixture

from audit.log.models import AuditEntry
from fusus_portal.ground.accounts.models import SignInFailure, User
from fusus_portal.ground.accounts.services import accounts
from fusus_portal.ground.notifications.models import Message
from tests.accounts.codes import app_code
from tests.accounts.tries import give_password, is_signed_in

pytestmark = pytest.mark.django_db


def fail(account: User, times: int) -> None:
    for _ in range(times):
        give_password(Client(), account, "wrong password")


def sign_in_fully(account: User) -> Client:
    client = Client()
    give_password(client, account)
    client.post(reverse("mfa_authenticate"), {"code": app_code()})
    return client


def test_five_failures_lock_it_even_for_the_right_password(deputy: User) -> None:
    fail(deputy, 5)
    deputy.refresh_from_db()
    assert deputy.is_locked
    assert not is_signed_in(sign_in_fully(deputy))
    entry = AuditEntry.objects.get(event="accounts:account:lock")
    assert (entry.subject_id, entry.actor_kind) == (str(deputy.pk), "visitor")


def test_the_holder_is_told(deputy: User) -> None:
    fail(deputy, 5)
    assert Message.objects.get(kind="account_locked").to == deputy.email


def test_four_failures_lock_nothing(deputy: User) -> None:
    fail(deputy, 4)
    assert is_signed_in(sign_in_fully(deputy))


def test_a_sign_in_starts_the_count_again(deputy: User) -> None:
    fail(deputy, 4)
    sign_in_fully(deputy)
    fail(deputy, 4)
    deputy.refresh_from_db()
    assert not deputy.is_locked


def test_failures_of_an_hour_ago_dont_count(deputy: User, time_machine: TimeMachineFixture) -> None:
    time_machine.move_to("2026-12-01 12:00Z", tick=False)
    fail(deputy, 4)
    time_machine.shift(timedelta(minutes=15))
    fail(deputy, 4)
    deputy.refresh_from_db()
    assert not deputy.is_locked


def test_it_stays_locked_as_time_goes_by(deputy: User, time_machine: TimeMachineFixture) -> None:
    time_machine.move_to("2026-12-01 12:00Z", tick=False)
    fail(deputy, 5)
    time_machine.shift(timedelta(days=3))
    assert not is_signed_in(sign_in_fully(deputy))


def test_wrong_codes_count_like_wrong_passwords(deputy: User) -> None:
    client = Client()
    give_password(client, deputy)
    for _ in range(5):
        client.post(reverse("mfa_authenticate"), {"code": "000000"})
    deputy.refresh_from_db()
    assert deputy.is_locked
    client.post(reverse("mfa_authenticate"), {"code": app_code()})
    assert not is_signed_in(client)


def test_somebody_outside_cant_stop_a_deputy_at_work(deputy: User, deputy_client: Client) -> None:
    fail(deputy, 5)
    assert deputy_client.get(reverse("account")).status_code == 200


def test_failed_proofs_on_an_open_screen_end_its_sign_in(deputy: User, deputy_client: Client) -> None:
    for _ in range(5):
        deputy_client.post(reverse("account_reauthenticate"), {"password": "wrong password"})
    assert not is_signed_in(deputy_client)


def test_guesses_at_the_old_password_count_like_any_other(deputy: User, deputy_client: Client) -> None:
    new = "seven lanterns by the river"
    for _ in range(5):
        guess = {"oldpassword": "wrong password", "password1": new, "password2": new}
        deputy_client.post(reverse("account_change_password"), guess)
    deputy.refresh_from_db()
    assert deputy.is_locked
    assert not is_signed_in(deputy_client)


def test_nobody_comes_in_when_the_failure_cant_be_counted(deputy: User, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(**kwargs: object) -> None:
        raise DatabaseError("disk full")

    monkeypatch.setattr(SignInFailure.objects, "create", fails)
    client = Client(raise_request_exception=False)
    assert give_password(client, deputy, "wrong password").status_code == 500
    assert not is_signed_in(client)


def test_a_public_account_is_not_even_looked_up(resident: User) -> None:
    assert accounts.hold_by_email(resident.email) is None
