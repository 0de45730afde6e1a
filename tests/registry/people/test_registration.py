"""Registering: steps that work without script, with nothing saved before the last."""

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoCaptureOnCommitCallbacks

from audit.log.events import Event
from audit.log.models import AuditEntry
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.agency.policies import newer
from fusus_portal.ground.notifications.models import Message
from registry.places.camera_fields import DESCRIBED
from registry.places.models import Camera, Premises
from registry.registrants.models import Registrant
from tests.accounts.codes import mailed_code
from tests.factories import LINN_PARK, registrant_at
from tests.people import PASSWORD

YOU = {"name": "Ana Rivera", "phone": "(205) 555 0117", "language": "en"}
PLACE = {"kind": "home", "street": "600 20th St N", "city": "Birmingham", "state": "al", "zip_code": "35203"}
PIN = {"latitude": str(LINN_PARK.latitude), "longitude": str(LINN_PARK.longitude)}
AT_THE_COUNTY_LINE = {"latitude": "33.3677", "longitude": "-86.79"}
STEPS = ["register_you", "register_place", "register_pin", "register_cameras", "register_check"]
AGREED = {"agreed": "on"}


def cards(*cameras: dict[str, str], **buttons: str) -> dict[str, str]:
    """Return what the page of cameras posts."""
    posted = {"camera-TOTAL_FORMS": str(len(cameras)), "camera-INITIAL_FORMS": "0", **buttons}
    for index, camera in enumerate(cameras):
        posted |= {f"camera-{index}-{name}": value for name, value in camera.items()}
    return posted


def fill(browser: Client, *, until: str = "") -> None:
    """Fill in each step as a person would, up to `until`."""
    typed: list[dict[str, str]] = [YOU, PLACE, PIN, cards({"name": "Front door"}, go_on="1")]
    for step, values in zip(STEPS, typed, strict=False):
        if step == until:
            return
        answer = browser.post(reverse(step), values)
        assert answer.status_code == 302, (step, answer.context["form"].errors if answer.context else answer)


def post(browser: Client, step: str, values: dict[str, Any]) -> str:
    return browser.post(reverse(step), values).content.decode()


