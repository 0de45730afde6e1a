"""Changes to agency accounts that would change nothing, and acts of the operator that are not needed."""

from collections.abc import Iterator
from datetime import timedelta
from functools import partial

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from time_machine import TimeMachineFixture

from audit.log.models import AuditEntry
from fusus_portal.ground.accounts.models import RoleChange, User
from fusus_portal.ground.accounts.services import accounts, role_changes
from fusus_portal.ground.accounts.states import RoleChangeKind
from fusus_portal.ground.accounts.tasks import DAILY_ROUND
from fusus_portal.ground.lifecycle import NotYours, Refused, Stale
from fusus_portal.ground.notifications.channels.email_channel import preview
from fusus_portal.ground.notifications.kinds import MessageKind, kind_of
from tests.database.operator import as_operator

pytestmark = pytest.mark.django_db

REASON = "Transferred to the night watch."


def disabled(account: User) -> None:
    User.objects.filter(pk=account.pk).update(is_active=False, disabled_at=timezone.now())


def locked(account: User) -> None:
    User.objects.filter(pk=account.pk).update(locked_at=timezone.now())


@pytest.mark.parametrize(
    ("kind", "sentence"), [("release", "is not locked"), ("enable", "is not disabled"), ("disable", "disabled already")]
)
def test_a_change_that_is_true_already_is_refused(deputy: User, administrator: User, kind: str, sentence: str) -> None:
    if kind == "disable":
        disabled(deputy)
    with pytest.raises(Refused, match=sentence):
        role_changes.propose(kind=kind, account=deputy, reason=REASON, by=administrator)
    assert not RoleChange.objects.exists()


def test_a_role_that_the_person_has_is_said_beside_its_field(deputy: User, administrator: User) -> None:
    with pytest.raises(ValidationError) as refused:
        role_changes.propose(kind="change_role", role="deputy", account=deputy, reason=REASON, by=administrator)
    assert "role" in refused.value.message_dict
    assert not RoleChange.objects.exists()


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"email": "nobody"}, "email"),
        ({"name": "x" * 121}, "name"),
        ({"role": "sheriff"}, "role"),
        ({"reason": " "}, "reason"),
    ],
)
def test_what_can_not_be_is_said_beside_its_field(administrator: User, changed: dict[str, str], field: str) -> None:
    said = {"email": "kim@agency.example", "name": "Kim", "role": "deputy", "reason": REASON, **changed}
    with pytest.raises(ValidationError) as refused:
        role_changes.invite(**said, by=administrator)
    assert set(refused.value.message_dict) == {field}


def test_only_administrators_look_at_people_invite_propose_and_cancel(
    deputy: User, supervisor: User, administrator: User
) -> None:
    change = role_changes.propose(kind="disable", account=deputy, reason=REASON, by=administrator)
    for act in (
        lambda: role_changes.list_people(by=supervisor),
        lambda: role_changes.open_person(account=deputy, by=supervisor),
        lambda: role_changes.invite(email="kim@agency.example", name="", role="deputy", reason=REASON, by=supervisor),
        lambda: role_changes.propose(kind="disable", account=administrator, reason=REASON, by=supervisor),
        lambda: role_changes.cancel(change=change, by=supervisor),
    ):
        with pytest.raises(Refused, match="Administrators keep agency accounts"):
            act()
    assert AuditEntry.objects.count() == 1


def test_a_deputy_changes_name_and_call_back_number(deputy: User, deputy_client: Client) -> None:
    typed = {"name": " Kim Lee ", "call_back_number": " 205-555-0177 "}
    assert "Saved." in deputy_client.post(reverse("account_contact"), typed, follow=True).content.decode()
    deputy.refresh_from_db()
    assert (deputy.name, deputy.call_back_number) == ("Kim Lee", "205-555-0177")


def test_nobody_changes_the_contact_of_another(deputy: User, other_deputy: User) -> None:
    with pytest.raises(NotYours):
        accounts.change_contact(account=deputy, name="Somebody", call_back_number="1", by=other_deputy)
    deputy.refresh_from_db()
    assert deputy.name != "Somebody"
    assert not AuditEntry.objects.exists()


def test_a_person_who_comes_back_while_the_daily_round_runs_keeps_the_account(
    deputy: User, other_deputy: User, monkeypatch: pytest.MonkeyPatch, time_machine: TimeMachineFixture
) -> None:
    time_machine.move_to(timezone.now() + timedelta(days=91), tick=False)
    disable = accounts.disable

    def others_come_back(**arguments: object) -> User:
        User.objects.exclude(pk=arguments["account"].pk).update(last_login=timezone.now())  # type: ignore[attr-defined]
        return disable(**arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(accounts, "disable", others_come_back)
    assert accounts.disable_unused(now=timezone.now(), by=DAILY_ROUND) == 1
    assert User.objects.filter(is_active=True).count() == 1


@pytest.mark.parametrize("kind", [kind for kind in RoleChangeKind if kind != RoleChangeKind.INVITE])
def test_the_person_reads_what_changed(kind: RoleChangeKind) -> None:
    build = partial(kind_of("role_notice").build, {"kind": kind.value, "role": "clerk"})
    read = {each: preview(kind=MessageKind.ROLE_NOTICE, language=each, build=build).text for each in ("en", "es")}
    words = {"change_role": "Clerk", "release": "locked", "reset_factors": "passkeys", "disable": "disabled"}
    assert words.get(kind.value, "works again") in read["en"]
    assert read["en"] != read["es"]


class TestTheOperator:
    @pytest.fixture(autouse=True)
    def at_the_server(self) -> Iterator[None]:
        with as_operator():
            yield

    def test_the_first_invitation_can_be_taken_up_again(self, time_machine: TimeMachineFixture) -> None:
        first = role_changes.invite_first_administrator(email="first@agency.example")
        time_machine.move_to(timezone.now() + timedelta(days=30), tick=False)
        again = role_changes.invite_first_administrator(email="First@agency.example ")
        assert (again.pk, RoleChange.objects.count()) == (first.pk, 1)
        assert again.expires_at > timezone.now()

    def test_the_first_administrator_has_an_address(self) -> None:
        with pytest.raises(ValidationError, match="valid email"):
            role_changes.invite_first_administrator(email="nobody")
        assert not RoleChange.objects.exists()

    def test_nobody_is_released_who_is_no_administrator(self, deputy: User) -> None:
        locked(deputy)
        with pytest.raises(NotYours):
            role_changes.release_last_administrator(email=deputy.email)
        deputy.refresh_from_db()
        assert deputy.is_locked

    def test_an_administrator_who_is_disabled_is_not_locked(self, administrator: User) -> None:
        disabled(administrator)
        with pytest.raises(Stale, match="not locked"):
            role_changes.release_last_administrator(email=administrator.email)

    def test_a_release_that_was_proposed_already_is_the_one_approved(
        self, administrator: User, other_administrator: User
    ) -> None:
        locked(administrator)
        proposed = role_changes.propose(kind="release", account=administrator, reason=REASON, by=other_administrator)
        disabled(other_administrator)
        assert role_changes.release_last_administrator(email=administrator.email).pk == proposed.pk
        administrator.refresh_from_db()
        assert not administrator.is_locked
