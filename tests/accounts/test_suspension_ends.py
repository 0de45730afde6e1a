"""A suspension is confirmed by a second administrator or the operator, or the account comes back without factors."""

from datetime import timedelta
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks

from audit.log.actors import AT_THE_SERVER
from audit.log.events import Event
from audit.log.models import AuditEntry
from fusus_portal.ground.accounts.models import Suspension, User
from fusus_portal.ground.accounts.roles import Role
from fusus_portal.ground.accounts.services import role_changes, suspensions
from fusus_portal.ground.accounts.tasks import SUSPENSION_ROUND, end_suspensions
from fusus_portal.ground.lifecycle import NotYours, Refused, Stale, why_not
from tests.accounts.codes import mailed_link
from tests.accounts.suspending import REASON, suspended
from tests.database.operator import as_operator
from tests.factories import person

pytestmark = pytest.mark.django_db

A_DAY = timedelta(days=1)
NOW = timezone.now()
A_DAY_AGO: dict[str, Any] = {"suspended_at": NOW - A_DAY, "expires_at": NOW}


def a_day_later() -> int:
    """Run the round that ends suspensions, a day later."""
    return suspensions.end_due(now=timezone.now() + A_DAY, by=SUSPENSION_ROUND)


def events_of(suspension: Suspension) -> list[str]:
    return list(
        AuditEntry.objects.filter(subject_kind="suspension", subject_id=str(suspension.pk))
        .order_by("id")
        .values_list("event", flat=True)
    )


class TestConfirming:
    def test_a_second_administrator_confirms_and_it_stays_out(
        self, deputy: User, administrator: User, other_administrator_client: Client
    ) -> None:
        suspension = suspended(deputy, by=administrator)
        address = reverse("suspension_confirm", args=[suspension.pk])
        assert other_administrator_client.post(address).headers["Location"] == reverse("people")
        assert events_of(suspension) == [Event.ACCOUNT_SUSPENDED, Event.SUSPENSION_CONFIRMED]
        assert a_day_later() == 0
        assert not User.objects.get(pk=deputy.pk).is_active
        assert other_administrator_client.post(address).status_code == 409

    def test_the_administrator_who_suspended_does_not_confirm(
        self, deputy: User, administrator: User, administrator_client: Client
    ) -> None:
        suspension = suspended(deputy, by=administrator)
        assert "another administrator must confirm it" in administrator_client.get(reverse("people")).text
        answer = administrator_client.post(reverse("suspension_confirm", args=[suspension.pk]))
        assert answer.status_code == 403
        assert Suspension.objects.get().state == "suspended"

    def test_after_a_day_it_is_too_late(self, deputy: User, other_administrator: User) -> None:
        with as_operator():
            suspension = Suspension.objects.create(account=deputy, reason=REASON, by_operator=True, **A_DAY_AGO)
        with pytest.raises(Stale, match="within a day"):
            suspensions.confirm(suspension=suspension, by=other_administrator)

    def test_the_word_of_one_who_is_out_does_not_count(self, deputy: User) -> None:
        first, second, third, fourth = (person(Role.ADMINISTRATOR) for _each in range(4))
        suspension = suspended(deputy, by=first)
        suspended(first, by=second)
        with pytest.raises(Refused, match="no longer is one"):
            suspensions.confirm(suspension=suspension, by=third)
        assert fourth.is_active

    def test_two_administrators_enable_it_later_without_what_was_stolen(
        self, deputy: User, administrator: User, other_administrator: User
    ) -> None:
        suspensions.confirm(suspension=suspended(deputy, by=administrator), by=other_administrator)
        change = role_changes.propose(kind="enable", account=deputy, reason="It is hers again.", by=administrator)
        role_changes.approve(change=change, by=other_administrator)
        deputy.refresh_from_db()
        assert deputy.is_active
        assert not deputy.has_usable_password()
        assert not Authenticator.objects.filter(user=deputy).exists()

    def test_nothing_else_is_decided_about_it_meanwhile(
        self, deputy: User, administrator: User, other_administrator: User
    ) -> None:
        change = role_changes.propose(kind="disable", account=deputy, reason="Left.", by=administrator)
        suspended(deputy, by=administrator)
        with pytest.raises(Refused, match="This account is suspended"):
            role_changes.approve(change=change, by=other_administrator)
        role_changes.cancel(change=change, by=administrator)
        with pytest.raises(Refused, match="This account is suspended"):
            role_changes.propose(kind="enable", account=deputy, reason="A mistake.", by=administrator)


