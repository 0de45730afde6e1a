"""Accepting an invitation, and how the first administrators come about."""

from datetime import timedelta
from io import StringIO

import pytest
from django.conf import LazySettings
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from time_machine import TimeMachineFixture

from audit.log.models import AuditEntry
from fusus_portal.ground.accounts import selectors
from fusus_portal.ground.accounts.models import RoleChange, Suspension, User
from fusus_portal.ground.accounts.selectors import invitation_token
from fusus_portal.ground.accounts.services import role_changes
from fusus_portal.ground.database.owner import as_owner
from fusus_portal.ground.notifications.channels.email_channel import letter_of
from fusus_portal.ground.notifications.models import Message
from tests.accounts.suspending import suspended
from tests.database import template
from tests.database.clone import Clone
from tests.people import PASSWORD, make_person, unconfirmed_account

pytestmark = pytest.mark.django_db

ANSWER = {"name": "Kim Lee", "password": PASSWORD}


@pytest.fixture
def invited(administrator: User, other_administrator: User) -> RoleChange:
    change = role_changes.invite(
        email="kim@agency.example", name="Kim", role="deputy", reason="New on the night watch.", by=administrator
    )
    return role_changes.approve(change=change, by=other_administrator)


def page_of(change: RoleChange) -> str:
    return reverse("invitation", args=[invitation_token(change.pk)])


def test_the_mail_leads_to_the_page_and_stores_no_token(invited: RoleChange) -> None:
    message = Message.objects.get(kind="invitation")
    assert message.to == "kim@agency.example"
    assert invitation_token(invited.pk) not in str(message.context)
    assert page_of(invited) in letter_of(message).text


def test_opening_the_link_does_nothing(invited: RoleChange, visitor_client: Client) -> None:
    assert visitor_client.get(page_of(invited)).status_code == 200
    assert not User.objects.filter(email=invited.email).exists()


def test_a_person_chooses_a_password_and_has_an_account(invited: RoleChange, visitor_client: Client) -> None:
    response = visitor_client.post(page_of(invited), ANSWER, follow=True)
    assert response.redirect_chain == [(reverse("system_use_notice"), 302)]
    assert "Your account is ready. Sign in, then" in response.content.decode()
    account = User.objects.get(email=invited.email)
    assert (account.role, account.name) == ("deputy", "Kim Lee")
    assert account.pseudonym.startswith("Deputy ")
    entry = AuditEntry.objects.get(event="accounts:role-change:accept")
    assert (entry.actor_kind, entry.subject_id) == ("link", str(invited.pk))


def test_it_works_once(invited: RoleChange, visitor_client: Client) -> None:
    visitor_client.post(page_of(invited), ANSWER)
    again = visitor_client.get(page_of(invited))
    assert again.status_code == 409
    assert f'href="{reverse("account_login")}"' in again.content.decode()
    assert "Nothing of yours was saved" not in again.content.decode()
    assert visitor_client.post(page_of(invited), ANSWER).status_code == 409
    assert User.objects.filter(email=invited.email).count() == 1


def test_it_works_for_seven_days(invited: RoleChange, visitor_client: Client, time_machine: TimeMachineFixture) -> None:
    time_machine.move_to(timezone.now() + timedelta(days=7, minutes=1))
    assert visitor_client.post(page_of(invited), ANSWER).status_code == 409
    assert not User.objects.filter(email=invited.email).exists()


def test_a_link_that_we_did_not_make_leads_nowhere(invited: RoleChange, visitor_client: Client) -> None:
    forged = page_of(invited)[:-6] + "AAAAA/"
    assert visitor_client.get(forged).status_code == 404


def test_before_the_second_administrator_it_opens_nothing(administrator: User, visitor_client: Client) -> None:
    change = role_changes.invite(email="kim@agency.example", name="Kim", role="deputy", reason="New.", by=administrator)
    assert visitor_client.post(page_of(change), ANSWER).status_code == 409
    assert not User.objects.filter(email=change.email).exists()


