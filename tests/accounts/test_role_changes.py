"""Every change to an agency account takes two administrators (CJIS AC-5)."""

from collections.abc import Callable
from datetime import timedelta
from itertools import product

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from time_machine import TimeMachineFixture

from audit.log.actors import VISITOR
from audit.log.models import AuditEntry
from fusus_portal.ground.accounts.models import Identity, RoleChange, User
from fusus_portal.ground.accounts.services import accounts, role_changes
from fusus_portal.ground.accounts.states import ROLE_CHANGE, RoleChangeState
from fusus_portal.ground.accounts.tasks import clear_sessions, daily_round
from fusus_portal.ground.lifecycle import Other, Refused, Stale
from fusus_portal.ground.notifications.models import Message
from tests.accounts.tries import is_signed_in
from tests.people import unconfirmed_account

pytestmark = pytest.mark.django_db

REASON = "Transferred to the night watch."
S = RoleChangeState
ALLOWED = {
    (S.PROPOSED, S.APPROVED, "administrator"),
    (S.PROPOSED, S.APPROVED, Other.OPERATOR),
    (S.PROPOSED, S.ACCEPTED, "administrator"),
    (S.PROPOSED, S.ACCEPTED, Other.OPERATOR),
    (S.PROPOSED, S.CANCELLED, "administrator"),
    (S.PROPOSED, S.EXPIRED, Other.CLOCK),
    (S.APPROVED, S.ACCEPTED, Other.INVITED),
    (S.APPROVED, S.CANCELLED, "administrator"),
    (S.APPROVED, S.CANCELLED, Other.OPERATOR),
    (S.APPROVED, S.EXPIRED, Other.CLOCK),
}
WHO = [
    "resident",
    "business",
    "deputy",
    "supervisor",
    "auditor",
    "clerk",
    "administrator",
    Other.OPERATOR,
    Other.INVITED,
    Other.CLOCK,
]


def outcome_of(source: S, target: S, role: str) -> type[Exception] | bool:
    """Return whether a step has an event, or by what it is refused."""
    try:
        return bool(ROLE_CHANGE.check(source=source, target=target, role=role).event)
    except (Refused, Stale) as refused:
        return type(refused)


def test_each_step_is_open_to_those_named_and_to_nobody_else() -> None:
    pairs = {(begin, end) for begin, end, _ in ALLOWED}
    steps = [(source, target, role) for source, target, role in product(S, S, WHO)]
    wanted = {step: True if step in ALLOWED else Refused if step[:2] in pairs else Stale for step in steps}
    assert wanted.keys() >= ALLOWED
    assert {step: outcome_of(*step) for step in steps} == wanted


@pytest.fixture
def proposed(deputy: User, administrator: User) -> Callable[..., RoleChange]:
    def make(kind: str, **more: str) -> RoleChange:
        return role_changes.propose(kind=kind, account=deputy, reason=REASON, by=administrator, **more)

    return make


def events_about(thing: RoleChange | User) -> list[str]:
    return list(AuditEntry.objects.filter(subject_id=str(thing.pk)).order_by("id").values_list("event", flat=True))