class TestComingBack:
    def test_it_comes_back_bare_when_nobody_confirmed(self, deputy: User) -> None:
        suspension = suspended(deputy)
        assert end_suspensions() == 0
        assert a_day_later() == 1
        assert a_day_later() == 0
        deputy.refresh_from_db()
        suspension.refresh_from_db()
        assert (deputy.is_active, deputy.disabled_at, suspension.state) == (True, None, "ended")
        assert not deputy.has_usable_password()
        assert not Authenticator.objects.filter(user=deputy).exists()
        assert events_of(suspension) == [Event.ACCOUNT_SUSPENDED, Event.SUSPENSION_ENDED]

    def test_a_link_of_before_sets_no_password_of_a_suspended_account(
        self, deputy: User, client: Client, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
    ) -> None:
        with django_capture_on_commit_callbacks(execute=True):
            client.post(reverse("account_reset_password"), {"email": deputy.email})
        new = "ten green bottles on a wall"
        page = client.get(mailed_link()).headers["Location"]
        suspended(deputy)
        answer = client.post(page, {"password1": new, "password2": new})
        assert "used already, or is older than an hour" in answer.text
        deputy.refresh_from_db()
        assert not deputy.has_usable_password()


class TestOperator:
    def test_the_operator_suspends_only_what_no_administrator_does_alone(
        self, deputy: User, administrator: User, other_administrator: User
    ) -> None:
        with as_operator():
            assert "in the console" in why_not(lambda: suspensions.suspend_at_server(email=deputy.email, reason=REASON))
            suspension = suspensions.suspend_at_server(email=other_administrator.email, reason=REASON)
        suspensions.confirm(suspension=suspension, by=administrator)
        entries = AuditEntry.objects.filter(subject_id=str(suspension.pk)).order_by("id")
        assert [entry.actor_id for entry in entries] == [AT_THE_SERVER.id, str(administrator.pk)]

    def test_a_suspended_administrator_counts_as_one_who_can_act(self, administrator: User, deputy: User) -> None:
        other = person(Role.ADMINISTRATOR)
        change = role_changes.propose(kind="disable", account=deputy, reason="Left.", by=administrator)
        with as_operator():
            suspensions.suspend_at_server(email=other.email, reason=REASON)
            with pytest.raises(Refused, match="Two administrators can act"):
                role_changes.stand_in(change=change)

    def test_the_operator_confirms_where_there_is_no_second_administrator(
        self, deputy: User, administrator: User
    ) -> None:
        suspension = suspended(deputy, by=administrator)
        with as_operator():
            suspensions.confirm_at_server(email=deputy.email)
        suspension.refresh_from_db()
        assert (suspension.state, suspension.by_operator, suspension.confirmed_by) == ("confirmed", True, None)

    def test_the_operator_is_not_both_words(self, administrator: User) -> None:
        with as_operator():
            suspensions.suspend_at_server(email=administrator.email, reason=REASON)
            with pytest.raises(Refused, match="an administrator must confirm it"):
                suspensions.confirm_at_server(email=administrator.email)

    def test_nobody_is_found_by_another_address(self, resident: User) -> None:
        with as_operator(), pytest.raises(NotYours):
            suspensions.suspend_at_server(email=resident.email, reason=REASON)
        with pytest.raises(NotYours):
            suspensions.confirm_at_server(email=resident.email)
