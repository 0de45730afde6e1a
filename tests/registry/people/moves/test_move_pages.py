"""Moving, as pages: promises R6 and R7 over HTTP, in both directions."""

import time
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from audit.log.models import AuditEntry
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.notifications.models import Message
from fusus_portal.ground.notifications.services import delivery
from registry.canvasses.links import token_for
from registry.other_counties import services as other_counties
from registry.other_counties.models import OutreachLead
from registry.other_counties.services import AgencyDetails
from registry.places.models import Premises
from registry.registrants.models import Registrant
from tests.factories import LINN_PARK, person, registrant_at, request_at
from tests.people import sign_in
from tests.registry.other_counties.elsewhere import (
    BEYOND_THE_LINE,
    IN_AVONDALE,
    IN_PELHAM,
    SHELBY,
    found_at,
    home_of,
    lead_at,
    mover_of,
    with_second_place,
)

pytestmark = pytest.mark.django_db

AVONDALE = {"kind": "home", "street": "4101 5th Avenue South", "city": "Birmingham", "state": "al", "zip_code": "35222"}
PELHAM = {"kind": "home", "street": "3162 Pelham Parkway", "city": "Pelham", "state": "al", "zip_code": "35124"}
MONTGOMERY = {"kind": "home", "street": "100 Main St", "city": "Montgomery", "state": "AL", "zip_code": "36104"}
AT_THE_LINE = {"kind": "home", "street": "1 Line Road", "city": "Hoover", "state": "AL", "zip_code": "35244"}
JUST_INSIDE = {"latitude": "33.3677", "longitude": "-86.79"}


def make_world() -> Registrant:
    """Return somebody with a camera."""
    return registrant_at()


@pytest.fixture
def registrant(world: Registrant) -> Registrant:
    return world


@pytest.fixture
def resident(world: Registrant) -> User:
    """Their account."""
    return world.user


@pytest.fixture
def home(registrant: Registrant) -> Premises:
    return home_of(registrant)


def pin(point: object) -> dict[str, str]:
    return {"latitude": str(point.latitude), "longitude": str(point.longitude)}  # type: ignore[attr-defined]


def go(browser: Client, home: Premises, address: dict[str, str], spot: dict[str, str]) -> Any:
    """Type the new address and place its pin; return the answer to the pin."""
    answer = browser.post(reverse("premises_move", args=[home.pk]), address)
    assert answer.headers["Location"] == reverse("premises_move_pin", args=[home.pk])
    return browser.post(reverse("premises_move_pin", args=[home.pk]), spot)


def text(browser: Client, name: str, *arguments: object) -> str:
    return browser.get(reverse(name, args=arguments)).content.decode()


class TestInside:
    def test_the_registration_and_its_cameras_stay(self, home: Premises, resident_client: Client) -> None:
        answer = go(resident_client, home, AVONDALE, pin(IN_AVONDALE))
        assert answer.headers["Location"] == reverse("premises_move_check", args=[home.pk])
        page = text(resident_client, "premises_move_check", home.pk)
        for line in ["600 20th Street North", "4101 5th Avenue South", "One camera moves along", "You stay registered"]:
            assert line in page
        assert Premises.objects.get(pk=home.pk).street == "600 20th Street North"
        done = resident_client.post(reverse("premises_move_check", args=[home.pk]), follow=True)
        assert done.redirect_chain == [(reverse("profile"), 302)]
        assert "4101 5th Avenue South" in done.content.decode()
        moved = Premises.objects.get(pk=home.pk)
        assert (moved.street, moved.cameras.count()) == ("4101 5th Avenue South", 1)
        assert found_at(LINN_PARK) == []

    def test_a_request_that_waits_is_named_and_its_link_still_answers(
        self, registrant: Registrant, home: Premises, resident_client: Client, visitor_client: Client
    ) -> None:
        token = token_for(request_at("sent", registrant=registrant))
        go(resident_client, home, AVONDALE, pin(IN_AVONDALE))
        assert "One request waits for your answer" in text(resident_client, "premises_move_check", home.pk)
        resident_client.post(reverse("premises_move_check", args=[home.pk]))
        page = visitor_client.get(reverse("reply", args=[token]))
        assert page.status_code == 200
        assert str(IN_AVONDALE.latitude) not in page.content.decode()
        assert visitor_client.post(reverse("reply_none", args=[token])).status_code == 302

    def test_a_second_press_has_no_effect(self, home: Premises, resident_client: Client) -> None:
        go(resident_client, home, AVONDALE, pin(IN_AVONDALE))
        for _press in range(2):
            answer = resident_client.post(reverse("premises_move_check", args=[home.pk]))
        assert answer.headers["Location"] == reverse("premises_move", args=[home.pk])
        assert AuditEntry.objects.filter(event="registry:premises:move").count() == 1

    def test_nothing_counts_without_the_steps_before(self, home: Premises, resident_client: Client) -> None:
        for name in ("premises_move_pin", "premises_move_check", "premises_move_away"):
            answer = resident_client.post(reverse(name, args=[home.pk]))
            assert answer.headers["Location"] == reverse("premises_move", args=[home.pk])
        resident_client.post(reverse("premises_move", args=[home.pk]), AVONDALE)
        answer = resident_client.post(reverse("premises_move_check", args=[home.pk]))
        assert answer.headers["Location"] == reverse("premises_move_pin", args=[home.pk])

    def test_an_address_of_another_place_is_refused_with_its_sentence(
        self, registrant: Registrant, home: Premises, resident_client: Client
    ) -> None:
        with_second_place(registrant)
        capitol = {**AVONDALE, "street": "1 Capitol Way", "zip_code": "35203"}
        go(resident_client, home, capitol, pin(LINN_PARK) | {"latitude": "33.5216"})
        page = resident_client.post(reverse("premises_move_check", args=[home.pk])).content.decode()
        assert "This address is one of your places already" in page

    def test_the_address_that_is_known_is_no_move(self, home: Premises, resident_client: Client) -> None:
        same = {**AVONDALE, "street": "600 20th street north", "zip_code": "35203"}
        page = resident_client.post(reverse("premises_move", args=[home.pk]), same).content.decode()
        assert "This is the address that we have" in page


