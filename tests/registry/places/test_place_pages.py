"""Adding, naming and removing places in the profile, in both directions."""

import re
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from registry.canvasses.links import token_for
from registry.other_counties.models import CountyAgency
from registry.places.models import Camera, Premises
from registry.places.services import premises
from registry.registrants.models import Registrant
from tests.factories import CAPITOL, LINN_PARK, place_at, request_at
from tests.registry.other_counties.elsewhere import IN_PELHAM

pytestmark = pytest.mark.django_db

ADDRESS = {
    "kind": "other",
    "street": CAPITOL.street,
    "city": "Birmingham",
    "state": "AL",
    "zip_code": "35203",
    "name": "Cabin",
}
IN_SHELBY = {"latitude": str(IN_PELHAM.latitude), "longitude": str(IN_PELHAM.longitude)}
PIN = {"latitude": str(LINN_PARK.latitude), "longitude": str(LINN_PARK.longitude)}


def text(browser: Client, name: str, *arguments: object) -> str:
    return browser.get(reverse(name, args=arguments)).content.decode()


@pytest.mark.usefixtures("registrant")
@pytest.mark.parametrize(
    ("geocoder", "service"),
    [
        ("nominatim://geocoder.example?user_agent=portal", "geocoder.example"),
        ("photon://", "photon"),
        ("https://key:secret@here.example", "here.example"),
    ],
)
def test_the_page_says_whom_an_address_is_sent_to(
    geocoder: str, service: str, resident_client: Client, settings: Settings
) -> None:
    assert "We send the address" not in text(resident_client, "premises_new")
    settings.GEOCODER = geocoder
    page = text(resident_client, "premises_new")
    assert f"We send the address to {service} to find it on the map." in page
    assert "secret" not in page


class TestAddingAPlace:
    def test_address_then_pin_then_check(self, registrant: Registrant, resident_client: Client) -> None:
        answer = resident_client.post(reverse("premises_new"), ADDRESS)
        assert answer.headers["Location"] == reverse("premises_new_pin")
        answer = resident_client.post(reverse("premises_new_pin"), PIN)
        assert answer.headers["Location"] == reverse("premises_new_check")
        page = text(resident_client, "premises_new_check")
        assert "1 Capitol Way, Birmingham, AL 35203" in page
        assert "Cabin" in page
        assert registrant.premises.count() == 1
        answer = resident_client.post(reverse("premises_new_check"))
        added = registrant.premises.get(name="Cabin")
        assert answer.headers["Location"] == reverse("camera_new", args=[added.pk])
        assert (added.kind, added.point, added.precision) == ("other", LINN_PARK, "pinned")
        assert "Cabin" in text(resident_client, "profile")

    def test_each_step_wants_the_one_before(self, registrant: Registrant, resident_client: Client) -> None:
        for name in ("premises_new_pin", "premises_new_check"):
            assert resident_client.get(reverse(name)).headers["Location"] == reverse("premises_new")
        resident_client.post(reverse("premises_new"), ADDRESS)
        assert resident_client.get(reverse("premises_new_check")).headers["Location"] == reverse("premises_new_pin")

    def test_an_address_that_is_there_already_is_refused_beside_the_field(
        self, registrant: Registrant, resident_client: Client
    ) -> None:
        again = {**ADDRESS, "street": "600 20th st. n"}
        page = resident_client.post(reverse("premises_new"), again).content.decode()
        assert "This address is one of your places already." in page
        assert 'value="600 20th st. n"' in page

    def test_a_second_tab_that_confirms_later_is_refused_in_a_sentence(
        self, registrant: Registrant, resident_client: Client
    ) -> None:
        resident_client.post(reverse("premises_new"), ADDRESS)
        resident_client.post(reverse("premises_new_pin"), PIN)
        premises.add(registrant=registrant, by=registrant.user, place=place_at(LINN_PARK, address=CAPITOL))
        page = resident_client.post(reverse("premises_new_check")).content.decode()
        assert "This address is one of your places already." in page
        assert registrant.premises.count() == 2

    def test_a_place_elsewhere_is_refused(self, registrant: Registrant, resident_client: Client) -> None:
        elsewhere = {**ADDRESS, "city": "Boston", "state": "MA", "zip_code": "02108"}
        page = resident_client.post(reverse("premises_new"), elsewhere).content.decode()
        assert "This place is in Suffolk County" in page

    def test_an_address_or_pin_elsewhere_leads_to_the_sheriff_there(
        self, registrant: Registrant, resident_client: Client
    ) -> None:
        add, pin = reverse("premises_new"), reverse("premises_new_pin")
        move = reverse("premises_pin", args=[registrant.premises.get().pk])
        pages = [
            resident_client.post(add, {**ADDRESS, "city": "Birmingham", "state": "MI", "zip_code": "48009"}),
            resident_client.get(add),
            resident_client.post(add, ADDRESS, follow=True),
            resident_client.post(pin, IN_SHELBY),
            resident_client.post(move, IN_SHELBY),
        ]
        asked = [re.findall(r"Whom to ask in ([^<]+?)\s*</h2>", page.content.decode()) for page in pages]
        shelby = ["Shelby County, Alabama"]
        assert asked == [["Oakland County, Michigan"], [], [], shelby, shelby]
        CountyAgency.objects.create(county_fips="01117", name="Shelby SO", phone="205-555-0170")
        assert 'href="tel:205-555-0170"' in resident_client.post(pin, IN_SHELBY).content.decode()
        assert registrant.premises.count() == 1

    def test_who_is_not_registered_registers_first(self, resident_client: Client) -> None:
        assert resident_client.get(reverse("premises_new")).headers["Location"] == reverse("register_you")