class TestTwoAdministrators:
    def test_a_proposal_alone_changes_nothing(self, proposed: Callable[..., RoleChange], deputy: User) -> None:
        change = proposed("change_role", role="supervisor")
        deputy.refresh_from_db()
        assert (change.state, deputy.role) == ("proposed", "deputy")
        assert events_about(change) == ["accounts:role-change:propose"]

    def test_who_proposed_it_cant_approve_it(
        self, proposed: Callable[..., RoleChange], deputy: User, administrator: User
    ) -> None:
        change = proposed("change_role", role="supervisor")
        with pytest.raises(Refused, match="another administrator"):
            role_changes.approve(change=change, by=administrator)
        deputy.refresh_from_db()
        assert deputy.role == "deputy"

    def test_the_database_refuses_it_too(self, proposed: Callable[..., RoleChange], administrator: User) -> None:
        change = proposed("disable")
        with pytest.raises(IntegrityError), transaction.atomic():
            RoleChange.objects.filter(pk=change.pk).update(
                state="accepted", approved_by=administrator, approved_at=timezone.now()
            )

    def test_the_database_refuses_an_approval_by_nobody(self, proposed: Callable[..., RoleChange]) -> None:
        change = proposed("disable")
        with pytest.raises(IntegrityError), transaction.atomic():
            RoleChange.objects.filter(pk=change.pk).update(state="accepted", approved_at=timezone.now())

    def test_another_one_can(
        self, proposed: Callable[..., RoleChange], deputy: User, other_administrator: User
    ) -> None:
        before = deputy.pseudonym
        change = role_changes.approve(change=proposed("change_role", role="supervisor"), by=other_administrator)
        deputy.refresh_from_db()
        assert (change.state, deputy.role) == ("accepted", "supervisor")
        assert deputy.pseudonym == before.replace("Deputy", "Supervisor")
        assert events_about(change) == ["accounts:role-change:propose", "accounts:role-change:approve"]
        assert events_about(deputy) == ["accounts:account:change-role"]
        assert Message.objects.get(kind="role_notice").to == deputy.email

    def test_nobody_approves_what_is_about_themselves(self, administrator: User, other_administrator: User) -> None:
        change = role_changes.propose(
            kind="change_role", account=other_administrator, role="clerk", reason=REASON, by=administrator
        )
        with pytest.raises(Refused, match="about you"):
            role_changes.approve(change=change, by=other_administrator)

    def test_nobody_proposes_for_themselves(self, administrator: User) -> None:
        with pytest.raises(Refused):
            role_changes.propose(kind="disable", account=administrator, reason=REASON, by=administrator)

    @pytest.mark.parametrize("who", ["deputy", "supervisor", "auditor", "clerk", "resident"])
    def test_nobody_else_proposes_or_approves(
        self, who: str, other_deputy: User, administrator: User, request: pytest.FixtureRequest
    ) -> None:
        person = request.getfixturevalue(who)
        with pytest.raises(Refused):
            role_changes.propose(kind="disable", account=other_deputy, reason=REASON, by=person)
        change = role_changes.propose(kind="disable", account=other_deputy, reason=REASON, by=administrator)
        with pytest.raises(Refused):
            role_changes.approve(change=change, by=person)

    def test_approving_twice_is_too_late(self, proposed: Callable[..., RoleChange], other_administrator: User) -> None:
        change = proposed("disable")
        role_changes.approve(change=change, by=other_administrator)
        with pytest.raises(Stale):
            role_changes.approve(change=change, by=other_administrator)
        assert Message.objects.filter(kind="role_notice").count() == 1

    def test_one_account_has_one_open_change(self, proposed: Callable[..., RoleChange]) -> None:
        proposed("disable")
        with pytest.raises(ValidationError, match="still open"):
            proposed("change_role", role="clerk")

    def test_a_resident_is_never_changed_into_an_agency_account(self, resident: User, administrator: User) -> None:
        with pytest.raises(Refused, match="not an agency account"):
            role_changes.propose(kind="change_role", account=resident, role="deputy", reason=REASON, by=administrator)

    def test_a_role_of_the_public_is_never_given(self, proposed: Callable[..., RoleChange]) -> None:
        with pytest.raises((ValidationError, IntegrityError)), transaction.atomic():
            proposed("change_role", role="resident")


class TestEffects:
    def test_a_lock_is_released(
        self, proposed: Callable[..., RoleChange], deputy: User, other_administrator: User
    ) -> None:
        with pytest.raises(Refused, match="not locked"):
            proposed("release")
        for _failure in range(5):
            accounts.count_failure(account=deputy, by=VISITOR)
        role_changes.approve(change=proposed("release"), by=other_administrator)
        deputy.refresh_from_db()
        assert not deputy.is_locked
        assert events_about(deputy) == ["accounts:account:lock", "accounts:account:release"]
        assert accounts.count_failure(account=deputy, by=VISITOR) is False  # the first of five

    def test_a_disabled_account_is_out_at_once(
        self,
        proposed: Callable[..., RoleChange],
        deputy: User,
        deputy_client: Client,
        other_administrator: User,
        administrator: User,
    ) -> None:
        role_changes.approve(change=proposed("disable"), by=other_administrator)
        assert deputy_client.get(reverse("console")).status_code == 302
        assert not is_signed_in(deputy_client)
        assert User.objects.filter(pk=deputy.pk, is_active=False).exists()
        back = role_changes.propose(kind="enable", account=deputy, reason=REASON, by=administrator)
        role_changes.approve(change=back, by=other_administrator)
        deputy.refresh_from_db()
        assert deputy.is_active
        assert events_about(deputy) == [
            "accounts:account:disable",
            "accounts:session:end",
            "accounts:account:enable",
        ]

    def test_a_lost_phone_means_a_new_second_factor(
        self, proposed: Callable[..., RoleChange], deputy: User, deputy_client: Client, other_administrator: User
    ) -> None:
        accounts.recognize(issuer="https://agency.example", subject="7", email=deputy.email)
        role_changes.approve(change=proposed("reset_factors"), by=other_administrator)
        assert not Authenticator.objects.filter(user=deputy).exists()
        assert not Identity.objects.exists()
        assert not is_signed_in(deputy_client)

    def test_a_changed_role_acts_on_the_next_page(
        self, proposed: Callable[..., RoleChange], deputy_client: Client, other_administrator: User
    ) -> None:
        role_changes.approve(change=proposed("change_role", role="clerk"), by=other_administrator)
        assert deputy_client.get(reverse("incident_new")).status_code == 403


