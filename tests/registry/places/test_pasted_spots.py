"""Spots as map apps copy them are taken as pins, also where no streets are loaded."""

import pytest
from django.test import Client
from django.urls import reverse

from fusus_portal.ground.geo.points import Point
from registry.places.forms.pins import pasted_point
from tests.factories import LINN_PARK
from tests.registry.people.test_registration import fill, post


@pytest.mark.parametrize(
    "text", ["33.5186, -86.8104", "33.5186 -86.8104", "(33.5186,-86.8104)", "33.5186°, -86.8104°", "33.5186;-86.8104"]
)
def test_a_spot_is_read(text: str) -> None:
    assert pasted_point(text) == Point(33.5186, -86.8104)


@pytest.mark.parametrize(
    "text",
    ["", "2024 11th Ave S", "33, -86", "99.5186, -86.8104", "33.5186, -186.8104", "33.5186", "٣٣.٥١٨٦, -86.8104"],
)
def test_anything_else_is_no_spot(text: str) -> None:
    assert pasted_point(text) is None


@pytest.mark.django_db
class TestWithoutStreets:
    def test_a_pasted_spot_is_the_pin(self, resident_client: Client) -> None:
        fill(resident_client, until="register_pin")
        page = resident_client.get(reverse("register_pin")).content.decode()
        assert "The map on this page shows no streets." in page
        said = {"place": f"{LINN_PARK.latitude:.6f}, {LINN_PARK.longitude:.6f}"}
        answer = resident_client.post(reverse("register_pin"), said)
        assert answer.headers["Location"] == reverse("register_cameras")
        pin = resident_client.get(reverse("register_pin")).context["form"].initial
        assert Point(pin["latitude"], pin["longitude"]).distance_m(LINN_PARK) < 1

    def test_words_are_known_by_nobody(self, resident_client: Client) -> None:
        fill(resident_client, until="register_pin")
        assert "We don&#x27;t know this place." in post(resident_client, "register_pin", {"place": "600 20th St N"})