@pytest.mark.django_db
class TestThePath:
    def test_it_registers_a_person_with_place_and_camera(self, resident: User, resident_client: Client) -> None:
        fill(resident_client)
        assert resident_client.post(reverse("register_check"), AGREED).headers["Location"] == reverse("profile")
        registrant = Registrant.objects.get(user=resident)
        camera = Camera.objects.select_related("premises").get(premises__registrant=registrant)
        assert (registrant.name, registrant.phone, registrant.kind) == ("Ana Rivera", "205-555-0117", "person")
        assert (camera.name, camera.kind, camera.make) == ("Front door", "", "")
        assert (camera.premises.point, camera.premises.precision) == (LINN_PARK, "pinned")
        assert (camera.premises.state, camera.premises.county_fips) == ("AL", "01073")
        assert Message.objects.get().to == resident.email
        assert "Please read what is new" not in resident_client.get(reverse("profile")).content.decode()

    def test_a_business_registers_as_one(self, business: User, business_client: Client) -> None:
        fill(business_client, until="register_place")
        assert business_client.get(reverse("register_place")).context["form"]["kind"].value() == "business"
        fill(business_client)
        business_client.post(reverse("register_check"), AGREED)
        assert Registrant.objects.get(user=business).kind == "business"

    def test_nothing_is_in_the_registry_before_the_last_step(self, resident_client: Client) -> None:
        fill(resident_client)
        page = resident_client.get(reverse("register_check")).content.decode()
        assert "Ana Rivera" in page
        assert "600 20th St N" in page
        assert "Front door" in page
        assert "Nothing more said" not in page
        assert not Registrant.objects.exists()
        assert not Premises.objects.exists()
        (entry,) = AuditEntry.objects.filter(event__startswith="registry:")
        assert entry.event == Event.DRAFT_BEGUN

    @pytest.mark.parametrize("step", STEPS[1:])
    def test_a_step_ahead_leads_back_to_the_first_gap(self, step: str, resident_client: Client) -> None:
        assert resident_client.get(reverse(step)).headers["Location"] == reverse("register_you")
        fill(resident_client, until="register_pin")
        if step not in {"register_place", "register_pin"}:
            assert resident_client.get(reverse(step)).headers["Location"] == reverse("register_pin")

    @pytest.mark.parametrize(("language", "word"), [("en", "Camera"), ("es", "Cámara")])
    def test_a_camera_without_a_name_is_called_by_its_number(
        self, language: str, word: str, resident_client: Client
    ) -> None:
        fill(resident_client, until="register_cameras")
        resident_client.cookies["django_language"] = language
        post(resident_client, "register_cameras", cards({"name": ""}, {"name": " "}, go_on="1"))
        resident_client.post(reverse("register_check"), AGREED)
        assert list(Camera.objects.order_by("name").values_list("name", flat=True)) == [f"{word} 1", f"{word} 2"]

    def test_there_is_at_least_one_camera(self, resident_client: Client) -> None:
        fill(resident_client, until="register_cameras")
        assert "Add at least one camera." in post(resident_client, "register_cameras", cards(go_on="1"))

    def test_going_back_shows_what_was_typed(self, resident_client: Client) -> None:
        fill(resident_client)
        assert 'value="Ana Rivera"' in resident_client.get(reverse("register_you")).content.decode()
        assert 'value="600 20th St N"' in resident_client.get(reverse("register_place")).content.decode()
        assert 'value="Front door"' in resident_client.get(reverse("register_cameras")).content.decode()

    def test_another_address_asks_for_another_pin(self, resident_client: Client) -> None:
        fill(resident_client)
        resident_client.post(reverse("register_place"), {**PLACE, "zip_code": "35205"})
        assert resident_client.get(reverse("register_check")).headers["Location"] == reverse("register_pin")

    def test_confirming_twice_has_one_effect(self, resident_client: Client) -> None:
        fill(resident_client)
        resident_client.post(reverse("register_check"), AGREED)
        assert resident_client.post(reverse("register_check"), AGREED).headers["Location"] == reverse("profile")
        assert Registrant.objects.count() == 1
        assert Message.objects.count() == 1

    def test_the_account_takes_the_language_of_the_registration(self, resident: User, resident_client: Client) -> None:
        fill(resident_client)
        resident_client.post(reverse("register_you"), YOU | {"language": "es"})
        resident_client.post(reverse("register_check"), AGREED)
        resident.refresh_from_db()
        assert resident.language == "es"

    def test_a_visitor_is_led_to_an_account_first(self, visitor_client: Client) -> None:
        page = visitor_client.get(reverse("register")).content.decode()
        assert f'action="{reverse("account_signup")}"' in page
        assert f'name="next" value="{reverse("register_you")}"' in page
        assert visitor_client.get(reverse("register_you")).headers["Location"].startswith(reverse("account_login"))

    def test_who_is_registered_is_led_to_the_profile(self, resident: User, resident_client: Client) -> None:
        registrant_at(user=resident)
        for step in ["register", *STEPS]:
            assert resident_client.get(reverse(step), follow=True).redirect_chain[-1][0] == reverse("profile")

    def test_a_phone_number_is_optional(self, resident: User, resident_client: Client) -> None:
        fill(resident_client, until="register_cameras")
        resident_client.post(reverse("register_you"), {**YOU, "phone": ""})
        resident_client.post(reverse("register_cameras"), cards({"name": "Front door"}, go_on="1"))
        assert "Phone number" not in resident_client.get(reverse("register_check")).content.decode()
        resident_client.post(reverse("register_check"), AGREED)
        registrant = Registrant.objects.get(user=resident)
        assert (registrant.phone, registrant.contact_way) == ("", "email")
        assert "Phone number" not in resident_client.get(reverse("profile")).content.decode()

    def test_it_refuses_an_account_of_the_agency(self, deputy_client: Client) -> None:
        assert deputy_client.get(reverse("register"), follow=True).status_code == 403


