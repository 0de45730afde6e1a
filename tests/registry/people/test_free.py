"""Promise R1 over HTTP: registering asks for no money anywhere, and nobody is registered who does not agree."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from fusus_portal.ground.accounts.models import User
from registry.registrants.models import Registrant
from tests.registry.people.test_registration import AGREED, STEPS, fill

pytestmark = pytest.mark.django_db

OF_PAYMENT = re.compile(r"card_number|cardholder|iban|amount|price|checkout|payment", re.IGNORECASE)
FIELD = re.compile(r"<(?:input|select|button|form)[^>]*>")


def asks_for_money(page: str) -> list[str]:
    """Return the fields, buttons and forms of a page that are about money."""
    return [tag for tag in FIELD.findall(page) if OF_PAYMENT.search(tag)]


def test_no_step_asks_for_money_and_the_last_one_registers(resident: User, resident_client: Client) -> None:
    fill(resident_client)
    for step in STEPS:
        page = resident_client.get(reverse(step)).content.decode()
        assert "<form" in page
        assert asks_for_money(page) == []
    assert asks_for_money('<input name="card_number">')
    assert resident_client.post(reverse("register_check"), AGREED).headers["Location"] == reverse("profile")
    assert asks_for_money(resident_client.get(reverse("profile")).content.decode()) == []
    assert asks_for_money(resident_client.get(reverse("leave")).content.decode()) == []
    assert Registrant.objects.get(user=resident)


def test_a_person_who_does_not_agree_is_not_registered(resident_client: Client) -> None:
    fill(resident_client)
    assert "Please tick the box" in resident_client.post(reverse("register_check")).content.decode()
    assert not Registrant.objects.exists()
