"""A registration that was begun is offered again, on any device of the same account and to nobody else."""

import pytest
from django.test import Client
from django.urls import reverse

from fusus_portal.ground.accounts.models import User
from registry.registrants.models import RegistrationDraft
from tests.people import sign_in
from tests.registry.people.test_registration import AGREED, YOU, fill

pytestmark = pytest.mark.django_db


def text(browser: Client, name: str) -> str:
    return browser.get(reverse(name), follow=True).content.decode()


class TestGoingOn:
    @pytest.mark.parametrize("name", ["register", "profile"])
    def test_another_device_is_offered_what_was_begun(self, name: str, resident: User, resident_client: Client) -> None:
        fill(resident_client, until="register_cameras")
        page = text(sign_in(resident), name)
        assert "You started to register" in page
        assert f'href="{reverse("register_cameras")}"' in page

    def test_what_was_typed_stands_in_the_fields_there(self, resident: User, resident_client: Client) -> None:
        fill(resident_client)
        elsewhere = sign_in(resident)
        assert 'value="Front door"' in text(elsewhere, "register_cameras")
        assert f'href="{reverse("register_check")}"' in text(elsewhere, "register")
        assert elsewhere.post(reverse("register_check"), AGREED).headers["Location"] == reverse("profile")
        assert not RegistrationDraft.objects.exists()

    def test_nobody_else_sees_it(self, resident_client: Client, other_resident_client: Client) -> None:
        fill(resident_client)
        page = text(other_resident_client, "register")
        assert "You began" not in page
        assert YOU["name"] not in text(other_resident_client, "register_you")

    def test_a_visitor_is_told_nothing(self, resident_client: Client, visitor_client: Client) -> None:
        fill(resident_client)
        assert "You began" not in text(visitor_client, "register")

    def test_it_is_in_spanish(self, resident_client: Client) -> None:
        fill(resident_client, until="register_place")
        resident_client.cookies["django_language"] = "es"
        assert "Usted empezó a registrarse" in text(resident_client, "register")


class TestStartingOver:
    def test_everything_typed_is_gone(self, resident_client: Client) -> None:
        fill(resident_client)
        answer = resident_client.post(reverse("register_restart"))
        assert answer.headers["Location"] == reverse("register_you")
        assert not RegistrationDraft.objects.exists()
        assert "205" not in text(resident_client, "register_you").partition('name="phone"')[2][:200]

    def test_opening_the_address_does_nothing(self, resident_client: Client) -> None:
        fill(resident_client)
        assert resident_client.get(reverse("register_restart")).status_code == 405
        assert RegistrationDraft.objects.exists()