@pytest.mark.django_db
class TestBadInput:
    @pytest.mark.parametrize(
        ("changes", "sentence"),
        [
            ({"phone": "555"}, "A phone number has ten digits"),
            ({"phone": "", "may_call": "on"}, "Type a phone number, or take back that a deputy may call you."),
            ({"name": ""}, "Fill in “Your name”."),
            ({"language": "fr"}, "Select a valid choice"),
        ],
    )
    def test_you(self, changes: dict[str, str], sentence: str, resident_client: Client) -> None:
        page = post(resident_client, "register_you", YOU | changes)
        assert sentence in page
        assert YOU["phone"] in page or "phone" in changes

    @pytest.mark.parametrize(
        ("changes", "sentence"),
        [
            ({"zip_code": "3520"}, "A ZIP code has five digits"),
            ({"zip_code": "00000"}, "We don&#x27;t know this ZIP code"),
            ({"zip_code": "90210"}, "This ZIP code is in another state"),
            ({"zip_code": "36104", "city": "Montgomery"}, "This place is in Montgomery County, Alabama"),
        ],
    )
    def test_an_address_that_is_nowhere_or_elsewhere(
        self, changes: dict[str, str], sentence: str, resident_client: Client
    ) -> None:
        fill(resident_client, until="register_place")
        page = post(resident_client, "register_place", PLACE | changes)
        assert sentence in page
        assert 'value="600 20th St N"' in page

    @pytest.mark.parametrize(
        ("pin", "sentence"),
        [
            ({"latitude": "33.1", "longitude": "-86.75"}, "This place is in Shelby County, Alabama"),
            ({"latitude": "33.44", "longitude": "-87.2"}, "This pin is far from the address"),
            ({"latitude": "95", "longitude": "-86.8"}, "Write at most 90."),
            ({"latitude": "", "longitude": ""}, "Put the pin where the place is."),
        ],
    )
    def test_a_pin_that_is_elsewhere(self, pin: dict[str, str], sentence: str, resident_client: Client) -> None:
        fill(resident_client, until="register_pin")
        page = post(resident_client, "register_pin", pin)
        assert sentence in page
        assert resident_client.get(reverse("register_cameras")).headers["Location"] == reverse("register_pin")

    def test_a_pin_that_was_not_moved_from_the_middle_of_the_zip_code(self, resident_client: Client) -> None:
        fill(resident_client, until="register_pin")
        guess = resident_client.get(reverse("register_pin")).context["form"].initial
        assert "Please move the pin to your building" in post(resident_client, "register_pin", guess)

    def test_a_camera_with_an_error_keeps_the_rest(self, resident_client: Client) -> None:
        fill(resident_client, until="register_cameras")
        page = post(resident_client, "register_cameras", cards({"days_kept": "x", "make": "Acme"}, go_on="1"))
        assert 'value="Acme"' in page

    @pytest.mark.parametrize("said", [{}, {"other": "x"}])
    def test_no_consent(self, said: dict[str, str], resident_client: Client) -> None:
        fill(resident_client)
        assert "Please tick the box" in post(resident_client, "register_check", said)
        assert not Registrant.objects.exists()

    def test_consent_to_a_document_that_is_no_longer_in_force(self, resident_client: Client) -> None:
        fill(resident_client)
        page = post(resident_client, "register_check", {**AGREED, "documents": "1,2"})
        assert str(newer()) in page.replace("&#x27;", "'")
        assert not Registrant.objects.exists()


