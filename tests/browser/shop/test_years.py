"""A year of a CORE that could not be charged is paid with another card, and the connection goes on."""

import re

import pytest

from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.accounts.roles import Role
from integration.cores.models import Core
from registry.registrants.models import Registrant
from shop.connections.models import CardOnFile
from shop.connections.services import cards
from shop.orders.models.orders import Order
from tests.browser.conftest import OpenWindow
from tests.browser.shop.buying import at_the_peer, pays
from tests.browser.sizes import DESKTOP, PHONE, Size
from tests.browser.window import Window
from tests.database.clone import Clone
from tests.factories import person
from tests.integration.cores.devices import business_at, owner_of
from tests.peers.payments import DECLINED, PAID, PaymentPeer
from tests.shop.connections.renewed import connected_for, of, order_core, owed_now as owed, stopped
from tests.shop.orders.orders import PDF

pytestmark = [pytest.mark.browser, pytest.mark.long]

SIZES = pytest.mark.parametrize(("size", "language"), [(PHONE, "es"), (DESKTOP, "en")], ids=["phone-es", "desktop-en"])


@pytest.fixture
def owner(portal_db: Clone, language: str) -> Registrant:
    """Return a business that reads the test's language."""
    return business_at(user=person(Role.BUSINESS, language=language), language=language)


@pytest.fixture
def order(owner: Registrant) -> Order:
    """Return a year past due. It comes before the portal runs, whose worker would send the mails of its days today."""
    return owed(owner)


@pytest.fixture
def core(owner: Registrant) -> Core:
    """Return a stopped CORE, likewise."""
    found = connected_for(420, owner)
    stopped(found)
    return found


def comes(open_window: OpenWindow, owner: User, peer: PaymentPeer, size: Size, language: str) -> Window:
    """Let an owner come, who may go to the payment page."""
    home = open_window("business", size=size, language=language)
    at_the_peer(home, peer)
    home.is_signed_in_as(owner)
    return home


def leaves(home: Window, number: str) -> None:
    """Save a card on the page of the payment service."""
    home.page.get_by_label("Card number").fill(number)
    home.page.get_by_role("button", name="Keep this card").click()
    home.arrives("Payment method")


@SIZES
def test_a_card_is_left_declined_and_the_year_is_paid_with_another(
    size: Size, language: str, order: Order, open_window: OpenWindow, payment_peer: PaymentPeer
) -> None:
    core = of(order_core(order)).core
    home = comes(open_window, owner_of(order_core(order)), payment_peer, size, language)
    home.open("/orders/")
    home.arrives("Your orders")
    home.reads("No card is kept for it: nothing is charged automatically")
    home.follow("Your card")
    home.arrives("Payment method")
    home.press("Save a card")
    leaves(home, DECLINED)
    home.reads("Remove the card")
    cards.charge_due()
    assert order.attempts.get().failure == "card_declined"
    home.open("/orders/")
    home.follow("Pay now")
    home.arrives(core.serial)
    home.reads("This year has begun, and is not paid")
    home.page.get_by_role("button", name=re.compile(r"\$165\.00")).click()
    pays(home, PAID)
    home.arrives("Your order is paid")
    home.open(f"/profile/devices/{core.pk}/")
    home.looks()
    assert (of(core).state, payment_peer.charged()) == ("active", 16_500)
    home.open(f"/orders/{order.number}/")
    home.arrives(core.serial)


@SIZES
def test_a_card_is_removed_and_a_year_paid_by_a_purchase_order(
    size: Size, language: str, order: Order, open_window: OpenWindow, payment_peer: PaymentPeer
) -> None:
    home = comes(open_window, owner_of(order_core(order)), payment_peer, size, language)
    home.open("/payment-method/")
    home.press("Save a card")
    leaves(home, PAID)
    home.press("Remove the card")
    home.arrives("Payment method")
    assert not CardOnFile.objects.exists()
    home.open(f"/orders/{order.number}/")
    home.follow("Pay by a purchase order")
    home.arrives("Pay by a purchase order")
    home.fill("Number of your purchase order", "PO 2026-14")
    home.fill("Its amount, in dollars", "500")
    home.page.locator("input[type=file]").set_input_files(
        {"name": "po.pdf", "mimeType": "application/pdf", "buffer": PDF}
    )
    home.press("Send the purchase order")
    home.arrives(of(order_core(order)).core.serial)
    sent = Order.objects.get(renews=order.renews_id, state="awaiting_approval")
    desk = open_window("clerk")
    desk.is_signed_in_as(clerk())
    desk.open("/console/fulfilment/years/")
    desk.arrives("Years past due")
    desk.open(f"/console/fulfilment/purchase-orders/{sent.purchase_order.pk}/")
    desk.looks()
    desk.open(f"/console/fulfilment/orders/{sent.number}/")
    desk.arrives(sent.number)


def clerk() -> User:
    """Return a clerk."""
    return person(Role.CLERK)


@pytest.mark.parametrize("language", ["en"])
def test_a_core_that_was_stopped_works_again_once_a_year_is_paid(
    core: Core, open_window: OpenWindow, payment_peer: PaymentPeer
) -> None:
    home = comes(open_window, owner_of(core), payment_peer, PHONE, "en")
    home.open(f"/profile/devices/{core.pk}/")
    home.reads("Its year was not paid, so it has stopped.")
    home.looks()
    home.press("Pay for a year and reconnect it")
    pays(home, PAID)
    home.arrives("Your order is paid")
    core.refresh_from_db()
    assert (core.state, of(core).state) == ("active", "active")