def test_a_weak_password_is_said_beside_the_field(invited: RoleChange, visitor_client: Client) -> None:
    response = visitor_client.post(page_of(invited), {"name": "Kim Lee", "password": "sheriff"})
    assert response.context["form"].errors["password"] == ["Use at least 8 characters."]
    assert not User.objects.filter(email=invited.email).exists()


def test_a_public_account_does_not_become_an_agency_account(
    administrator: User, other_administrator: User, resident: User, visitor_client: Client
) -> None:
    change = role_changes.invite(email=resident.email, name="", role="deputy", reason="New.", by=administrator)
    role_changes.approve(change=change, by=other_administrator)
    response = visitor_client.post(page_of(change), ANSWER)
    assert response.status_code == 403
    assert "An agency account needs an address of its own" in response.content.decode()
    resident.refresh_from_db()
    assert resident.role == "resident"


def test_an_account_that_never_confirmed_the_address_does_not_keep_it_from_the_invited_person(
    invited: RoleChange, visitor_client: Client
) -> None:
    squatter = unconfirmed_account(invited.email)
    assert visitor_client.post(page_of(invited), ANSWER).status_code == 302
    account = User.objects.get(email=invited.email)
    assert (account.role, account.check_password(PASSWORD)) == ("deputy", True)
    entry = AuditEntry.objects.get(event="accounts:account:delete")
    assert (entry.actor_kind, entry.subject_id) == ("link", str(squatter.pk))


