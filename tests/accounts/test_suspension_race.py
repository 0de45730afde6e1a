"""Two who suspend, confirm or come back in the same second: one of them does it, and the agency can always act."""

from functools import partial

import pytest

from fusus_portal.ground.accounts import policies
from fusus_portal.ground.accounts.models import Suspension, User
from fusus_portal.ground.accounts.roles import Role
from fusus_portal.ground.accounts.services import suspensions
from fusus_portal.ground.accounts.tasks import SUSPENSION_ROUND
from fusus_portal.ground.lifecycle import Refused, Stale
from fusus_portal.ground.notifications.kinds import MessageKind
from fusus_portal.ground.notifications.models import Message
from tests.accounts.suspending import REASON, suspended
from tests.factories import person
from tests.registry.test_races import at_once

pytestmark = pytest.mark.django_db(transaction=True)


def refused(outcomes: list[object]) -> list[Exception]:
    return [each for each in outcomes if isinstance(each, Exception)]


def test_of_two_administrators_who_suspend_each_other_the_second_is_out() -> None:
    first, second, third, fourth = (person(Role.ADMINISTRATOR) for _each in range(4))
    outcomes = at_once(
        partial(suspensions.suspend, account=second, reason=REASON, by=first),
        partial(suspensions.suspend, account=first, reason=REASON, by=second),
    )
    [error] = refused(outcomes)
    assert isinstance(error, Refused)
    [suspension] = Suspension.objects.all()
    assert {suspension.account, suspension.suspended_by} == {first, second}
    assert {third, fourth} < set(policies.able(Role.ADMINISTRATOR))


def test_a_ring_of_administrators_who_suspend_each_other_leaves_two() -> None:
    ring = [person(Role.ADMINISTRATOR) for _each in range(5)]
    pairs = zip(ring, ring[1:] + ring[:1], strict=True)
    at_once(*(partial(suspensions.suspend, account=other, reason=REASON, by=each) for each, other in pairs))
    assert policies.able(Role.ADMINISTRATOR).count() >= 2


def test_of_two_who_suspend_the_last_two_auditors_one_does() -> None:
    administrators, auditors = [person(Role.ADMINISTRATOR)] * 2, [person(Role.AUDITOR), person(Role.AUDITOR)]
    pairs = zip(administrators, auditors, strict=True)
    outcomes = at_once(*(partial(suspensions.suspend, account=one, reason=REASON, by=each) for each, one in pairs))
    assert len(refused(outcomes)) == 1
    assert policies.able(Role.AUDITOR).count() == 1


def test_of_two_who_suspend_the_same_account_one_does() -> None:
    deputy, two = person(Role.DEPUTY), [person(Role.ADMINISTRATOR), person(Role.ADMINISTRATOR)]
    outcomes = at_once(*(partial(suspensions.suspend, account=deputy, reason=REASON, by=each) for each in two))
    [error] = refused(outcomes)
    assert isinstance(error, Stale)
    assert "suspended already" in error.sentence
    assert Message.objects.filter(kind=MessageKind.SUSPENSION_NOTICE).count() == 1


def test_of_four_at_once_three_are_suspended() -> None:
    by, deputies = person(Role.ADMINISTRATOR), [person(Role.DEPUTY) for _each in range(4)]
    outcomes = at_once(*(partial(suspensions.suspend, account=each, reason=REASON, by=by) for each in deputies))
    [error] = refused(outcomes)
    assert isinstance(error, Refused)
    assert User.objects.filter(role=Role.DEPUTY, is_active=False).count() == 3


def test_of_two_who_confirm_one_does() -> None:
    suspension, two = suspended(person(Role.DEPUTY)), [person(Role.ADMINISTRATOR), person(Role.ADMINISTRATOR)]
    outcomes = at_once(*(partial(suspensions.confirm, suspension=suspension, by=each) for each in two))
    [error] = refused(outcomes)
    assert isinstance(error, Stale)
    suspension.refresh_from_db()
    assert suspension.state == "confirmed"


def test_it_is_confirmed_or_comes_back_and_not_both() -> None:
    suspension, second = suspended(person(Role.DEPUTY)), person(Role.ADMINISTRATOR)
    at_once(
        partial(suspensions.confirm, suspension=suspension, by=second),
        partial(suspensions.end_due, now=suspension.expires_at, by=SUSPENSION_ROUND),
    )
    suspension.refresh_from_db()
    assert (suspension.state == "ended") == User.objects.get(pk=suspension.account_id).is_active
