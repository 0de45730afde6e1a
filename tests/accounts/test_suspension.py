"""A stolen account is out at once by the word of one administrator, who leaves enough others to act."""

from datetime import timedelta
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from audit.log.events import Event
from audit.log.models import AuditEntry
from fusus_portal.ground.accounts.models import Suspension, User
from fusus_portal.ground.accounts.roles import Role
from fusus_portal.ground.accounts.services import accounts, suspensions
from fusus_portal.ground.lifecycle import Refused, Stale
from fusus_portal.ground.notifications.kinds import MessageKind
from fusus_portal.ground.notifications.models import Message
from tests.accounts.suspending import REASON, suspended
from tests.database.operator import as_operator
from tests.factories import person
from tests.people import sign_in

pytestmark = pytest.mark.django_db

A_DAY = timedelta(days=1)
NOW = timezone.now()
A_DAY_AGO: dict[str, Any] = {"suspended_at": NOW - A_DAY, "expires_at": NOW}


class TestSuspending:
    def test_the_next_click_of_a_person_who_is_signed_in_is_out(
        self, deputy: User, administrator_client: Client
    ) -> None:
        first, second = sign_in(deputy), sign_in(deputy)
        assert first.get(reverse("console")).status_code == 200
        administrator_client.post(reverse("person_suspend", args=[deputy.pk]), {"reason": REASON})
        for browser in (first, second):
            answer = browser.get(reverse("console"))
            assert answer.headers["Location"].startswith((reverse("account_login"), reverse("system_use_notice")))
        assert not UserSession.objects.filter(user=deputy).exists()

    def test_neither_password_nor_factor_nor_provider_opens_it_again(self, deputy: User) -> None:
        accounts.recognize(issuer="https://id.example", subject="1", email=deputy.email)
        suspended(deputy)
        deputy.refresh_from_db()
        assert not deputy.is_active
        assert not deputy.has_usable_password()
        assert not Authenticator.objects.filter(user=deputy).exists()
        assert not deputy.identities.exists()

    def test_each_part_of_it_is_an_entry(self, deputy: User, administrator: User) -> None:
        sign_in(deputy)
        suspension = suspended(deputy, by=administrator)
        [entry] = AuditEntry.objects.filter(event=Event.ACCOUNT_SUSPENDED)
        assert (entry.actor_id, entry.subject_id) == (str(administrator.pk), str(suspension.pk))
        assert entry.facts == {"account": str(deputy.pk)}
        about = AuditEntry.objects.filter(subject_kind="account", subject_id=str(deputy.pk), actor_id=administrator.pk)
        assert set(about.values_list("event", flat=True)) == {
            Event.ACCOUNT_DISABLED,
            Event.FACTOR_REMOVED,
            Event.SESSION_ENDED,
        }

    def test_all_administrators_and_auditors_are_told_and_the_person(
        self, deputy: User, administrator: User, other_administrator: User, auditor: User, supervisor: User
    ) -> None:
        suspended(deputy, by=administrator)
        told = Message.objects.filter(kind=MessageKind.SUSPENSION)
        assert set(told.values_list("to", flat=True)) == {administrator.email, other_administrator.email, auditor.email}
        assert Message.objects.get(kind=MessageKind.SUSPENSION_NOTICE).to == deputy.email

    def test_it_waits_on_the_start_pages_of_those_who_were_told(
        self, deputy: User, administrator: User, auditor_client: Client, other_deputy_client: Client
    ) -> None:
        suspension = suspended(deputy, by=administrator)
        said = f"{deputy.pseudonym} waits for another administrator"
        clients = [auditor_client, sign_in(administrator)]
        assert all(said in client.get(reverse("console")).text for client in clients)
        assert said not in other_deputy_client.get(reverse("console")).text
        suspensions.confirm(suspension=suspension, by=person(Role.ADMINISTRATOR))
        assert not any(said in client.get(reverse("console")).text for client in clients)

    def test_it_needs_a_reason(self, deputy: User, administrator_client: Client) -> None:
        answer = administrator_client.post(reverse("person_suspend", args=[deputy.pk]), {"reason": " "})
        assert answer.context["form"].errors["reason"]
        assert not Suspension.objects.exists()

    @pytest.mark.parametrize("whose", ["resident", "nobody"])
    def test_a_public_account_has_no_such_page(
        self, whose: str, resident: User, deputy: User, administrator_client: Client
    ) -> None:
        pk = resident.pk if whose == "resident" else Suspension().pk
        assert administrator_client.post(reverse("person_suspend", args=[pk]), {"reason": REASON}).status_code == 404

    @pytest.mark.parametrize("role", sorted({*Role} - {Role.ADMINISTRATOR}))
    def test_nobody_else_suspends(self, role: str, deputy: User) -> None:
        with pytest.raises(Refused):
            suspensions.suspend(account=deputy, reason=REASON, by=person(role))

    def test_nobody_suspends_themselves(self, administrator: User, other_administrator: User) -> None:
        person(Role.ADMINISTRATOR)
        with pytest.raises(Refused, match="Nobody suspends their own account"):
            suspensions.suspend(account=administrator, reason=REASON, by=administrator)

    def test_one_who_is_suspended_suspends_nobody(self, deputy: User, other_administrator: User) -> None:
        stolen = person(Role.ADMINISTRATOR)
        person(Role.ADMINISTRATOR)
        suspended(stolen, by=other_administrator)
        with pytest.raises(Refused):
            suspensions.suspend(account=deputy, reason=REASON, by=stolen)

    def test_an_account_is_suspended_once(self, deputy: User) -> None:
        suspended(deputy)
        with pytest.raises(Stale, match="suspended already"):
            suspended(deputy)

    def test_a_disabled_account_is_not_suspended(self, deputy: User) -> None:
        User.objects.filter(pk=deputy.pk).update(is_active=False, disabled_at=timezone.now())
        with pytest.raises(Stale, match="disabled already"):
            suspended(deputy)

    def test_the_fourth_in_a_day_is_refused(self, administrator: User, administrator_client: Client) -> None:
        for _each in range(3):
            suspended(person(Role.DEPUTY), by=administrator)
        fourth = person(Role.DEPUTY)
        with pytest.raises(Refused, match="three accounts in the last 24 hours"):
            suspended(fourth, by=administrator)
        page = administrator_client.get(reverse("person", args=[fourth.pk])).text
        assert "three accounts in the last 24 hours" in page
        suspended(fourth)

    def test_after_a_day_it_is_possible_again(self, administrator: User) -> None:
        with as_operator():
            Suspension.objects.bulk_create(
                Suspension(account=person(Role.DEPUTY), reason=REASON, suspended_by=administrator, **A_DAY_AGO)
                for _each in range(3)
            )
        assert suspended(person(Role.DEPUTY), by=administrator)


