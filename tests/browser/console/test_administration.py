"""Administration on screens of three sizes: groups, a search by keyboard, forms in one or two columns."""

import pytest
from playwright.sync_api import Locator, expect

from fusus_portal.ground.accounts.models import User
from tests.browser.conftest import OpenWindow
from tests.browser.sizes import DESKTOP, PHONE, TABLET, Size
from tests.people import make_person

pytestmark = pytest.mark.browser


def place_of(found: Locator) -> tuple[float, float]:
    box = found.bounding_box()
    assert box is not None
    return box["x"], box["y"]


@pytest.mark.parametrize("size", [PHONE, TABLET, DESKTOP])
def test_a_page_is_found_by_keyboard(size: Size, open_window: OpenWindow, administrator: User) -> None:
    window = open_window("administrator", size=size)
    window.is_signed_in_as(administrator)
    window.open("/console/admin/")
    expect(window.page.get_by_role("main").get_by_role("heading", level=2)).to_have_count(6)
    window.page.get_by_label("What do you look for?").fill("logo")
    window.page.keyboard.press("Enter")
    expect(window.page.get_by_role("main").get_by_role("heading", level=2)).to_have_count(1)
    window.page.get_by_role("main").get_by_role("link", name="Seal", exact=True).click()
    window.arrives("Seal")


def test_a_person_is_found_from_administration_in_three_steps(open_window: OpenWindow, administrator: User) -> None:
    make_person("deputy", "ines@agency.example", name="Inés Muñoz")
    window = open_window("administrator", size=DESKTOP)
    window.is_signed_in_as(administrator)
    window.open("/console/admin/")
    window.page.get_by_label("What do you look for?").fill("munoz")
    window.page.keyboard.press("Enter")
    window.page.get_by_role("link", name="Find “munoz” among the people of the office").click()
    window.page.get_by_role("link", name="Inés Muñoz").click()
    window.arrives("Inés Muñoz")


@pytest.mark.parametrize(("size", "columns"), [(PHONE, 1), (TABLET, 1), (DESKTOP, 2)])
def test_a_form_has_two_columns_where_there_is_room(
    size: Size, columns: int, open_window: OpenWindow, administrator: User
) -> None:
    window = open_window("administrator", size=size)
    window.is_signed_in_as(administrator)
    window.open("/console/admin/people/invite/")
    first, second = (place_of(window.page.locator("main .usa-form-group").nth(number)) for number in (0, 1))
    assert (first[1] == second[1]) == (columns == 2)
    assert (first[0] == second[0]) == (columns == 1)
