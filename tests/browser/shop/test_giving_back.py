"""The second half of a CORE's life: it goes back to the office, and the money to the business. In real browsers."""

import time

import pytest

from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.accounts.roles import Role
from integration.cores.models import Core
from shop.orders.models.orders import Order, PurchaseOrder
from shop.returns.models import Return
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
from tests.browser.sizes import PHONE
from tests.browser.window import Window
from tests.factories import person
from tests.peers.payments import PAID, PaymentPeer
from tests.shop.returns.returned import arrived, published, snap

pytestmark = [pytest.mark.browser, pytest.mark.long]

SECONDS_TO_PAY = 30.0
PICTURE = snap().read()
BEGUN_MONTH = 1_375
"""A twelfth of the yearly fee of $150, with 10 % tax: the month in which it is given back has begun."""


@pytest.fixture
def clerk(portal_db: object) -> User:
    """Return a clerk."""
    return person(Role.CLERK)


def test_what_was_paid_by_card_goes_back_to_the_card(
    open_window: OpenWindow, payment_peer: PaymentPeer, clerk: User
) -> None:
    published()
    owner = business("es")
    home, desk = open_window("business", size=PHONE, language="es"), open_window("clerk")
    at_the_peer(home, payment_peer)
    finds_what_fits(home)
    signs_in(home, owner.user)
    checks_out(home)
    pays(home, PAID)
    home.arrives("Your order is paid")
    packs_and_sends(desk, clerk)
    back = gives_back(home, desk, gets_and_activates(home))
    pays_out(open_window("second"), back)
    deadline = time.monotonic() + SECONDS_TO_PAY
    # Whoever tries first makes the refund; another one leaves it alone until its outcome is known.
    while arrived(back).state != "closed":
        assert time.monotonic() < deadline
        desk.page.wait_for_timeout(200)
    home.page.reload()
    home.reads("The money was paid out.")
    assert payment_peer.refunded() == back.expected == Order.objects.get().total - BEGUN_MONTH


def test_what_was_paid_by_check_goes_back_by_check(
    open_window: OpenWindow, payment_peer: PaymentPeer, clerk: User
) -> None:
    published()
    owner = business("en")
    home, desk = open_window("business"), open_window("clerk")
    finds_what_fits(home)
    signs_in(home, owner.user)
    checks_out(home, "Use a purchase order")
    hands_in(home)
    desk.is_signed_in_as(clerk)
    desk.open(f"/console/fulfilment/purchase-orders/{PurchaseOrder.objects.get().pk}/")
    desk.press("Approve it")
    brings_a_check(desk)
    packs_and_sends(desk, clerk)
    back = gives_back(home, desk, gets_and_activates(home))
    second = open_window("second")
    pays_out(second, back)
    second.open("/console/refunds/")
    second.page.get_by_role("link", name="Note the check over").click()
    second.fill("Number of the check", "2042")
    second.press("It is paid out by this check")
    second.reads("Nothing is waiting")
    home.page.reload()
    home.reads("by check 2042, written. Nothing is left to do.")
    back.refresh_from_db()
    assert back.state == "closed"
    assert sum(back.refunds.values_list("cents", flat=True)) == Order.objects.get().total - BEGUN_MONTH
    assert payment_peer.refunded() == 0


def pays_out(second: Window, back: Return) -> None:
    """Another person than who inspected the CORE gives its money back: here an administrator."""
    second.is_signed_in_as(person(Role.ADMINISTRATOR))
    second.open("/console/refunds/")
    second.reads(back.number)
    second.follow("Give the money back")
    second.arrives("Give the money of this return back?")
    second.press("Give the money back")
    second.arrives("Money that waits")


def brings_a_check(desk: Window) -> None:
    """A check over the whole invoice lies on the clerk's table."""
    order = Order.objects.get()
    desk.open(f"/console/fulfilment/orders/{order.number}/")
    desk.follow("Record a check")
    desk.fill("Number of the check", "1017")
    desk.fill("Amount in dollars", f"{order.total / 100:.2f}")
    desk.press("Record it")
    desk.reads("The check is recorded.")


def gives_back(home: Window, desk: Window, core: Core) -> Return:
    """Return a CORE from its page; a clerk sends a label, takes it out of its parcel, looks at it and accepts it."""
    home.open(f"/profile/devices/{core.pk}/")
    home.follow("Return this CORE")
    home.looks()
    home.press("Begin the return")
    home.reads("Pack the CORE and write this number on the parcel. We send a label, or you bring it.")
    home.looks()
    back = Return.objects.get(core=core)
    desk.open("/console/fulfilment/returns/")
    desk.arrives("Returns")
    desk.follow(back.number)
    desk.follow("Send a label")
    desk.page.get_by_label("Tracking number").fill("1Z 999 AA1 01 2345 6784")
    desk.page.locator("main form").get_by_role("button").click()
    home.page.reload()
    home.press("I gave it to the carrier")
    home.reads("The parcel is on its way to the office.")
    desk.page.reload()
    desk.follow("Receive the parcel")
    desk.page.get_by_label("Serial number").type(core.serial)
    desk.page.keyboard.press("Enter")
    desk.follow("Inspect it")
    desk.page.locator("input[type=file]").set_input_files(
        {"name": "core.png", "mimeType": "image/png", "buffer": PICTURE}
    )
    desk.looks()
    desk.press("Inspect it")
    desk.follow("Accept it")
    desk.arrives("Accept this return?")
    desk.press("Accept it")
    desk.reads("another person does this")
    desk.looks()
    back.refresh_from_db()
    return back
