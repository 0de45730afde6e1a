"""Signing in with password and second factor."""

from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client
from django.urls import reverse
from redis.exceptions import ConnectionError as CacheDown
from time_machine import TimeMachineFixture

from audit.log.models import AuditEntry, AuditTally
from fusus_portal.ground.access import limits
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.accounts.services import sign_ins
from tests.accounts.codes import app_code
from tests.accounts.tries import give_password, is_signed_in, wait
from tests.database.operator import as_operator
from tests.people import PASSWORD, make_person

pytestmark = pytest.mark.django_db


def test_a_resident_needs_the_password_only(visitor_client: Client, resident: User) -> None:
    assert give_password(visitor_client, resident).headers["Location"] == reverse("profile")
    assert is_signed_in(visitor_client)
    assert AuditEntry.objects.filter(event="accounts:session:start", actor_id=str(resident.pk)).count() == 1


def test_a_deputy_is_not_in_before_the_second_factor(visitor_client: Client, deputy: User) -> None:
    assert give_password(visitor_client, deputy).headers["Location"] == reverse("mfa_authenticate")
    assert not is_signed_in(visitor_client)
    response = visitor_client.post(reverse("mfa_authenticate"), {"code": app_code()})
    assert response.headers["Location"] == reverse("console")
    assert is_signed_in(visitor_client)


def test_a_code_opens_one_door_only_even_when_its_thirty_seconds_are_over(
    deputy: User, time_machine: TimeMachineFixture
) -> None:
    time_machine.move_to("2026-12-01 12:00:01Z", tick=False)
    code = app_code()
    first, second = Client(), Client()
    give_password(first, deputy)
    first.post(reverse("mfa_authenticate"), {"code": code})
    time_machine.shift(timedelta(seconds=35))
    give_password(second, deputy)
    response = second.post(reverse("mfa_authenticate"), {"code": code})
    assert is_signed_in(first)
    assert not is_signed_in(second)
    assert response.context["form"].errors["code"]


def test_a_recovery_code_opens_once(deputy: User) -> None:
    from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes  # noqa: PLC0415

    with as_operator():
        code = RecoveryCodes.activate(deputy).get_unused_codes()[0]
    first, second = Client(), Client()
    for client in (first, second):
        give_password(client, deputy)
        client.post(reverse("mfa_authenticate"), {"code": code})
    assert (is_signed_in(first), is_signed_in(second)) == (True, False)


def test_nobody_learns_whether_an_account_exists_is_locked_or_disabled(resident: User, deputy: User) -> None:
    locked = make_person("deputy", "locked@portal.example")
    User.objects.filter(pk=locked.pk).update(locked_at="2026-01-01T00:00Z")
    disabled = make_person("clerk", "disabled@portal.example")
    User.objects.filter(pk=disabled.pk).update(is_active=False, disabled_at="2026-01-01T00:00Z")
    tries: list[tuple[User | str, str]] = [
        (resident, "wrong password"),
        (deputy, "wrong password"),
        ("nobody@portal.example", PASSWORD),
        (locked, PASSWORD),
        (disabled, PASSWORD),
    ]
    answers = {str(give_password(Client(), who, password).context["form"].errors) for who, password in tries}
    assert len(answers) == 1


def test_failed_tries_from_one_address_become_one_entry_a_minute(resident: User, visitor_client: Client) -> None:
    for _ in range(4):
        give_password(visitor_client, resident, "wrong password")
    tallies = AuditTally.objects.filter(event="accounts:session:fail")
    assert {tally.address for tally in tallies} == {"127.0.0.1"}
    assert sum(tally.count for tally in tallies) == 4
    assert len(tallies) <= 2  # the tries may fall on two minutes


def test_a_public_account_is_slowed_down_and_never_locked(resident: User, visitor_client: Client) -> None:
    for _ in range(12):
        give_password(visitor_client, resident, "wrong password")
    response = give_password(visitor_client, resident)
    assert "Too many failed tries" in response.content.decode()
    resident.refresh_from_db()
    assert resident.locked_at is None
    wait(minutes=5)
    give_password(visitor_client, resident)
    assert is_signed_in(visitor_client)


def test_another_port_in_the_host_does_not_start_the_count_again(resident: User) -> None:
    for number in range(10):
        client = Client(headers={"host": f"testserver:{2000 + number}"})
        give_password(client, resident, "wrong password")
    eleventh = Client(headers={"host": "testserver:3000"})
    give_password(eleventh, resident)
    assert not is_signed_in(eleventh)


def test_nobody_comes_in_while_tries_cant_be_counted(
    resident: User, visitor_client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def down(*args: object, **kwargs: object) -> int:
        raise CacheDown("no route to the cache")

    monkeypatch.setattr(limits, "_used", down)
    response = give_password(visitor_client, resident)
    assert response.status_code == 503
    assert "count attempts right now, so it lets nobody through" in response.content.decode()
    assert not is_signed_in(visitor_client)


def test_nobody_comes_in_without_the_entry(
    resident: User, visitor_client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(**kwargs: object) -> None:
        raise RuntimeError("the log is full")

    monkeypatch.setattr(sign_ins, "record", fails)
    visitor_client.raise_request_exception = False
    assert give_password(visitor_client, resident).status_code == 500
    assert not is_signed_in(visitor_client)


def test_the_secret_of_a_code_app_is_not_readable_in_the_database(deputy: User) -> None:
    from tests.people import TOTP_SECRET  # noqa: PLC0415

    assert TOTP_SECRET not in str(Authenticator.objects.get(user=deputy).data)


def test_a_new_browser_speaks_the_persons_language(visitor_client: Client) -> None:
    account = make_person("resident", "ana@portal.example", language="es")
    give_password(visitor_client, account)
    assert visitor_client.cookies["django_language"].value == "es"


def test_a_language_that_was_chosen_stays(visitor_client: Client) -> None:
    visitor_client.cookies["django_language"] = "es"
    give_password(visitor_client, make_person("resident", "ana@portal.example", language="en"))
    assert visitor_client.cookies["django_language"].value == "es"


def test_signing_out_is_an_entry(resident_client: Client, resident: User) -> None:
    resident_client.post(reverse("account_logout"))
    assert not is_signed_in(resident_client)
    assert AuditEntry.objects.filter(event="accounts:session:leave", actor_id=str(resident.pk)).exists()


def test_it_leads_to_no_foreign_page(resident: User, visitor_client: Client) -> None:
    response = give_password(visitor_client, resident, next="https://evil.example/")
    assert "evil" not in response.headers["Location"]
