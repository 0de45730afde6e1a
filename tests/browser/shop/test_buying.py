"""From the shop to a CORE that works, in real browsers, paid at the peer of the payment service."""

import re

import pytest
from playwright.sync_api import expect

from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.accounts.roles import Role
from shop.catalogue.models import Product
from shop.orders.models.orders import Order, PurchaseOrder
from tests.browser.conftest import OpenWindow
from tests.browser.shop.buying import (
    at_the_peer,
    business,
    checks_out,
    finds_what_fits,
    gets_and_activates,
    hands_in,
    packs_and_sends,
    pays,
    signs_in,
)
from tests.browser.sizes import DESKTOP, NARROWEST, PHONE, Size
from tests.browser.test_keyboard import enters, tabs_to, types
from tests.factories import person
from tests.peers.payments import ASKS, DECLINED, PAID, PaymentPeer

pytestmark = pytest.mark.browser


@pytest.fixture
def clerk(portal_db: object) -> User:
    """Return a clerk."""
    return person(Role.CLERK)


@pytest.mark.parametrize(
    ("size", "language"),
    [(PHONE, "es"), pytest.param(DESKTOP, "en", marks=pytest.mark.long)],
    ids=["phone-es", "desktop-en"],
)
def test_a_core_is_bought_by_card_sent_and_activated(
    size: Size, language: str, open_window: OpenWindow, payment_peer: PaymentPeer, clerk: User
) -> None:
    owner = business(language)
    home = open_window("business", size=size, language=language)
    at_the_peer(home, payment_peer)
    finds_what_fits(home)
    signs_in(home, owner.user)
    checks_out(home)
    pays(home, DECLINED)
    expect(home.page.get_by_role("alert")).to_be_visible()
    home.page.get_by_role("link", name="Back without paying").click()
    home.arrives("Your order is not paid yet")
    home.press("Go to the payment page")
    pays(home, ASKS)
    home.page.get_by_role("button", name="Yes, it is me").click()
    home.arrives("Your order is paid")
    assert payment_peer.charged() == Order.objects.get().total
    packs_and_sends(open_window("clerk"), clerk)
    gets_and_activates(home)


@pytest.mark.long
def test_a_purchase_order_is_approved_and_sent(open_window: OpenWindow, payment_peer: PaymentPeer, clerk: User) -> None:
    owner = business("en")
    home = open_window("business")
    finds_what_fits(home)
    signs_in(home, owner.user)
    checks_out(home, "Use a purchase order")
    hands_in(home)
    desk = open_window("clerk")
    desk.is_signed_in_as(clerk)
    desk.open(f"/console/fulfilment/purchase-orders/{PurchaseOrder.objects.get().pk}/")
    desk.looks()
    desk.press("Approve it")
    desk.reads("can be packed")
    packs_and_sends(desk, clerk)
    home.page.reload()
    home.reads("Parcel")
    assert payment_peer.charged() == 0


@pytest.mark.long
def test_buying_takes_keys_alone(open_window: OpenWindow, payment_peer: PaymentPeer) -> None:
    owner = business("en")
    home = open_window("business", size=NARROWEST)
    at_the_peer(home, payment_peer)
    home.is_signed_in_as(owner.user)
    home.open("/shop/")
    types(home, "How many cameras do you have?", "3")
    enters(home, "Compare")
    home.page.wait_for_url(re.compile("cameras=3"))
    enters(home, Product.objects.get().name)
    home.reads("What it costs")
    enters(home, "Add to cart")
    home.arrives("Your cart")
    enters(home, "Check out")
    home.arrives("Where should we send it?")
    enters(home, "Continue to sales tax")
    home.arrives("Sales tax")
    enters(home, "Continue to payment")
    home.arrives("How will you pay?")
    enters(home, "Pay by card")
    home.arrives("Check and confirm")
    tabs_to(home, home.page.locator("label[for=id_consent]").inner_text().strip())
    home.page.keyboard.press("Space")
    enters(home, "Order and go to the payment page")
    home.page.get_by_label("Card number").wait_for()
    home.page.keyboard.press("Tab")
    home.page.keyboard.type(PAID)
    home.page.keyboard.press("Enter")
    home.arrives("Your order is paid")


@pytest.mark.long
def test_buying_needs_no_script(open_window: OpenWindow, payment_peer: PaymentPeer) -> None:
    owner = business("en")
    home = open_window("business", size=PHONE, script=False)
    at_the_peer(home, payment_peer)
    finds_what_fits(home)
    signs_in(home, owner.user)
    checks_out(home)
    pays(home, PAID)
    home.arrives("Your order is paid")
    assert payment_peer.charged() == Order.objects.get().total
