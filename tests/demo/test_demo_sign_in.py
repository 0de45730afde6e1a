"""The first page of the demo, and `manage.py signin ROLE`: one press or one address, in the demo only."""

from io import StringIO

import pytest
from allauth.usersessions.models import UserSession
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import Settings

from audit.log.models import AuditEntry
from fusus_portal.ground.accounts.models import User

pytestmark = pytest.mark.django_db


@pytest.fixture
def _demo(settings: Settings) -> None:
    settings.DEBUG = True


def address(role: str) -> str:
    out = StringIO()
    call_command("signin", role, stdout=out)
    return out.getvalue().strip().removeprefix("http://localhost:8000")


@pytest.mark.usefixtures("_demo")
def test_it_signs_in_a_deputy_past_factor_and_notice(deputy: User, visitor_client: Client) -> None:
    assert visitor_client.get(address("deputy")).headers["Location"] == reverse("console")
    assert visitor_client.get(reverse("account")).status_code == 200
    assert visitor_client.get(reverse("account_contact")).status_code == 200
    assert UserSession.objects.filter(user=deputy).count() == 1
    assert AuditEntry.objects.filter(event="accounts:session:start", actor_id=str(deputy.pk)).count() == 1


@pytest.mark.usefixtures("_demo")
def test_an_address_works_once(resident: User, visitor_client: Client) -> None:
    once = address("resident")
    assert visitor_client.get(once).status_code == 302
    assert Client().get(once).status_code == 404


@pytest.mark.usefixtures("_demo")
def test_it_replaces_the_person_who_was_signed_in(resident: User, deputy_client: Client) -> None:
    deputy_client.get(address("resident"))
    assert deputy_client.session["_auth_user_id"] == str(resident.pk)


def test_outside_the_demo_neither_command_nor_address_works(
    settings: Settings, resident: User, visitor_client: Client
) -> None:
    settings.DEBUG = True
    made = address("resident")
    settings.DEBUG = False
    with pytest.raises(CommandError, match="development only"):
        call_command("signin", "resident")
    assert visitor_client.get(made).status_code == 404


@pytest.mark.usefixtures("_demo")
def test_the_first_page_says_what_can_be_tried_and_signs_in_with_one_press(
    deputy: User, resident: User, visitor_client: Client
) -> None:
    page = visitor_client.get(reverse("demo")).content.decode()
    for account in (deputy, resident):
        assert account.email in page
        pressed = visitor_client.post(reverse("demo_sign_in_as", args=[account.role]))
        assert visitor_client.session["_auth_user_id"] == str(account.pk)
        assert pressed.headers["Location"] == reverse("console" if account.is_agency else "profile")
        assert UserSession.objects.filter(user=account).count() == 1
    assert "Search the log" not in page


@pytest.mark.usefixtures("_demo")
def test_the_press_is_a_form_of_this_site_for_somebody_who_is_there(resident: User) -> None:
    stranger = Client(enforce_csrf_checks=True)
    assert stranger.post(reverse("demo_sign_in_as", args=["resident"])).status_code == 403
    assert stranger.get(reverse("demo_sign_in_as", args=["resident"])).status_code == 405
    assert Client().post(reverse("demo_sign_in_as", args=["auditor"])).status_code == 404
    assert Client().post(reverse("demo_sign_in_as", args=["root"])).status_code == 404
    assert not UserSession.objects.exists()


@pytest.mark.usefixtures("_demo")
def test_neither_page_nor_press_is_there_outside_the_demo(
    settings: Settings, resident: User, visitor_client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def status() -> tuple[int, int]:
        pressed = visitor_client.post(reverse("demo_sign_in_as", args=["resident"]))
        return visitor_client.get(reverse("demo")).status_code, pressed.status_code

    with monkeypatch.context() as elsewhere:
        elsewhere.setitem(settings.DATABASES["default"], "HOST", "db.county.example")
        assert status() == (404, 404)
    settings.DEBUG = False
    assert status() == (404, 404)
    assert "_auth_user_id" not in visitor_client.session