def test_a_sign_up_at_the_same_instant_is_said_as_an_address_in_use(
    invited: RoleChange, visitor_client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fresh(role: str) -> str:
        make_person("resident", invited.email)
        return "Deputy Q1Q1"

    monkeypatch.setattr(selectors, "new_pseudonym", fresh)  # after the look at who has the address
    answer = visitor_client.post(page_of(invited), ANSWER)
    assert answer.status_code == 403
    assert "An agency account needs an address of its own" in answer.content.decode()


class TestTheFirstAdministrators:
    @pytest.fixture(autouse=True)
    def at_the_server(self, portal_db: Clone, settings: LazySettings) -> None:
        """Give the commands the address that only the deploy step and the operator have."""
        settings.MIGRATOR_DATABASE = template.role_settings(portal_db.server, "portal_migrator", portal_db.name)

    def test_a_second_address_cancels_the_invitation_to_the_first(self, visitor_client: Client) -> None:
        with as_owner():
            mistyped = role_changes.invite_first_administrator(email="frist@agency.example")
            first = role_changes.invite_first_administrator(email="first@agency.example")
        assert visitor_client.post(page_of(mistyped), ANSWER).status_code == 409
        visitor_client.post(page_of(first), ANSWER)
        assert User.objects.get(role="administrator").email == "first@agency.example"
        entry = AuditEntry.objects.get(event="accounts:role-change:cancel")
        assert (entry.actor_role, entry.subject_id) == ("operator", str(mistyped.pk))

    def test_the_same_address_again_keeps_its_invitation(self) -> None:
        with as_owner():
            first = role_changes.invite_first_administrator(email="first@agency.example")
            assert first.approved_at is not None
            assert first.expires_at - first.approved_at == timedelta(days=7)
            assert role_changes.invite_first_administrator(email="First@agency.example").pk == first.pk
        assert not AuditEntry.objects.filter(event="accounts:role-change:cancel").exists()

    def test_the_first_one_is_invited_at_the_server(self, visitor_client: Client) -> None:
        out = StringIO()
        call_command("first_administrator", "First@Agency.example", stdout=out)
        page = next(line for line in out.getvalue().splitlines() if line.startswith("http"))
        visitor_client.post(page.removeprefix("http://localhost:8000"), {**ANSWER, "name": "First"})
        assert User.objects.get(email="first@agency.example").role == "administrator"
        events = list(AuditEntry.objects.order_by("id").values_list("event", "actor_role"))
        assert events == [
            ("accounts:role-change:propose", "operator"),
            ("accounts:role-change:approve", "operator"),
            ("accounts:role-change:accept", "invited person"),
        ]

    def test_there_is_one_first_only(self, administrator: User) -> None:
        User.objects.filter(pk=administrator.pk).update(is_active=False, disabled_at="2026-01-01T00:00Z")
        with pytest.raises(CommandError, match="administrator already"):
            call_command("first_administrator", "second@agency.example")

    def test_the_operator_is_the_second_pair_of_eyes_for_the_second_one(self, administrator: User) -> None:
        change = role_changes.invite(
            email="two@agency.example", name="Two", role="administrator", reason="Second.", by=administrator
        )
        call_command("stand_in", "--approve", str(change.pk), stdout=StringIO())
        change.refresh_from_db()
        assert (change.state, change.by_operator, change.approved_by) == ("approved", True, None)

    def test_with_two_the_operator_has_no_say(
        self, administrator: User, other_administrator: User, deputy: User
    ) -> None:
        change = role_changes.propose(kind="disable", account=deputy, reason="Left.", by=administrator)
        with pytest.raises(CommandError, match="in the console"):
            call_command("stand_in", "--approve", str(change.pk))
        change.refresh_from_db()
        assert change.state == "proposed"

    def test_when_none_can_act_the_operator_releases_one(self, administrator: User) -> None:
        with pytest.raises(CommandError):
            call_command("stand_in", "--release", administrator.email)
        User.objects.filter(pk=administrator.pk).update(locked_at="2026-01-01T00:00Z")
        call_command("stand_in", "--release", administrator.email, stdout=StringIO())
        administrator.refresh_from_db()
        assert not administrator.is_locked
        assert AuditEntry.objects.filter(event="accounts:account:release", actor_role="operator").count() == 1
        assert RoleChange.objects.get().expires_at > timezone.now()

    def test_the_operator_suspends_where_only_two_administrators_are_left(
        self, administrator: User, other_administrator: User, deputy: User
    ) -> None:
        out = StringIO()
        call_command("suspend", other_administrator.email, "--reason", "Signs in from abroad.", stdout=out)
        assert "An administrator confirms it in the console before" in out.getvalue()
        suspension = Suspension.objects.get()
        assert (suspension.account, suspension.by_operator) == (other_administrator, True)
        call_command("stand_in", stdout=out)
        assert f"{other_administrator.email}  suspended" in out.getvalue()
        with pytest.raises(CommandError, match="an administrator must confirm it"):
            call_command("stand_in", "--confirm", other_administrator.email)
        with pytest.raises(CommandError, match="in the console"):
            call_command("suspend", deputy.email, "--reason", "Signs in from abroad.")
        with pytest.raises(CommandError, match="at most 300"):
            call_command("suspend", administrator.email, "--reason", "x" * 301)

    def test_the_operator_is_the_second_word_where_there_is_one_administrator(
        self, administrator: User, deputy: User
    ) -> None:
        suspension = suspended(deputy, by=administrator)
        call_command("stand_in", "--confirm", deputy.email, stdout=StringIO())
        suspension.refresh_from_db()
        assert (suspension.state, suspension.by_operator) == ("confirmed", True)

    def test_without_the_operators_address_there_is_no_operator(
        self, administrator: User, settings: LazySettings
    ) -> None:
        settings.MIGRATOR_DATABASE = None
        User.objects.filter(pk=administrator.pk).update(locked_at="2026-01-01T00:00Z")
        for command in (["stand_in", "--release", administrator.email], ["first_administrator", "me@agency.example"]):
            with pytest.raises(CommandError, match="MIGRATOR_DATABASE_URL"):
                call_command(*command)
        administrator.refresh_from_db()
        assert administrator.is_locked
