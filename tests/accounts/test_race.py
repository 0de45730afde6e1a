"""Many at once: guesses are counted one by one, and two approvals have one effect."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait

import pytest
from django.contrib.auth.base_user import AbstractBaseUser
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse

from audit.log.models import AuditEntry
from fusus_portal.ground.accounts.models import RoleChange, SignInFailure, User
from fusus_portal.ground.accounts.services import accounts, role_changes
from fusus_portal.ground.lifecycle import Refused, Stale
from fusus_portal.ground.notifications.models import Message
from tests.database.operator import as_operator
from tests.people import make_person

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(act: Callable[[], object], times: int) -> list[object]:
    def closing() -> object:
        try:
            return act()
        finally:
            connection.close()

    with ThreadPoolExecutor(times) as pool:
        return [future.result() for future in [pool.submit(closing) for _ in range(times)]]


def test_of_many_guesses_at_once_five_are_checked(monkeypatch: pytest.MonkeyPatch) -> None:
    deputy = make_person("deputy", "dan@agency.example")
    checked: list[str] = []
    check = AbstractBaseUser.check_password

    def counting(self: AbstractBaseUser, password: str) -> bool:
        checked.append(password)
        return bool(check(self, password))

    monkeypatch.setattr(AbstractBaseUser, "check_password", counting)
    guess = {"login": deputy.email, "password": "wrong password"}
    at_once(lambda: Client().post(reverse("account_login"), guess).status_code, 9)
    deputy.refresh_from_db()
    assert deputy.is_locked
    assert len(checked) == 5
    assert AuditEntry.objects.filter(event="accounts:account:lock").count() == 1
    assert SignInFailure.objects.filter(account=deputy).count() >= 5


def test_a_guess_does_not_hold_up_what_refers_to_the_account() -> None:
    deputy = make_person("deputy", "dan@agency.example")

    def write() -> str:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL lock_timeout = '1s'")
            SignInFailure.objects.create(account=deputy)
        return "written"

    with transaction.atomic():
        assert accounts.hold_by_email(deputy.email) == deputy
        assert at_once(write, 1) == ["written"]


def test_two_approvals_at_once_have_one_effect() -> None:
    deputy = make_person("deputy", "dan@agency.example")
    first, second = (make_person("administrator", f"{name}@agency.example") for name in ("ada", "ben"))
    change = role_changes.propose(kind="disable", account=deputy, reason="Left the office.", by=first)

    def approve() -> str:
        try:
            role_changes.approve(change=change, by=second)
        except Stale:
            return "too late"
        return "done"

    assert sorted(map(str, at_once(approve, 3))) == ["done", "too late", "too late"]
    assert not User.objects.get(pk=deputy.pk).is_active
    assert Message.objects.filter(kind="role_notice").count() == 1


def test_a_second_word_waits_for_what_is_done_to_the_administrator_who_gave_the_first() -> None:
    first, second, third = (make_person("administrator", f"{name}@agency.example") for name in ("one", "two", "three"))
    deputy = make_person("deputy", "dan@agency.example")
    change = role_changes.propose(kind="change_role", account=deputy, role="clerk", reason="Night shift.", by=first)
    leaving = role_changes.propose(kind="disable", account=first, reason="Left the office.", by=second)
    begun = threading.Event()

    def approve() -> str:
        begun.set()
        try:
            role_changes.approve(change=change, by=second)
        except Refused as refused:
            return refused.sentence
        finally:
            connection.close()
        return ""

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            role_changes.approve(change=leaving, by=third)
            answer = pool.submit(approve)
            begun.wait()
            assert not wait([answer], timeout=0.5).done
        assert "no administrator any more" in answer.result()
    deputy.refresh_from_db()
    assert deputy.role == "deputy"


def test_of_two_operators_at_once_the_second_knows_what_the_first_did() -> None:
    begun = threading.Event()

    def invite(email: str) -> RoleChange:
        with as_operator():
            return role_changes.invite_first_administrator(email=email)

    def second() -> RoleChange:
        begun.set()
        try:
            return invite("ben@agency.example")
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            first = invite("ada@agency.example")
            answer = pool.submit(second)
            begun.wait()
            assert not wait([answer], timeout=0.5).done
        assert answer.result().state == "approved"
    first.refresh_from_db()
    assert first.state == "cancelled"