@pytest.mark.django_db
class TestCards:
    def test_another_card_keeps_what_was_typed(self, resident_client: Client) -> None:
        fill(resident_client, until="register_cameras")
        page = post(resident_client, "register_cameras", cards({"name": "Front door"}, another="1"))
        assert 'value="Front door"' in page
        assert 'name="camera-1-name"' in page

    def test_a_card_can_be_taken_out(self, resident_client: Client) -> None:
        fill(resident_client, until="register_cameras")
        two = cards({"name": "Front door"}, {"name": "Garage"}, remove="0")
        page = post(resident_client, "register_cameras", two)
        assert "Front door" not in page
        assert 'value="Garage"' in page

    @pytest.mark.parametrize("number", ["9" * 5000, "-1", "x"])
    def test_a_number_that_no_page_of_ours_wrote_changes_nothing(self, resident_client: Client, number: str) -> None:
        fill(resident_client, until="register_cameras")
        two = cards({"name": "Front door"}, {"name": "Garage"}, remove=number)
        page = post(resident_client, "register_cameras", two)
        assert 'value="Front door"' in page
        assert 'value="Garage"' in page
        page = post(resident_client, "register_cameras", {**two, "camera-TOTAL_FORMS": number})
        assert 'name="camera-0-name"' in page

    @pytest.mark.parametrize(
        ("second", "sentence"),
        [
            ({"name": " front  DOOR"}, "Two cameras here have this name."),
            ({"name": "Garage", "covers": "rtsp://10.0.0.9/live"}, "so that nobody can watch"),
            ({"name": "Garage", "angle": "90"}, "Say where the camera faces"),
        ],
    )
    def test_what_can_t_be_is_said_here_and_not_at_the_end(
        self, resident_client: Client, second: dict[str, str], sentence: str
    ) -> None:
        fill(resident_client, until="register_cameras")
        assert sentence in post(resident_client, "register_cameras", cards({"name": "Front door"}, second, go_on="1"))
        assert resident_client.get(reverse("register_check")).headers["Location"] == reverse("register_cameras")

    def test_twenty_cameras_with_every_field_full_of_what_json_writes_as_six_characters_are_kept(
        self, resident_client: Client
    ) -> None:
        fill(resident_client, until="register_cameras")
        full = {field.name: "\x01" * (field.longest - 2) for field in DESCRIBED if field.longest}
        twenty = [{**full, "name": f"{full['name']}{number:02}"} for number in range(20)]
        answer = resident_client.post(reverse("register_cameras"), cards(*twenty, go_on="1"))
        assert answer.headers["Location"] == reverse("register_check")

    def test_two_cameras_are_registered(self, resident: User, resident_client: Client) -> None:
        fill(resident_client, until="register_cameras")
        two = cards({"name": "Front door", "kind": "doorbell"}, {"name": "Trail", "make": "any at all"}, go_on="1")
        resident_client.post(reverse("register_cameras"), two)
        assert "any at all" in resident_client.get(reverse("register_check")).content.decode()
        resident_client.post(reverse("register_check"), AGREED)
        assert set(Camera.objects.values_list("name", "kind", "make")) == {
            ("Front door", "doorbell", ""),
            ("Trail", "", "any at all"),
        }


@pytest.mark.django_db
def test_a_pin_at_the_county_line_is_confirmed_first(resident_client: Client) -> None:
    fill(resident_client, until="register_place")
    resident_client.post(reverse("register_place"), {**PLACE, "zip_code": "35244", "city": "Hoover"})
    page = post(resident_client, "register_pin", AT_THE_COUNTY_LINE)
    assert "close to the county line" in page
    assert 'type="checkbox" name="confirmed"' in page
    answer = resident_client.post(reverse("register_pin"), {**AT_THE_COUNTY_LINE, "confirmed": "on"})
    assert answer.headers["Location"] == reverse("register_cameras")


@pytest.mark.django_db
def test_making_an_account_leads_on_to_the_first_step(
    visitor_client: Client, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    start = visitor_client.get(reverse("register")).content.decode()
    (sign_up,) = re.findall(rf'action="({reverse("account_signup")})"', start)
    (onward,) = re.findall(rf'name="next" value="({reverse("register_you")})"', start)
    typed = {"email": "new@people.example", "password1": PASSWORD, "role": "resident", "next": onward}
    with django_capture_on_commit_callbacks(execute=True):
        visitor_client.post(sign_up, typed)
    answer = visitor_client.post(reverse("account_email_verification_sent"), {"code": mailed_code()})
    assert answer.headers["Location"] == reverse("register_you")
    assert visitor_client.get(answer.headers["Location"]).status_code == 200
