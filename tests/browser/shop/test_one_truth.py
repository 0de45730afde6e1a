"""Two pages, a mail and a sheet say the same about the same money, card and stock. In browsers."""

import re
from io import BytesIO

import pytest
from playwright.sync_api import expect
from pypdf import PdfReader

from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.accounts.roles import Role
from fusus_portal.ground.agency import services as agency
from fusus_portal.ground.agency.models import Agency
from registry.registrants.models import Registrant
from shop.catalogue.models import Product
from shop.orders.models.orders import Order
from shop.orders.services import orders as order_services
from tests.browser.conftest import OpenWindow
from tests.browser.mailbox import Mailbox
from tests.browser.shop.buying import at_the_peer, business, pays
from tests.browser.window import Window
from tests.factories import person
from tests.integration.cores.devices import in_stock
from tests.peers.payments import PAID, PaymentPeer
from tests.shop.orders import orders
from tests.shop.parcels import parcels
from tests.shop.returns.returned import begun, by_check, core_of, labelled, published

pytestmark = pytest.mark.browser

NO_CARD = "No card is kept, so nothing is charged automatically."
NONE_FOR_IT = "No card is kept for it: nothing is charged automatically"


@pytest.fixture
def clerk(portal_db: object) -> User:
    """Return a clerk."""
    return person(Role.CLERK)


def at(open_window: OpenWindow, who: User, address: str) -> Window:
    """Return a window of somebody on a page."""
    window = open_window(str(who.role))
    window.is_signed_in_as(who)
    window.open(address)
    return window


def unpaid(owner: Registrant) -> Order:
    """Return an order on account that nobody has paid."""
    sent = orders.submitted(orders.drafted(owner=owner))
    return order_services.approve_purchase_order(purchase_order=sent, by=person(Role.CLERK)).order


def sheet(window: Window, name: str) -> str:
    """Return what a PDF says that the page has a link to."""
    address = window.page.get_by_role("link", name=re.compile(name)).first.get_attribute("href")
    content = window.page.request.get(f"{window.url}{address}").body()
    return " ".join(" ".join(page.extract_text() for page in PdfReader(BytesIO(content)).pages).split())


def test_an_unpaid_order_says_what_comes_off_its_invoice_until_it_is_canceled(
    open_window: OpenWindow, clerk: User
) -> None:
    checks = {"payee": "Jefferson County Treasurer", "check_address": "716 Boulevard N, Birmingham, AL 35203"}
    agency.change_agency(by=person(Role.ADMINISTRATOR), revision=Agency.current().revision, **checks)
    owner = business("en")
    order = unpaid(owner)
    off = f"$385.00 comes off invoice {order.invoices.get().printed_number}"
    payee = "Make the check out to Jefferson County Treasurer, and send it to 716 Boulevard N, Birmingham, AL 35203."
    home = at(open_window, owner.user, f"/orders/{order.number}/")
    home.reads(payee)
    assert payee in sheet(home, "Invoice")
    home.reads(off)
    home.follow("Cancel this order")
    home.reads(off)
    assert "refund" not in home.text()
    home.press("Cancel the order")
    home.reads(off)
    assert "refund" not in home.text()
    assert off in sheet(home, "Credit note")
    desk = at(open_window, clerk, f"/console/fulfilment/orders/{order.number}/")
    desk.reads(off.replace("comes", "came"))


def test_an_unpaid_core_says_so_on_its_page_its_end_and_its_return(open_window: OpenWindow, mailbox: Mailbox) -> None:
    published()
    owner = business("en")
    core = core_of(unpaid(owner))
    home = at(open_window, owner.user, f"/profile/devices/{core.pk}/")
    home.reads("and not paid yet.")
    assert "aid until" not in home.text()
    home.follow("Cancel")
    home.reads("$151.25 comes off invoice")
    assert "you get" not in home.text().lower()
    home.open(f"/profile/devices/{core.pk}/return/")
    [off] = re.findall(r"\$[\d.]+ comes off invoice INV-\d+", home.page.locator("h2").first.inner_text())
    home.press("Begin the return")
    home.arrives("Return")
    home.reads(off)
    assert "refund" not in home.text()
    assert mailbox.wait_for(owner.user.email, re.escape(off)) == off