class TestWhoIsLeft:
    def test_two_administrators_are_left(self, administrator: User, other_administrator: User) -> None:
        with pytest.raises(Refused, match="Call the operator"):
            suspended(other_administrator, by=administrator)
        person(Role.ADMINISTRATOR)
        suspended(other_administrator, by=administrator)

    def test_an_auditor_is_left(self, auditor: User) -> None:
        with pytest.raises(Refused, match="Call the operator"):
            suspended(auditor)
        person(Role.AUDITOR)
        suspended(auditor)

    def test_an_administrator_who_is_locked_or_suspended_is_not_left(self, administrator: User) -> None:
        others = [person(Role.ADMINISTRATOR) for _each in range(2)]
        User.objects.filter(pk=others[0].pk).update(locked_at=timezone.now())
        with pytest.raises(Refused, match="Call the operator"):
            suspended(others[1], by=administrator)
        more = person(Role.ADMINISTRATOR)
        suspended(others[1], by=administrator)
        with pytest.raises(Refused, match="Call the operator"):
            suspended(more, by=administrator)

    def test_the_page_says_that_the_operator_can(self, administrator_client: Client, other_administrator: User) -> None:
        address = reverse("person_suspend", args=[other_administrator.pk])
        assert "Call the operator" in administrator_client.get(address).text
        assert administrator_client.post(address, {"reason": REASON}).status_code == 403
        assert not Suspension.objects.exists()
