"""The first two tabs of the profile end on the second screen of a phone, and the footer takes half a screen."""

import pytest
from playwright.sync_api import Locator, expect

from registry.people.selectors import documents_to_agree
from registry.people.services import registrants
from registry.registrants.models import Registrant
from tests.browser.conftest import OpenWindow
from tests.browser.sizes import HANDHELD
from tests.browser.window import Window
from tests.factories import person, registrant_at, request_at
from tests.integration.cores.devices import active, business_at
from tests.shop.orders import orders

pytestmark = pytest.mark.browser

TWO_SCREENS = 2 * HANDHELD.height
FIRST_TABS = ("/profile/", "/profile/looks/")


def agreed(owner: Registrant) -> Registrant:
    """Let an owner agree to the texts that are in force; a new version is a card of its own until then."""
    shown = [document.pk for document in documents_to_agree(owner)]
    registrants.agree(registrant=owner, by=owner.user, documents=shown)
    return owner


@pytest.fixture
def resident(portal_db: object, language: str) -> Registrant:
    """Return somebody with a request to answer, whom deputies searched for and asked."""
    owner = agreed(registrant_at(user=person(language=language), language=language))
    request_at("sent", registrant=owner)
    return owner


@pytest.fixture
def business(portal_db: object, language: str) -> Registrant:
    """Return a business with a CORE, an order, looks, and more requests than are shown at once."""
    owner = agreed(business_at(cameras=3, language=language))
    active(registrant=owner)
    orders.submitted(orders.drafted(owner=owner))
    for _each in range(3):
        request_at("sent", registrant=owner)
    return owner


def window_of(owner: Registrant, open_window: OpenWindow, *, script: bool = True) -> Window:
    window = open_window("owner", size=HANDHELD, language=owner.language, script=script)
    window.is_signed_in_as(owner.user)
    return window


def bottom(of: Locator) -> float:
    """Return where something ends, in pixels from the top of the page."""
    box = of.bounding_box()
    assert box is not None
    return box["y"] + box["height"]


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("who", ["resident", "business"])
def test_home_and_who_looked_end_on_the_second_screen(
    who: str, language: str, open_window: OpenWindow, request: pytest.FixtureRequest
) -> None:
    window = window_of(request.getfixturevalue(who), open_window)
    for address in FIRST_TABS:
        window.open(address)
        window.looks()
        assert bottom(window.page.locator("footer")) <= TWO_SCREENS, (language, address)


@pytest.mark.parametrize("language", ["en"])
def test_the_tabs_work_by_keyboard_and_without_script(business: Registrant, open_window: OpenWindow) -> None:
    window = window_of(business, open_window, script=False)
    window.open("/profile/")
    for label in ("Who looked", "Devices", "Orders", "Account", "Home"):
        window.page.locator(".tabs").get_by_role("link", name=label, exact=True).press("Enter")
        expect(window.page.locator(".tabs [aria-current=page]")).to_have_text(label)
    window.page.locator(".tabs").get_by_role("link", name="Who looked", exact=True).press("Enter")
    window.comes_to("Who looked")
    expect(window.page.get_by_role("table").first).to_be_hidden()
    window.unfolds("asked for footage")
    expect(window.page.get_by_role("table").first).to_be_visible()


@pytest.mark.parametrize("language", ["en"])
def test_an_old_link_to_a_part_brings_its_tab_into_sight(resident: Registrant, open_window: OpenWindow) -> None:
    window = window_of(resident, open_window)
    window.open("/profile/#data-heading")
    expect(window.page.get_by_role("link", name="Account", exact=True)).to_be_in_viewport()
    window.page.keyboard.press("Tab")
    window.page.keyboard.press("Enter")
    window.arrives("Account")


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_footer_fits_half_a_screen(resident: Registrant, open_window: OpenWindow) -> None:
    window = window_of(resident, open_window)
    window.open("/profile/")
    footer = window.page.locator("footer").bounding_box()
    assert footer is not None
    assert footer["height"] <= HANDHELD.height / 2