class TestAtTheLine:
    @pytest.mark.parametrize(
        ("spot", "leads_to"),
        [(JUST_INSIDE, "premises_move_check"), (pin(BEYOND_THE_LINE), "premises_move_away")],
    )
    def test_the_person_confirms_on_either_side(
        self, spot: dict[str, str], leads_to: str, home: Premises, resident_client: Client
    ) -> None:
        page = go(resident_client, home, AT_THE_LINE, spot).content.decode()
        assert "Yes, the pin is on the right side of the county line" in page
        sure = resident_client.post(reverse("premises_move_pin", args=[home.pk]), {**spot, "confirmed": "on"})
        assert sure.headers["Location"] == reverse(leads_to, args=[home.pk])


class TestOutside:
    def test_the_page_says_before_anything_what_ends_and_whom_to_ask(
        self, home: Premises, resident_client: Client
    ) -> None:
        other_counties.add_agency(
            by=person("administrator"),
            details=AgencyDetails(SHELBY, "Shelby SO", "205-555-0170", "a@s.example", "https://s.example/cameras"),
        )
        answer = go(resident_client, home, PELHAM, pin(IN_PELHAM))
        assert answer.headers["Location"] == reverse("premises_move_away", args=[home.pk])
        page = text(resident_client, "premises_move_away", home.pk)
        for line in [
            "Shelby County, Alabama",
            "Shelby SO",
            'href="tel:205-555-0170"',
            'href="https://s.example/cameras"',
            "What is deleted",
            "One camera",
            "What is kept",
            "Your registration here would end",
        ]:
            assert line in page
        assert "checked" not in page
        assert Registrant.objects.exists()

    @pytest.mark.parametrize(("address", "county"), [(MONTGOMERY, "Montgomery County, Alabama"), (AVONDALE, "")])
    def test_an_address_that_is_surely_elsewhere_leads_there_beside_its_pin(
        self, address: dict[str, str], county: str, home: Premises, resident_client: Client
    ) -> None:
        resident_client.post(reverse("premises_move", args=[home.pk]), address)
        page = text(resident_client, "premises_move_pin", home.pk)
        assert ("Whom to ask" in page) is bool(county)
        assert f"Whom to ask in {county}" in page or not county

    def test_the_registration_ends_with_its_receipt_and_nothing_is_searched(
        self, home: Premises, resident: User, resident_client: Client
    ) -> None:
        go(resident_client, home, PELHAM, pin(IN_PELHAM))
        receipt = resident_client.post(reverse("premises_move_away", args=[home.pk]), follow=True)
        assert receipt.redirect_chain == [(reverse("left"), 302)]
        page = receipt.content.decode()
        assert "Whom to ask in Shelby County, Alabama" in page
        assert "We don&#x27;t know a registry there" in page or "We don't know a registry there" in page
        assert not Registrant.objects.exists()
        assert not User.objects.filter(pk=resident.pk).exists()
        assert not OutreachLead.objects.exists()
        for point in (LINN_PARK, IN_PELHAM):
            assert found_at(point) == []

    def test_with_consent_a_lead_is_opened_and_named_on_page_and_receipt(
        self, home: Premises, resident: User, resident_client: Client
    ) -> None:
        go(resident_client, home, PELHAM, pin(IN_PELHAM))
        ticked = {"tell": "on", "write_to_me": "on"}
        page = resident_client.post(reverse("premises_move_away", args=[home.pk]), ticked, follow=True).content.decode()
        lead = OutreachLead.objects.get()
        assert (lead.county_fips, lead.email) == (SHELBY, resident.email)
        (message,) = Message.objects.all()
        assert delivery.deliver(pk=message.pk)
        (letter,) = mail.outbox
        for said in (page, letter.body):
            assert lead.reference in said
            assert f", {lead.delete_after.year} at the latest" in said
        assert "In Shelby County, Alabama, ask the sheriff or the police" in letter.body

    def test_one_box_keeps_the_county_alone(self, home: Premises, resident_client: Client) -> None:
        go(resident_client, home, PELHAM, pin(IN_PELHAM))
        resident_client.post(reverse("premises_move_away", args=[home.pk]), {"tell": "on"})
        lead = OutreachLead.objects.get()
        assert (lead.name, lead.email) == ("", "")

    def test_nobody_is_written_to_about_what_nobody_is_asked(self, home: Premises, resident_client: Client) -> None:
        go(resident_client, home, PELHAM, pin(IN_PELHAM))
        page = resident_client.post(reverse("premises_move_away", args=[home.pk]), {"write_to_me": "on"})
        assert "Tick this box too, or neither" in page.content.decode()
        assert Registrant.objects.exists()

    def test_only_this_place_goes_while_another_stays(
        self, registrant: Registrant, home: Premises, resident_client: Client
    ) -> None:
        second = with_second_place(registrant)
        go(resident_client, home, PELHAM, pin(IN_PELHAM))
        assert "This place would leave the registry" in text(resident_client, "premises_move_away", home.pk)
        done = resident_client.post(reverse("premises_move_away", args=[home.pk]), {"tell": "on"}, follow=True)
        assert done.redirect_chain == [(reverse("moved"), 302)]
        assert OutreachLead.objects.get().reference in done.content.decode()
        assert list(registrant.premises.registered()) == [second]
        assert str(second.address) in text(resident_client, "profile")

    @pytest.mark.parametrize("method", ["get", "post"])
    def test_it_asks_for_the_password_again(self, method: str, home: Premises, resident_client: Client) -> None:
        go(resident_client, home, PELHAM, pin(IN_PELHAM))
        session = resident_client.session
        session["account_authentication_methods"] = [{"method": "password", "at": time.time() - 600}]
        session.save()
        answer = getattr(resident_client, method)(reverse("premises_move_away", args=[home.pk]))
        assert answer.headers["Location"].startswith(reverse("account_reauthenticate"))
        assert Registrant.objects.exists()

    def test_a_place_inside_can_t_be_ended_this_way(self, home: Premises, resident_client: Client) -> None:
        go(resident_client, home, AVONDALE, pin(IN_AVONDALE))
        answer = resident_client.post(reverse("premises_move_away", args=[home.pk]), {"tell": "on"})
        assert answer.headers["Location"] == reverse("premises_move_check", args=[home.pk])
        assert Registrant.objects.exists()

    def test_a_place_outside_can_t_be_kept(self, home: Premises, resident_client: Client) -> None:
        go(resident_client, home, PELHAM, pin(IN_PELHAM))
        answer = resident_client.post(reverse("premises_move_check", args=[home.pk]))
        assert answer.headers["Location"] == reverse("premises_move_away", args=[home.pk])
        assert Premises.objects.get(pk=home.pk).street == "600 20th Street North"

    @pytest.mark.parametrize(
        "name", ["premises_move", "premises_move_pin", "premises_move_check", "premises_move_away"]
    )
    def test_anothers_place_is_not_there(self, name: str, home: Premises, other_resident_client: Client) -> None:
        for method in (other_resident_client.get, other_resident_client.post):
            assert method(reverse(name, args=[home.pk])).status_code == 404

    def test_it_is_in_spanish(self, home: Premises, resident_client: Client) -> None:
        resident_client.cookies["django_language"] = "es"
        go(resident_client, home, PELHAM, pin(IN_PELHAM))
        page = text(resident_client, "premises_move_away", home.pk)
        assert "Su registro aquí terminaría" in page
        assert "What is" not in page


class TestWhatWasAgreedTo:
    def test_the_leave_page_names_it_with_reason_and_day(self) -> None:
        lead = lead_at()
        page = text(sign_in(mover_of(lead)), "leave")
        assert lead.reference in page
        assert "with your name and e-mail address" in page
        assert f"{lead.delete_after.year} at the latest" in page

    def test_the_person_takes_it_back_on_the_profile(self, registrant: Registrant, resident_client: Client) -> None:
        lead = lead_at(registrant=registrant)
        assert lead.reference in text(resident_client, "profile_account")
        page = resident_client.post(reverse("lead_withdraw", args=[lead.pk]), follow=True).content.decode()
        assert f"Taken back: {lead.reference}" in page
        lead.refresh_from_db()
        assert (lead.state, lead.email) == ("closed", "")

    def test_nobody_takes_back_anothers(self, other_resident_client: Client) -> None:
        lead = lead_at()
        assert other_resident_client.post(reverse("lead_withdraw", args=[lead.pk])).status_code == 404
