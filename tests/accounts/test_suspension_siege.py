"""Administrators who suspend colleagues to lock the office: each attack is tried to its end."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.utils import timezone

from fusus_portal.ground.accounts import policies
from fusus_portal.ground.accounts.models import Suspension, User
from fusus_portal.ground.accounts.roles import AGENCY_ROLES, Role
from fusus_portal.ground.accounts.services import suspensions
from fusus_portal.ground.accounts.tasks import SUSPENSION_ROUND
from fusus_portal.ground.lifecycle import Refused, Stale
from fusus_portal.ground.notifications.kinds import MessageKind
from fusus_portal.ground.notifications.models import Message
from tests.accounts.suspending import REASON
from tests.database.operator import as_operator
from tests.factories import person

pytestmark = pytest.mark.django_db

A_DAY = timedelta(days=1)
OFFICE = {
    Role.ADMINISTRATOR: 4,
    Role.AUDITOR: 2,
    Role.SUPERVISOR: 2,
    Role.DEPUTY: 4,
    Role.CLERK: 1,
    Role.REVIEWER: 1,
}


@pytest.fixture
def office() -> list[User]:
    """Return everybody of an office, administrators first."""
    return [person(role) for role, number in OFFICE.items() for _each in range(number)]


def suspends(by: User, others: Iterable[User]) -> list[User]:
    """Let one administrator try everybody; return who is out."""
    out = []
    for each in others:
        try:
            suspensions.suspend(account=each, reason=REASON, by=by)
            out.append(each)
        except (Refused, Stale):
            continue
    return out


def able() -> dict[Role, int]:
    """Return how many can act, by role."""
    return {role: policies.able(role).count() for role in OFFICE}


def confirmed(account: User, *, by: User) -> bool:
    waiting = Suspension.objects.get(account=account, state="suspended")
    try:
        suspensions.confirm(suspension=waiting, by=by)
    except (Refused, Stale):
        return False
    return True


@contextmanager
def days(number: int) -> Iterator[Iterator[int]]:
    """Let days pass, one after the other, each with its round."""
    with time_machine.travel(timezone.now(), tick=False) as clock:

        def pass_by() -> Iterator[int]:
            for day in range(number):
                yield day
                clock.shift(A_DAY)
                suspensions.end_due(now=timezone.now(), by=SUSPENSION_ROUND)

        yield pass_by()


def test_the_office_has_each_role() -> None:
    assert set(OFFICE) == set(AGENCY_ROLES)


def test_one_who_tries_everybody_gets_three_and_the_others_undo_it(office: list[User]) -> None:
    rogue, *others = office
    out = suspends(rogue, others)
    assert len(out) == 3
    left = able()
    assert left[Role.ADMINISTRATOR] >= 2
    assert left[Role.AUDITOR] >= 1
    honest = next(each for each in others if each.role == Role.ADMINISTRATOR and each not in out)
    assert not confirmed(out[0], by=rogue)
    told = Message.objects.filter(kind=MessageKind.SUSPENSION, to=honest.email)
    assert told.count() == 3
    with as_operator():
        suspensions.suspend_at_server(email=rogue.email, reason=REASON)
    assert not any(confirmed(each, by=honest) for each in out)
    assert confirmed(rogue, by=honest)
    with days(1) as passing:
        list(passing)
    assert not User.objects.get(pk=rogue.pk).is_active
    assert all(User.objects.get(pk=each.pk).is_active for each in out)


def test_three_who_agree_leave_two_administrators_and_an_auditor(office: list[User]) -> None:
    rogues = office[:3]
    out = [each for rogue in rogues for each in suspends(rogue, [one for one in reversed(office) if one not in rogues])]
    assert len(out) <= 9
    left = able()
    assert left[Role.ADMINISTRATOR] >= 2
    assert left[Role.AUDITOR] >= 1


def test_an_attacker_who_takes_administrators_first_still_can_not_be_the_only_one(office: list[User]) -> None:
    """The honest one who is left can't suspend the thief, and needs nobody but the operator."""
    thief, *others = office[:3]
    User.objects.filter(pk=office[3].pk).update(is_active=False, disabled_at=timezone.now())
    assert len(suspends(thief, others)) == 1
    honest = next(each for each in others if User.objects.get(pk=each.pk).is_active)
    with pytest.raises(Refused, match="Call the operator"):
        suspensions.suspend(account=thief, reason=REASON, by=honest)
    with as_operator():
        suspensions.suspend_at_server(email=thief.email, reason=REASON)
    assert confirmed(thief, by=honest)


def test_day_after_day_no_more_than_three_are_out_at_once(office: list[User]) -> None:
    rogue, *others = office
    with days(5) as passing:
        for _day in passing:
            suspends(rogue, others)
            assert User.objects.filter(role__in=AGENCY_ROLES, is_active=False).count() <= 3
            assert able()[Role.ADMINISTRATOR] >= 2


class TestTheSameAccountAgain:
    """One word lasts a day. Said again each day it would be as good as two."""

    def test_nobody_keeps_an_account_out_alone_for_a_week(self, office: list[User]) -> None:
        rogue, deputy = office[0], office[-3]
        out = 0
        with days(7) as passing:
            for _day in passing:
                out += len(suspends(rogue, [deputy]))
        assert out == 1

    def test_the_sentence_names_who_can(self, office: list[User]) -> None:
        rogue, honest, deputy = office[0], office[1], office[-3]
        with days(1) as passing:
            for _day in passing:
                suspends(rogue, [deputy])
        with time_machine.travel(timezone.now() + A_DAY, tick=False):
            with pytest.raises(Refused, match=r"Another administrator has to suspend it, or the operator"):
                suspensions.suspend(account=deputy, reason=REASON, by=rogue)
            assert suspends(honest, [deputy]) == [deputy]
            assert confirmed(deputy, by=rogue)

    def test_where_no_other_answers_the_operator_is_the_second(self, office: list[User]) -> None:
        """A long weekend, and a thief who reads the mail of the holder."""
        first, deputy = office[0], office[-3]
        with days(1) as passing:
            for _day in passing:
                suspends(first, [deputy])
        with time_machine.travel(timezone.now() + A_DAY, tick=False):
            with as_operator():
                suspensions.suspend_at_server(email=deputy.email, reason=REASON)
            assert confirmed(deputy, by=first)

    def test_a_week_later_the_word_counts_again(self, office: list[User]) -> None:
        first, deputy = office[0], office[-3]
        with days(1) as passing:
            for _day in passing:
                suspends(first, [deputy])
        with time_machine.travel(timezone.now() + 8 * A_DAY, tick=False):
            assert suspends(first, [deputy]) == [deputy]

    def test_the_database_says_so_too(self, office: list[User]) -> None:
        first, deputy = office[0], office[-3]
        with days(1) as passing:
            for _day in passing:
                suspends(first, [deputy])
        now = timezone.now() + A_DAY
        row = {"account": deputy, "reason": REASON, "suspended_at": now, "expires_at": now + A_DAY}
        with pytest.raises(IntegrityError, match="nobody confirmed"), transaction.atomic():
            Suspension.objects.create(suspended_by=first, **row)
        Suspension.objects.create(suspended_by=office[1], **row)