class TestEnds:
    def test_a_cancelled_change_never_takes_effect(
        self, proposed: Callable[..., RoleChange], administrator: User, other_administrator: User, deputy: User
    ) -> None:
        change = role_changes.cancel(change=proposed("disable"), by=administrator)
        with pytest.raises(Stale):
            role_changes.approve(change=change, by=other_administrator)
        deputy.refresh_from_db()
        assert deputy.is_active
        assert events_about(change)[-1] == "accounts:role-change:cancel"

    def test_a_week_later_it_expires(
        self, proposed: Callable[..., RoleChange], time_machine: TimeMachineFixture
    ) -> None:
        time_machine.move_to("2026-12-01 12:00Z", tick=False)
        change = proposed("disable")
        time_machine.shift(timedelta(days=7, seconds=-1))
        assert daily_round()["expired"] == 0
        time_machine.shift(timedelta(seconds=1))
        assert daily_round()["expired"] == 1
        change.refresh_from_db()
        assert change.state == "expired"
        assert events_about(change)[-1] == "accounts:role-change:expire"


class TestSessions:
    def test_one_that_has_ended_is_deleted_with_what_was_typed(self, time_machine: TimeMachineFixture) -> None:
        time_machine.move_to("2026-12-01 12:00Z", tick=False)
        typed = SessionStore()
        typed["registration"] = {"place": {"street": "600 20th Street North"}}
        typed.save()
        time_machine.shift(timedelta(hours=11))
        clear_sessions()
        assert Session.objects.count() == 1
        time_machine.shift(timedelta(hours=2))
        clear_sessions()
        assert Session.objects.count() == 0


class TestUnconfirmedAccounts:
    def test_a_day_after_the_sign_up_they_are_deleted(self, resident: User, time_machine: TimeMachineFixture) -> None:
        time_machine.move_to(timezone.now(), tick=False)
        account = unconfirmed_account("ana@example.org")
        time_machine.shift(timedelta(hours=23))
        assert daily_round()["unconfirmed"] == 0
        time_machine.shift(timedelta(hours=2))
        assert daily_round()["unconfirmed"] == 1
        assert list(User.objects.all()) == [resident]
        entry = AuditEntry.objects.get(event="accounts:account:delete")
        assert (entry.actor_kind, entry.subject_id) == ("task", str(account.pk))

    def test_one_that_was_confirmed_stays_while_its_next_address_is_not(
        self, resident: User, time_machine: TimeMachineFixture
    ) -> None:
        EmailAddress.objects.create(user=resident, email="next@example.org", verified=False, primary=False)
        time_machine.move_to(timezone.now() + timedelta(days=2))
        assert daily_round()["unconfirmed"] == 0
        assert User.objects.filter(pk=resident.pk).exists()


class TestUnusedAccounts:
    def test_ninety_days_unused_disable_it(self, deputy: User, resident: User, clerk: User) -> None:
        long_ago = timezone.now() - timedelta(days=91)
        User.objects.filter(pk__in=[deputy.pk, resident.pk]).update(last_login=long_ago, joined_at=long_ago)
        assert daily_round()["disabled"] == 1
        deputy.refresh_from_db()
        assert not deputy.is_active
        entry = AuditEntry.objects.get(event="accounts:account:disable")
        assert (entry.actor_kind, entry.facts) == ("task", {"why": "unused"})

    def test_one_that_was_never_used_counts_from_its_start(self, deputy: User) -> None:
        User.objects.filter(pk=deputy.pk).update(joined_at=timezone.now() - timedelta(days=89))
        assert daily_round()["disabled"] == 0
        User.objects.filter(pk=deputy.pk).update(joined_at=timezone.now() - timedelta(days=91))
        assert daily_round()["disabled"] == 1
