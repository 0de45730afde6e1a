"""Registering in one go: steps from the first page on, changes that lead back to the check, one summary of errors."""

import re

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.html import strip_tags
from pytest_django import DjangoCaptureOnCommitCallbacks

from fusus_portal.ground.accounts.models import User
from registry.people.views.registration import STEP_OF
from registry.places.camera_fields import Feet, in_feet
from registry.places.models import Camera
from registry.rules import LONGEST_REACH_M
from tests.accounts.codes import mailed_code
from tests.people import PASSWORD
from tests.registry.people.test_registration import AGREED, PIN, PLACE, YOU, cards, fill

pytestmark = pytest.mark.django_db
CHECK = reverse("register_check")


def title_of(page: str) -> str:
    found = re.search(r"<title>(.*?)</title>", page, flags=re.DOTALL)
    assert found
    return " ".join(found[1].split())


def step_of(page: str) -> str:
    found = re.search(r'class="step-count">(.*?)</p>', page, flags=re.DOTALL)
    assert found
    return " ".join(strip_tags(found[1]).split())


def test_the_steps_are_told_from_the_account_on(
    visitor_client: Client, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    assert step_of(visitor_client.get(reverse("register")).content.decode()) == "Step 1 of 5: Account"
    assert step_of(visitor_client.get(reverse("account_signup")).content.decode()) == "Step 1 of 5: Account"
    said = {"email": "ana@example.org", "password1": PASSWORD, "role": "resident", "next": reverse("register_you")}
    with django_capture_on_commit_callbacks(execute=True):
        code_page = visitor_client.post(reverse("account_signup"), said, follow=True).content.decode()
    assert step_of(code_page) == "Step 1 of 5: Account"
    field = re.search(r'<input[^>]*name="code"[^>]*>', code_page)
    assert field
    assert {"autofocus", 'autocomplete="one-time-code"', 'autocapitalize="characters"'} <= set(field[0].split())
    you = visitor_client.post(reverse("account_email_verification_sent"), {"code": mailed_code()}, follow=True)
    assert step_of(you.content.decode()) == "Step 2 of 5: You"


def heading_of(page: str) -> str:
    found = re.search(r"<h1>(.*?)</h1>", page, flags=re.DOTALL)
    assert found
    return " ".join(found[1].split())


def test_a_mistake_in_the_account_leaves_the_heading_of_the_page(visitor_client: Client) -> None:
    typed = {"email": "ana@example.org", "password1": "short", "role": "resident"}
    for begun, onward in (("register", {"next": reverse("register_you")}), ("account_signup", {})):
        shown = visitor_client.get(reverse(begun)).content.decode()
        again = visitor_client.post(reverse("account_signup"), typed | onward).content.decode()
        assert "Please check what you typed" in again
        assert heading_of(again) == heading_of(shown)
        assert title_of(again) == f"Error: {title_of(shown)}"
    assert heading_of(shown) == "Create an account"


def test_each_step_says_which_one_it_is(resident_client: Client) -> None:
    fill(resident_client)
    for name, number in STEP_OF.items():
        assert step_of(resident_client.get(reverse(f"register_{name}")).content.decode()).startswith(
            f"Step {number} of"
        )


@pytest.mark.parametrize(
    ("step", "values"),
    [
        ("register_you", YOU | {"name": "Ana R. Rivera"}),
        ("register_cameras", cards({"name": "Back door"}, go_on="1")),
    ],
)
def test_a_change_comes_back_to_the_check(step: str, values: dict[str, str], resident_client: Client) -> None:
    fill(resident_client)
    assert f'href="{reverse(step)}?change=1"' in resident_client.get(CHECK).content.decode()
    changing = f"{reverse(step)}?change=1"
    assert f'class="back-link" href="{CHECK}"' in resident_client.get(changing).content.decode()
    assert resident_client.post(changing, values).headers["Location"] == CHECK


@pytest.mark.parametrize("zip_code", ["35203", "35205"])
def test_a_changed_place_shows_its_pin_before_it_comes_back(zip_code: str, resident_client: Client) -> None:
    fill(resident_client)
    changed = resident_client.post(f"{reverse('register_place')}?change=1", {**PLACE, "zip_code": zip_code})
    pin_page = changed.headers["Location"]
    assert pin_page == f"{reverse('register_pin')}?change=1"
    assert resident_client.post(pin_page, PIN).headers["Location"] == CHECK


def test_another_camera_opens_in_its_place_with_the_cursor_in_it(resident_client: Client) -> None:
    fill(resident_client, until="register_cameras")
    page = resident_client.post(reverse("register_cameras"), cards({"name": "Front door"}, another="1"))
    focused = re.findall(r"<input[^>]*autofocus[^>]*>", page.content.decode())
    assert [re.search(r'name="([^"]*)"', field)[1] for field in focused] == ["camera-1-name"]  # type: ignore[index]


def test_errors_of_all_cameras_are_said_once_above_them_and_in_the_title(resident_client: Client) -> None:
    fill(resident_client, until="register_cameras")
    wrong = cards({"name": "Door", "days_kept": "x"}, {"name": "Yard", "reach_m": "9999"}, go_on="1")
    page = resident_client.post(reverse("register_cameras"), wrong).content.decode()
    assert title_of(page).startswith("Error: Cameras")
    assert page.count('role="alert"') == 1
    summary = page[page.index('role="alert"') : page.index("<legend")]
    assert "autofocus" in summary
    assert re.findall(r'href="#(id_camera-\d-\w+)"', summary) == ["id_camera-0-days_kept", "id_camera-1-reach_m"]
    assert title_of(resident_client.get(reverse("register_cameras")).content.decode()).startswith("Cameras")


def test_a_page_with_one_form_says_error_in_its_title_and_leads_there(resident_client: Client) -> None:
    page = resident_client.post(reverse("register_you"), YOU | {"phone": "555"}).content.decode()
    assert title_of(page).startswith("Error: You")
    assert re.search(r'role="alert"[^>]*autofocus', page)
    assert 'href="#id_phone"' in page


def test_feet_are_kept_as_meters_and_come_back_the_same(resident: User, resident_client: Client) -> None:
    typed = [3, *range(5, in_feet(LONGEST_REACH_M) + 1, 5)]
    assert [in_feet(Feet().clean(str(feet))) for feet in typed] == typed
    fill(resident_client, until="register_cameras")
    sees = {"name": "Front door", "facing": "north", "reach_m": "100"}
    resident_client.post(reverse("register_cameras"), cards(sees, go_on="1"))
    assert 'value="100"' in resident_client.get(reverse("register_cameras")).content.decode()
    assert "as far as 100 feet" in resident_client.get(CHECK).content.decode()
    resident_client.post(CHECK, AGREED)
    assert Camera.objects.get(premises__registrant__user=resident).reach_m == 30