class TestAPlace:
    def test_name_and_kind_are_changed(self, registrant: Registrant, camera: Camera, resident_client: Client) -> None:
        changed = {"kind": "business", "name": " The  shop "}
        resident_client.post(reverse("premises", args=[camera.premises_id]), changed)
        camera.premises.refresh_from_db()
        assert (camera.premises.kind, camera.premises.name) == ("business", "The shop")

    def test_removing_asks_first_and_says_what_goes_and_what_stays(
        self, registrant: Registrant, camera: Camera, resident_client: Client
    ) -> None:
        request_at("sent", registrant=registrant)
        address = reverse("premises_remove", args=[camera.premises_id])
        page = resident_client.get(address).content.decode()
        assert "Remove 600 20th Street North, Birmingham, AL 35203?" in page
        assert "1 request about cameras here. You can still answer it, or leave it." in page
        assert Premises.objects.registered().exists()
        page = resident_client.post(address, follow=True).content.decode()
        assert "Removed: 600 20th Street North" in page
        assert "No place is registered" in page
        assert "One request waits for your answer" in page
        assert resident_client.get(address).status_code == 404

    def test_no_page_shows_a_place_that_was_removed(
        self, registrant: Registrant, camera: Camera, resident_client: Client
    ) -> None:
        asked = request_at("sent", registrant=registrant)
        premises.remove(premises=camera.premises, by=registrant.user)
        assert resident_client.get(reverse("reply", args=[token_for(asked)])).context["page"].places == []
        page = text(resident_client, "looks")
        assert "Camera 1" in page
        assert str(camera.premises_id) not in page

    @pytest.mark.parametrize("name", ["premises", "premises_remove"])
    def test_anothers_is_not_there(self, name: str, camera: Camera, other_resident_client: Client) -> None:
        for pk in (camera.premises_id, uuid4()):
            address = reverse(name, args=[pk])
            assert other_resident_client.get(address).status_code == 404
            assert other_resident_client.post(address, {"kind": "home", "name": "Mine"}).status_code == 404
        assert Premises.objects.registered().filter(pk=camera.premises_id, name="").exists()
