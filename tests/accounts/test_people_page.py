"""The administrators' pages about people."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from time_machine import TimeMachineFixture

from audit.log.models import AuditEntry
from fusus_portal.ground.accounts.models import RoleChange, User
from fusus_portal.ground.accounts.services import role_changes
from tests.database.operator import as_operator
from tests.people import sign_in

pytestmark = pytest.mark.django_db

INVITE = {"email": "Kim@Agency.example", "name": "Kim Lee", "role": "deputy", "reason": "New on the night watch."}


def test_it_lists_agency_people_and_never_residents(
    administrator_client: Client, deputy: User, resident: User, business: User
) -> None:
    page = administrator_client.get(reverse("people")).content.decode()
    assert deputy.email in page
    assert resident.email not in page
    assert business.email not in page
    assert AuditEntry.objects.filter(event="accounts:people:list").count() == 1


@pytest.mark.parametrize("typed", ["munoz", "MUÑOZ inés", "ines@agency", "deputy muñ", "k7q2"])
def test_a_person_is_found_by_name_however_it_is_typed(
    typed: str, administrator_client: Client, deputy: User, other_deputy: User
) -> None:
    columns = {"name": "Inés Muñoz", "email": "ines@agency.example", "pseudonym": "Deputy K7Q2"}
    User.objects.filter(pk=deputy.pk).update(**columns)
    page = administrator_client.get(reverse("people"), {"q": typed}).content.decode()
    assert reverse("person", args=[deputy.pk]) in page
    assert reverse("person", args=[other_deputy.pk]) not in page
    assert AuditEntry.objects.filter(event="accounts:people:list").count() == 1


def test_a_person_is_found_by_state_and_a_resident_never(
    administrator_client: Client, deputy: User, other_deputy: User, resident: User
) -> None:
    User.objects.filter(pk=deputy.pk).update(locked_at=timezone.now())
    page = administrator_client.get(reverse("people"), {"q": "locked"}).content.decode()
    assert reverse("person", args=[deputy.pk]) in page
    assert reverse("person", args=[other_deputy.pk]) not in page
    page = administrator_client.get(reverse("people"), {"q": resident.email}).content.decode()
    assert "No match" in page
    assert reverse("person", args=[resident.pk]) not in page


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        ({}, "In use"),
        ({"locked_at": timezone.now()}, "Locked"),
        ({"is_active": False, "disabled_at": timezone.now()}, "Disabled"),
    ],
)
def test_it_says_whether_an_account_can_be_used(
    columns: dict[str, object], said: str, administrator_client: Client, deputy: User
) -> None:
    User.objects.filter(pk=deputy.pk).update(**columns)
    page = administrator_client.get(reverse("person", args=[deputy.pk])).content.decode()
    [heading] = re.findall(r"<h1>(.*?)</h1>", page, re.DOTALL)
    assert said in heading


def test_opening_a_persons_page_is_an_entry(administrator_client: Client, deputy: User) -> None:
    address = reverse("person", args=[deputy.pk])
    assert administrator_client.get(address).status_code == 200
    administrator_client.post(address, {"kind": "change_role", "role": "", "reason": "Promoted."})
    opened = AuditEntry.objects.filter(event="accounts:person:open")
    assert [entry.subject_id for entry in opened] == [str(deputy.pk)] * 2


def test_the_history_of_an_account_names_who_proposed_and_who_approved(
    administrator: User, other_administrator: User, administrator_client: Client, deputy: User
) -> None:
    change = role_changes.propose(kind="disable", account=deputy, reason="Left.", by=administrator)
    address = reverse("person", args=[deputy.pk])
    said = f"Proposed by {administrator}, approved by nobody yet."
    assert said in administrator_client.get(address).content.decode()
    role_changes.approve(change=change, by=other_administrator)
    said = f"Proposed by {administrator}, approved by {other_administrator}."
    assert said in administrator_client.get(address).content.decode()


def test_a_residents_account_has_no_page(administrator_client: Client, resident: User) -> None:
    assert administrator_client.get(reverse("person", args=[resident.pk])).status_code == 404


def test_what_was_proposed_at_the_server_is_named_so(request: pytest.FixtureRequest) -> None:
    with as_operator():
        role_changes.invite_first_administrator(email="first@agency.example")
    page = request.getfixturevalue("administrator_client").get(reverse("people")).content.decode()
    assert "Proposed by the operator at the server on" in page


def test_an_invitation_waits_for_another_administrator(
    administrator: User, administrator_client: Client, other_administrator_client: Client
) -> None:
    administrator_client.post(reverse("person_invite"), INVITE)
    change = RoleChange.objects.get()
    assert (change.state, change.email) == ("proposed", "kim@agency.example")
    approve = reverse("change_approve", args=[change.pk])
    own = administrator_client.get(reverse("people")).content.decode()
    assert "You proposed this, so another administrator must approve it." in own
    assert f"Proposed by {administrator} on" in own
    assert "<h3>Invite as Deputy: " in own
    assert administrator_client.post(approve).status_code == 403
    change.refresh_from_db()
    assert change.state == "proposed"
    assert other_administrator_client.post(approve).headers["Location"] == reverse("people")
    change.refresh_from_db()
    assert change.state == "approved"


def test_each_step_says_what_comes_next(
    administrator_client: Client, other_administrator_client: Client, deputy: User
) -> None:
    def said(client: Client, address: str, **typed: str) -> str:
        return str(client.post(address, typed, follow=True).content.decode())

    def newest(name: str) -> str:
        return reverse(name, args=[RoleChange.objects.latest("proposed_at").pk])

    page = reverse("person", args=[deputy.pk])
    disable = {"kind": "disable", "role": "", "reason": "Left."}
    assert "Another administrator approves it, then" in said(administrator_client, reverse("person_invite"), **INVITE)
    assert "on its way to kim@agency.example" in said(other_administrator_client, newest("change_approve"))
    assert "when another administrator approves it." in said(administrator_client, page, **disable)
    assert "Canceled. Nothing changes." in said(administrator_client, newest("change_cancel"))
    said(administrator_client, page, **disable)
    assert "It is in effect, and the person is told" in said(other_administrator_client, newest("change_approve"))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"kind": "change_role", "role": "supervisor"}, "Change the role to Supervisor"),
        ({"kind": "disable"}, "Disable the account"),
    ],
)
def test_it_says_what_was_proposed(
    change: dict[str, str], said: str, administrator: User, administrator_client: Client, deputy: User
) -> None:
    role_changes.propose(**change, account=deputy, reason="A new post.", by=administrator)
    assert f"<h3>{said}: " in administrator_client.get(reverse("people")).text


def test_a_change_that_is_done_answers_too_late(
    administrator: User, other_administrator_client: Client, deputy: User
) -> None:
    change = role_changes.propose(kind="disable", account=deputy, reason="Left.", by=administrator)
    approve = reverse("change_approve", args=[change.pk])
    other_administrator_client.post(approve)
    assert other_administrator_client.post(approve).status_code == 409


def test_a_mistake_is_said_beside_the_field_and_keeps_what_was_typed(
    administrator_client: Client, deputy: User
) -> None:
    response = administrator_client.post(reverse("person_invite"), {**INVITE, "email": deputy.email})
    assert response.context["form"].errors["email"] == ["This address has an agency account already."]
    assert "Kim Lee" in response.content.decode()


def test_an_administrator_does_not_learn_who_is_registered(administrator_client: Client, resident: User) -> None:
    response = administrator_client.post(reverse("person_invite"), {**INVITE, "email": resident.email})
    assert response.headers["Location"] == reverse("people")


def test_a_change_of_role_needs_the_role(administrator_client: Client, deputy: User) -> None:
    response = administrator_client.post(
        reverse("person", args=[deputy.pk]), {"kind": "change_role", "role": "", "reason": "Promotion."}
    )
    assert response.context["form"].errors["role"]
    assert not RoleChange.objects.exists()


def test_an_open_change_is_named_beside_what_else_is_wrong(
    administrator: User, administrator_client: Client, deputy: User
) -> None:
    role_changes.propose(kind="disable", account=deputy, reason="Left.", by=administrator)
    response = administrator_client.post(reverse("person", args=[deputy.pk]), {"kind": "disable", "reason": ""})
    assert "still open" in response.context["form"].non_field_errors()[0]
    assert response.context["form"].errors["reason"]


class TestProofAgain:
    @pytest.fixture(autouse=True)
    def _noon(self, time_machine: TimeMachineFixture) -> None:
        time_machine.move_to("2026-12-01 12:00Z", tick=False)

    def test_after_five_minutes_it_asks_for_the_password(
        self, administrator: User, time_machine: TimeMachineFixture
    ) -> None:
        client = sign_in(administrator)
        time_machine.shift(timedelta(minutes=5, seconds=1))
        response = client.get(reverse("person_invite"))
        assert response.headers["Location"].startswith(reverse("account_reauthenticate"))
        assert client.post(reverse("person_invite"), INVITE).status_code == 302
        assert not RoleChange.objects.exists()

    def test_it_takes_both_and_then_goes_on(self, administrator: User, time_machine: TimeMachineFixture) -> None:
        from tests.accounts.codes import app_code  # noqa: PLC0415
        from tests.people import PASSWORD  # noqa: PLC0415

        client = sign_in(administrator)
        page = reverse("person_invite")
        time_machine.shift(timedelta(minutes=10))
        client.post(reverse("account_reauthenticate"), {"password": PASSWORD, "next": page})
        assert client.get(page).headers["Location"].startswith(reverse("mfa_reauthenticate"))
        client.post(reverse("mfa_reauthenticate"), {"code": app_code(), "next": page})
        assert client.get(page).status_code == 200
        proofs = AuditEntry.objects.filter(event="accounts:session:renew").order_by("id")
        assert [entry.facts["method"] for entry in proofs] == ["password", "mfa"]

    def test_looking_at_the_list_needs_no_fresh_proof(
        self, administrator: User, time_machine: TimeMachineFixture
    ) -> None:
        client = sign_in(administrator)
        time_machine.shift(timedelta(minutes=10))
        assert client.get(reverse("people")).status_code == 200
