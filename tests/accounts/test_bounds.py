"""How long an agency account's password and an invitation last: the last moment, and the first that is too late."""

from contextlib import AbstractContextManager, nullcontext
from datetime import timedelta

import pytest
from django.conf import settings
from django.utils import timezone
from time_machine import TimeMachineFixture

from fusus_portal.ground.accounts import policies
from fusus_portal.ground.accounts.models import RoleChange, User
from fusus_portal.ground.accounts.policies import password_is_too_old
from fusus_portal.ground.accounts.services import accounts, role_changes
from fusus_portal.ground.accounts.states import RoleChangeState
from fusus_portal.ground.accounts.tasks import DAILY_ROUND
from fusus_portal.ground.lifecycle import Stale
from tests.people import unconfirmed_account

NOW = timezone.now()
MOMENT = timedelta(microseconds=1)
EXPIRED = pytest.raises(Stale, match="has expired")


@pytest.fixture(autouse=True)
def _now(time_machine: TimeMachineFixture) -> None:
    time_machine.move_to(NOW, tick=False)


@pytest.mark.parametrize(
    ("role", "age", "is_too_old"),
    [
        ("deputy", settings.PASSWORD_AGE_LIMIT, False),
        ("deputy", settings.PASSWORD_AGE_LIMIT + MOMENT, True),
        ("resident", settings.PASSWORD_AGE_LIMIT + MOMENT, False),
    ],
)
def test_an_agency_password_lasts_a_year(role: str, age: timedelta, *, is_too_old: bool) -> None:
    assert password_is_too_old(User(role=role, password_changed_at=NOW - age), NOW) is is_too_old


@pytest.mark.parametrize(("left", "outcome"), [(MOMENT, nullcontext()), (timedelta(), EXPIRED), (-MOMENT, EXPIRED)])
def test_an_invitation_is_open_until_its_moment(left: timedelta, outcome: AbstractContextManager[object]) -> None:
    with outcome:
        policies.check_invitation(RoleChange(state=RoleChangeState.APPROVED, expires_at=NOW + left))


@pytest.mark.django_db
def test_what_is_proposed_expires_after_seven_days(deputy: User, administrator: User) -> None:
    change = role_changes.propose(kind="disable", account=deputy, reason="Left.", by=administrator)
    assert change.expires_at == NOW + timedelta(days=7)


@pytest.mark.django_db
def test_accounts_that_are_not_confirmed_within_a_day_are_deleted_and_counted() -> None:
    for number, age in enumerate((24, 25, 26)):
        account = unconfirmed_account(f"{number}@home.example")
        User.objects.filter(pk=account.pk).update(joined_at=NOW - timedelta(hours=age))
    assert accounts.delete_old_unconfirmed(now=NOW, by=DAILY_ROUND) == 2
    assert User.objects.get().email == "0@home.example"
