"""The steps by which a business buys a CORE, a clerk sends it, and it begins to work. In browsers."""

import re

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from playwright.sync_api import expect

from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.accounts.roles import Role
from integration.cores.models import Core
from integration.cores.services import credentials
from registry.registrants.models import Registrant
from shop.orders.models.orders import Order
from tests.browser.window import Window
from tests.factories import person
from tests.integration.cores.devices import FIRMWARE, business_at, in_stock, public_key
from tests.peers.payments import PaymentPeer
from tests.people import PASSWORD
from tests.shop.orders import orders
from tests.shop.orders.orders import PDF

TRACKING = "9400 1118 9922 3344 5566 77"


def business(language: str) -> Registrant:
    """Return a business that may buy, where a CORE is sold."""
    orders.tax_rate()
    orders.product()
    return business_at(user=person(Role.BUSINESS, language=language), language=language)


def at_the_peer(window: Window, peer: PaymentPeer) -> None:
    """Let a window go to the payment page, which is another site."""
    window.may_go.add(peer.url.removeprefix("http://"))
    # It asks for a key at every address of its own but the page itself, and the browser asks for an icon.
    window.may_answer |= {401, 402}


def finds_what_fits(home: Window) -> None:
    home.open("/shop/")
    home.arrives("Connect cameras with a CORE")
    home.fill("How many cameras do you have?", "3")
    home.press("Compare")
    home.page.get_by_role("table").wait_for()
    home.looks()
    home.page.get_by_role("table").get_by_role("link").first.click()
    home.reads("What it costs")
    home.looks()
    home.press("Add to cart")
    home.arrives("Your cart")
    home.follow("Check out")
    home.arrives("Who is buying?")


def signs_in(home: Window, account: User) -> None:
    """Sign in on the way; the cart comes along."""
    home.follow("Sign in")
    home.page.locator("input[type=email]").fill(account.email)
    home.page.locator("input[type=password]").fill(PASSWORD)
    home.press("Sign in")
    home.arrives("Where should we send it?")


def checks_out(home: Window, way: str = "Pay by card") -> None:
    home.press("Continue to sales tax")
    home.arrives("Sales tax")
    home.follow("Continue to payment")
    home.arrives("How will you pay?")
    home.follow(way)
    home.arrives("Check and confirm")
    box = home.page.locator("input[name=consent]")
    expect(box).not_to_be_checked()
    home.page.locator("label[for=id_consent]").click()
    if way == "Pay by card":
        home.press("Order and go to the payment page")


def pays(home: Window, number: str) -> None:
    home.page.get_by_label("Card number").fill(number)
    home.page.get_by_role("button", name=re.compile("^Pay")).click()


def hands_in(home: Window) -> None:
    """Order with a purchase order, from the page where all is confirmed."""
    home.fill("Number of your purchase order", "PO 17")
    home.fill("Its amount, in dollars", "500")
    home.page.locator("input[type=file]").set_input_files(
        {"name": "po.pdf", "mimeType": "application/pdf", "buffer": PDF}
    )
    home.press("Order with this purchase order")
    home.reads("A clerk reviews your purchase order")
    home.looks()


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
    for serial, words in ((wrong.serial, "none of these is owed here"), (right.serial, "Added")):
        desk.page.get_by_label("Serial number").fill("")
        desk.page.keyboard.type(serial)
        desk.page.keyboard.press("Enter")
        desk.reads(words)
        desk.looks()
    desk.page.get_by_text("USPS", exact=True).click()
    desk.page.locator("input[name=tracking]").fill(TRACKING)
    desk.press("Close it")
    with desk.page.expect_download() as label:
        desk.page.get_by_role("link", name="Label and packing slip (PDF)").click()
    assert label.value.suggested_filename == f"{order.shipments.get().number}.pdf"
    desk.follow("Hand it over")
    desk.looks()
    desk.press("The carrier has it")
    desk.reads("On its way")


def gets_and_activates(home: Window) -> Core:
    """Say that the parcel came, read the code, and let the device of the business use it."""
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
    credentials.activate(serial=core.serial, code=code, key=key, firmware=FIRMWARE)
    home.follow("See your CORE")
    home.reads("It works.")
    order.refresh_from_db()
    assert order.state == "completed"
    return core