def buys(home: Window, owner: Registrant, *, keeps: bool) -> Order:
    """Buy a CORE by card, and keep the card or not."""
    orders.cart_with(owner, (Product.objects.get(), 1))
    home.open("/shop/checkout/addresses/")
    home.press("Continue to sales tax")
    home.follow("Continue to payment")
    home.reads("the card is kept there only if you tick that")
    home.follow("Pay by card")
    home.page.locator("label[for=id_consent]").click()
    expect(home.page.locator("input[name=keep]")).not_to_be_checked()
    home.looks()
    if keeps:
        home.page.locator("label[for=id_keep]").click()
    home.press("Order and go to the payment page")
    pays(home, PAID)
    home.reads("Your order is paid")
    return Order.objects.latest("placed_at")


def test_a_card_is_kept_by_its_tick_alone_and_pays_what_that_says(
    open_window: OpenWindow, payment_peer: PaymentPeer, mailbox: Mailbox
) -> None:
    owner = business("en")
    home = at(open_window, owner.user, "/shop/")
    at_the_peer(home, payment_peer)
    first = buys(home, owner, keeps=False)
    home.open("/payment-method/")
    home.reads(NO_CARD)
    home.open(f"/orders/{first.number}/")
    home.reads(NONE_FOR_IT)
    second = buys(home, owner, keeps=True)
    said = f"It pays $150.00 plus sales tax for order {second.number}, a year after activation"
    assert said in second.attempts.get().keeps
    for address in (f"/orders/{second.number}/", "/payment-method/"):
        home.open(address)
        home.reads(said.replace("It pays", "Your card pays"))
        home.looks()
    mailbox.wait_for(owner.user.email, re.escape(said))
    home.open(f"/orders/{first.number}/")
    home.reads(NONE_FOR_IT)
    home.open(f"/orders/{second.number}/cancel/")
    home.reads("Your card is then no longer kept.")
    assert "is no longer kept" not in home.text()
    home.press("Cancel the order")
    home.reads("Your card is no longer kept.")
    mailbox.wait_for(owner.user.email, "Your card is no longer kept")
    home.open("/payment-method/")
    home.reads(NO_CARD)


def test_what_is_packed_is_in_stock_on_no_page(open_window: OpenWindow, clerk: User) -> None:
    orders.tax_rate()
    product = orders.product(on_hand=3)
    owner = business("en")
    sent = orders.submitted(orders.drafted(owner=owner, things=((product, 1),)))
    order = order_services.approve_purchase_order(purchase_order=sent, by=clerk).order
    for _core in range(2):
        in_stock(model=product.core_model)
    parcels.packed(order)
    desk = at(open_window, clerk, "/console/fulfilment/cores/")
    desk.reads("In stock: 2")
    desk.reads("Packed: 1")
    desk.looks()
    desk.open("/console/fulfilment/")
    row = desk.page.locator("#stock ~ .table-wrap tr", has_text=product.name).locator("td")
    assert row.all_inner_texts() == ["2", "0", "2", "1", "2"]
    desk.open(f"/console/fulfilment/stock/{product.pk}/")
    desk.reads("2 left, 1 packed")
    desk.open(f"/shop/{product.slug}/")
    desk.reads("Only 2 left")


def test_the_return_scan_takes_what_the_box_takes(open_window: OpenWindow, clerk: User) -> None:
    back = labelled(begun(by_check()))
    desk = at(open_window, clerk, "/console/fulfilment/returns/")
    desk.fill("Number, serial number or business", back.number.replace("-", "").lower())
    desk.page.keyboard.press("Enter")
    desk.follow("Receive the parcel")
    desk.fill("Serial number of what is in the parcel", f"]C1{back.core.serial.replace('-', '').lower()}")
    desk.page.keyboard.press("Enter")
    desk.reads("The CORE is here. Inspect it next.")
