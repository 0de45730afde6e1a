"""Forms about people of the agency, each with right and wrong answers."""

from django.test import Client
from django.urls import reverse

from fusus_portal.ground.accounts.models import RoleChange, User
from fusus_portal.ground.accounts.roles import Role
from fusus_portal.ground.accounts.selectors import invitation_token
from fusus_portal.ground.accounts.services import role_changes
from tests.factories import person
from tests.people import PASSWORD, sign_in
from tests.site.wrong_answers import Question, WrongForm, asks


def invite(*, by: User) -> RoleChange:
    """Return an invitation that waits for another administrator."""
    return role_changes.invite(email="kim@agency.example", name="Kim", role="deputy", reason="New here.", by=by)


def person_invite() -> WrongForm:
    """Somebody new at the agency."""
    administrator, deputy = person(Role.ADMINISTRATOR), person(Role.DEPUTY)
    invited = invite(by=administrator).email
    return WrongForm(
        sign_in(administrator),
        reverse("person_invite"),
        (
            asks("email", "lee@agency.example", "", "x", deputy.email.upper(), invited),
            asks("name", "Kim Lee", "", "x" * 121),
            asks("role", "clerk", "", "resident"),
            asks("reason", "New in the office.", "", "x" * 301),
        ),
    )


def invitation() -> WrongForm:
    """The name and password of an invited person."""
    change = role_changes.approve(change=invite(by=person(Role.ADMINISTRATOR)), by=person(Role.ADMINISTRATOR))
    return WrongForm(
        Client(),
        reverse("invitation", args=[invitation_token(change.pk)]),
        (asks("name", "Kim Lee", "", "x" * 121), asks("password", PASSWORD, "", "short", "kim@agency.example")),
    )


def person_change() -> WrongForm:
    """Another role of somebody."""
    deputy = person(Role.DEPUTY)
    return WrongForm(
        sign_in(person(Role.ADMINISTRATOR)),
        reverse("person", args=[deputy.pk]),
        (
            Question(
                {"kind": "change_role", "role": "clerk"},
                tuple({"kind": "change_role", "role": role} for role in ("", "resident", "deputy")),
            ),
            asks("reason", "Moves to the office.", "", "x" * 301),
        ),
    )


def person_suspend() -> WrongForm:
    """An account that somebody else may be using."""
    address = reverse("person_suspend", args=[person(Role.DEPUTY).pk])
    return WrongForm(sign_in(person(Role.ADMINISTRATOR)), address, (asks("reason", "Not her.", "", " ", "x" * 301),))


def account_contact() -> WrongForm:
    """How somebody of the agency is reached."""
    return WrongForm(
        sign_in(person(Role.DEPUTY)),
        reverse("account_contact"),
        (asks("name", "Kim Lee", "", "x" * 121), asks("call_back_number", "205-555-0142", "x" * 33)),
    )


FORMS = (person_invite, invitation, person_change, person_suspend, account_contact)
