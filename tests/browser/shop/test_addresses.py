"""The address of an order is suggested from the county's data, and anything else is taken as it is typed."""

from pathlib import Path

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from fusus_portal.demo.data import town
from fusus_portal.ground.streets import services as streets
from fusus_portal.ground.streets.readers import open_source
from shop.catalogue.models import Product
from shop.orders.models.orders import Order
from tests.browser.conftest import OpenWindow
from tests.browser.shop.buying import business
from tests.browser.sizes import PHONE
from tests.browser.window import Window

pytestmark = pytest.mark.browser


@pytest.fixture
def home(portal_db: object, tmp_path: Path, open_window: OpenWindow) -> Window:
    """Return a business's phone, where the checkout asks for an address."""
    owner = business("en")
    streets.load_streets(sources=[open_source(file) for file in town.write(tmp_path)])
    window = open_window("business", size=PHONE)
    window.is_signed_in_as(owner.user)
    window.open(reverse("product", args=[Product.objects.get().slug]))
    window.press("Add to cart")
    window.arrives("Your cart")
    window.follow("Check out")
    window.arrives("Where should we send it?")
    return window


def test_a_suggestion_fills_in_its_own_address_alone(home: Window) -> None:
    page = home.page
    page.locator("label[for=id_same]").click()
    street = page.locator("[name=bill_street]")
    ship_city = page.locator("[name=ship_city]").input_value()
    street.press_sequentially("2024 11th av")
    page.get_by_role("option", name="2024 11th Ave S").click()
    expect(street).to_have_value("2024 11th Ave S")
    for name, value in (("city", "Birmingham"), ("state", "AL"), ("zip", "35205")):
        expect(page.locator(f"[name=bill_{name}]")).to_have_value(value)
    expect(page.locator("[name=ship_city]")).to_have_value(ship_city)
    home.looks()


def test_an_address_that_nobody_suggests_is_taken(home: Window) -> None:
    home.page.locator("[name=ship_street]").fill("99999 Nowhere Lane")
    home.press("Continue to sales tax")
    home.arrives("Sales tax")
    assert Order.objects.get().ship_street == "99999 Nowhere Lane"
