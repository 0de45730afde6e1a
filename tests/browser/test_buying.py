"""From the shop to a CORE that works, in real browsers, paid at the peer of the payment service."""

import re

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from playwright.sync_api import expect

from fusus_portal.accounts.models import User
from fusus_portal.accounts.roles import Role
from integration.services import activation
from registry.models import Registrant
from shop.models import Order, Product, PurchaseOrder
from tests.browser.conftest import OpenWindow
from tests.browser.sizes import DESKTOP, NARROWEST, PHONE, Size
from tests.browser.test_keyboard import enters, tabs_to, types
from tests.browser.window import Window
from tests.factories import person
from tests.integration.devices import FIRMWARE, business_at, in_stock, public_key
from tests.peers.payments import ASKS, DECLINED, PAID, PaymentPeer
from tests.people import PASSWORD
from tests.shop import orders as made
from tests.shop.orders import PDF

pytestmark = pytest.mark.browser

TRACKING = "9400 1118 9922 3344 5566 77"


@pytest.fixture
def clerk(portal_db: object) -> User:
    """Return a clerk."""
    return person(Role.CLERK)


def business(language: str) -> Registrant:
    """Return a business that may buy, where a CORE is sold."""
    made.tax_rate()
    made.product()
    return business_at(user=person(Role.BUSINESS, language=language), language=language)


def at_the_peer(window: Window, peer: PaymentPeer) -> None:
    """Let a window go to the payment page, which is another site."""
    window.may_go.add(peer.url.removeprefix("http://"))
    # It asks for a key at every address of its own but the page itself, and the browser asks for an icon.
    window.may_answer |= {401, 402}


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
    home.arrives("Payment of your order")
    home.reads("Your order is not paid yet")
    home.press("Go to the payment page")
    pays(home, ASKS)
    home.page.get_by_role("button", name="Yes, it is me").click()
    home.arrives("Payment of your order")
    home.reads("Your order is paid")
    assert payment_peer.charged() == Order.objects.get().total
    packs_and_sends(open_window("clerk"), clerk)
    gets_and_activates(home)


def finds_what_fits(home: Window) -> None:
    home.open("/shop/")
    home.arrives("Connect cameras with a CORE")
    home.fill("How many cameras do you have?", "3")
    home.press("Compare")
    home.page.get_by_role("table").get_by_role("link").first.click()
    home.reads("What it costs")
    home.looks()
    home.press("Put it into the cart")
    home.arrives("Your cart")
    home.follow("Go to the checkout")
    home.arrives("Who buys?")


def signs_in(home: Window, account: User) -> None:
    """Sign in on the way; the cart comes along."""
    home.follow("Sign in")
    home.page.locator("input[type=email]").fill(account.email)
    home.page.locator("input[type=password]").fill(PASSWORD)
    home.press("Sign in")
    home.arrives("Where does it go?")


def checks_out(home: Window, way: str = "Pay by card") -> None:
    home.press("Go on to sales tax")
    home.arrives("Sales tax")
    home.follow("Go on to how to pay")
    home.arrives("How do you pay?")
    home.follow(way)
    home.arrives("Check and confirm")
    box = home.page.locator("input[name=consent]")
    expect(box).not_to_be_checked()
    home.page.locator("label[for=id_consent]").click()
    if way == "Pay by card":
        home.press("Order, and go to the payment page")


def pays(home: Window, number: str) -> None:
    home.page.get_by_label("Card number").fill(number)
    home.page.get_by_role("button", name=re.compile("^Pay")).click()


def packs_and_sends(desk: Window, clerk: User) -> None:
    """The scanner types where the focus is, and presses Enter."""
    order = Order.objects.get()
    line = order.lines.get()
    right, wrong = in_stock(model=line.product.core_model), in_stock()
    desk.is_signed_in_as(clerk)
    desk.open("/console/fulfilment/")
    desk.arrives("Fulfilment")
    desk.page.get_by_role("link", name=order.number).click()
    desk.press("Pack a parcel")
    desk.may_answer.add(422)
    for serial, words in ((wrong.serial, "none of these is owed here"), (right.serial, "In the parcel")):
        desk.page.get_by_label("Serial number").fill("")
        desk.page.keyboard.type(serial)
        desk.page.keyboard.press("Enter")
        desk.reads(words)
        desk.looks()
    desk.page.get_by_text("USPS", exact=True).click()
    desk.page.locator("input[name=tracking]").fill(TRACKING)
    desk.press("Close it")
    desk.follow("Label and packing slip")
    expect(desk.page.locator("svg.qr-code")).to_be_visible()
    desk.looks()
    desk.page.go_back()
    desk.follow("Hand it over")
    desk.looks()
    desk.press("The carrier has it")
    desk.reads("On its way")


def gets_and_activates(home: Window) -> None:
    order = Order.objects.get()
    core = order.shipments.get().items.get().core
    assert core is not None
    home.open(f"/orders/{order.number}/")
    home.reads(TRACKING.replace(" ", ""))
    home.looks()
    home.press("It arrived")
    home.button("Show the activation code", whole=False).click()
    home.arrives("Activation code")
    code = home.page.locator("code").inner_text()
    key = public_key(Ed25519PrivateKey.generate())
    activation.activate(serial=core.serial, code=code, key=key, firmware=FIRMWARE)
    home.follow("See your CORE")
    home.reads("It works.")
    order.refresh_from_db()
    assert order.state == "completed"


@pytest.mark.long
def test_a_purchase_order_is_approved_and_sent(open_window: OpenWindow, payment_peer: PaymentPeer, clerk: User) -> None:
    owner = business("en")
    home = open_window("business")
    finds_what_fits(home)
    signs_in(home, owner.user)
    checks_out(home, "Use a purchase order")
    home.fill("Number of your purchase order", "PO 17")
    home.fill("What it allows, in dollars", "500")
    home.page.locator("input[type=file]").set_input_files(
        {"name": "po.pdf", "mimeType": "application/pdf", "buffer": PDF}
    )
    home.press("Order with this purchase order")
    home.reads("A clerk looks at your purchase order")
    home.looks()
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
    enters(home, "Put it into the cart")
    home.arrives("Your cart")
    enters(home, "Go to the checkout")
    home.arrives("Where does it go?")
    enters(home, "Go on to sales tax")
    home.arrives("Sales tax")
    enters(home, "Go on to how to pay")
    home.arrives("How do you pay?")
    enters(home, "Pay by card")
    home.arrives("Check and confirm")
    tabs_to(home, home.page.locator("label[for=id_consent]").inner_text().strip())
    home.page.keyboard.press("Space")
    enters(home, "Order, and go to the payment page")
    home.page.get_by_label("Card number").wait_for()
    home.page.keyboard.press("Tab")
    home.page.keyboard.type(PAID)
    home.page.keyboard.press("Enter")
    home.arrives("Payment of your order")
    home.reads("Your order is paid")


@pytest.mark.long
def test_buying_needs_no_script(open_window: OpenWindow, payment_peer: PaymentPeer) -> None:
    owner = business("en")
    home = open_window("business", size=PHONE, script=False)
    at_the_peer(home, payment_peer)
    finds_what_fits(home)
    signs_in(home, owner.user)
    checks_out(home)
    pays(home, PAID)
    home.arrives("Payment of your order")
    home.reads("Your order is paid")
    assert payment_peer.charged() == Order.objects.get().total
