"""Orders of services alone: a clerk says that they are done, and nobody speaks of a parcel."""

from datetime import timedelta
from functools import partial

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.lifecycle import Refused, Stale
from fusus_portal.ground.notifications.kinds import MessageKind
from fusus_portal.ground.notifications.models import Message
from shop.orders import policies
from shop.orders.extensions import services_to_do
from shop.orders.models.orders import Order
from shop.orders.presenters.checkout import paid_words
from shop.orders.presenters.orders import state_words
from shop.orders.selectors import orders as order_selectors
from shop.orders.services import orders as order_services
from shop.orders.states import OrderState
from shop.parcels import selectors, services as parcel_services
from shop.parcels.extensions import orders_to_send
from shop.parcels.presenters import deadline_tag
from shop.rules import SHIP_WITHIN
from tests.factories import person
from tests.integration.cores.devices import business_at
from tests.people import sign_in
from tests.shop.orders import orders
from tests.shop.orders.orders import buyer_of
from tests.shop.orders.test_order_pages import SHIP
from tests.shop.orders.test_order_words import letter, main_of
from tests.shop.parcels import parcels
from tests.shop.parcels.test_fulfilment_pages import board
from tests.shop.warranty.claimed import charged
from tests.shop.worlds import ready_with
from tests.unsaved import beside

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("world", "paper")]

make_world = partial(ready_with, businesses=1, products=1)

OF_PARCELS = ("ship", "parcel", "pack")


def done(order: Order) -> Order:
    return order_services.complete_services(order=order, by=person("clerk"))


def order_of(*kinds: str, **columns: object) -> Order:
    """Return an order with a line of each kind that is not saved."""
    return beside(Order(**columns), lines=[orders.unsaved_line(kind) for kind in kinds])


def speaks_of_parcels(text: str) -> list[str]:
    return [word for word in OF_PARCELS if word in text.casefold()]


class TestDone:
    @pytest.mark.parametrize("state", [OrderState.PAID, OrderState.ON_ACCOUNT])
    def test_a_clerk_says_that_it_is_done_and_the_buyer_reads_it(self, state: OrderState) -> None:
        order = done(orders.services_alone(state))
        assert order.state == OrderState.COMPLETED
        assert order.ended_at is not None
        mail, is_owed = letter(MessageKind.ORDER_DONE, order), state == OrderState.ON_ACCOUNT
        assert "hat you ordered is done" in mail.text
        assert ("You don't need to do anything" in mail.text, "To be paid by" in mail.text) == (not is_owed, is_owed)
        assert state_words(order) == ("Done, not paid yet" if is_owed else "Completed")
        assert f"1 x {order.lines.get().name}" in mail.text
        assert speaks_of_parcels(mail.text) == []

    def test_of_a_buyer_who_has_left_nobody_is_told(self) -> None:
        order = orders.services_alone()
        Order.objects.filter(pk=order.pk).update(registrant=None)
        assert done(order).state == OrderState.COMPLETED
        assert not Message.objects.filter(kind=MessageKind.ORDER_DONE).exists()

    def test_it_is_done_once(self) -> None:
        order = done(orders.services_alone())
        with pytest.raises(Stale, match="it is “Completed”"):
            done(order)
        assert Message.objects.filter(kind=MessageKind.ORDER_DONE).count() == 1

    @pytest.mark.parametrize("state", [OrderState.AWAITING_PAYMENT, OrderState.AWAITING_APPROVAL])
    def test_one_that_is_not_bought_is_not_done(self, state: OrderState) -> None:
        with pytest.raises(Stale, match="Nothing of this order is to be done"):
            done(orders.services_alone(state))

    def test_one_with_goods_is_completed_by_its_parcels(self) -> None:
        with pytest.raises(Stale, match="has goods to ship"):
            done(parcels.bought())

    def test_one_with_goods_and_services_is_too(self) -> None:
        things = ((orders.product(), 1), (orders.product(kind="service", cents=5_000), 1))
        with pytest.raises(Stale, match="has goods to ship"):
            done(orders.paid(orders.placed(orders.drafted(things=things))).order)

    def test_a_bill_is_paid_and_not_done(self) -> None:
        bill = charged().charge
        assert bill is not None
        with pytest.raises(Stale, match="This is a bill"):
            done(bill)
        assert bill not in order_selectors.to_do()

    def test_neither_its_buyer_nor_an_administrator_says_so(self) -> None:
        order = orders.services_alone()
        for by in (buyer_of(order), person("administrator")):
            with pytest.raises(Refused):
                order_services.complete_services(order=order, by=by)

    def test_after_that_it_is_not_canceled(self) -> None:
        order = done(orders.services_alone())
        with pytest.raises(Stale):
            order_services.cancel(order=order, by=buyer_of(order))

    def test_nothing_of_it_is_packed_or_asked_to_wait(self) -> None:
        order, clerk = orders.services_alone(), person("clerk")
        with pytest.raises(Stale):
            parcel_services.begin_parcel(order=order, by=clerk)
        with pytest.raises(Stale):
            parcel_services.ask_about_delay(order=order, by=clerk, sent_by_then=timezone.localdate())


class TestGoods:
    @pytest.mark.parametrize(
        ("kinds", "has"),
        [(["core"], True), (["accessory"], True), (["service"], False), (["service", "core"], True), ([], False)],
    )
    def test_an_order_has_goods_if_one_of_its_lines_ships(self, kinds: list[str], has: bool) -> None:
        assert policies.has_goods(order_of(*kinds).lines.all()) is has

    @pytest.mark.parametrize("state", OrderState)
    def test_services_are_to_do_once_they_are_bought(self, state: OrderState) -> None:
        bought = state in ("paid", "on_account")
        assert policies.is_to_do(order_of("service", state=state)) is bought
        assert not policies.is_to_do(order_of("service", state=state, method="charge"))
        assert not policies.is_to_do(order_of("service", "core", state=state))

    def test_what_is_refunded_is_not_to_do(self) -> None:
        order = orders.services_alone()
        orders.refunded(order.lines.get())
        assert not policies.is_to_do(order)
        assert list(order_selectors.to_do()) == []

    def test_goods_that_are_refunded_do_not_keep_services_from_being_done(self, clerk_client: Client) -> None:
        things = ((orders.product(), 1), (orders.product(kind="service", cents=5_000), 1))
        order = orders.paid(orders.placed(orders.drafted(things=things))).order
        service = order.lines.get(kind="service")
        orders.refunded(order.lines.get(kind="core"))
        assert list(order_selectors.to_do()) == [order]
        assert f"1 × {service.name}" in board(clerk_client)["services"]  # noqa: RUF001
        page = main_of(clerk_client.get(reverse("fulfilment_order", args=[order.number])).text)
        assert reverse("fulfilment_done", args=[order.number]) in page
        order = done(Order.objects.get(pk=order.pk))
        assert (order.state, state_words(order)) == (OrderState.COMPLETED, "Completed")
        mail = letter(MessageKind.ORDER_DONE, order).text
        assert f"1 x {service.name}" in mail
        assert order.lines.get(kind="core").name not in mail

    def test_the_database_lets_services_be_done_only_without_goods_to_ship(self) -> None:
        order = parcels.bought()
        with pytest.raises(IntegrityError, match="completed by its parcels"), transaction.atomic():
            Order.objects.filter(pk=order.pk).update(state="completed")


class TestBoard:
    def test_it_waits_in_a_list_of_its_own_until_it_is_done(self, clerk_client: Client) -> None:
        with time_machine.travel(timezone.now() - timedelta(days=3)):
            order = orders.services_alone()
        found = board(clerk_client)
        assert list(found) == ["services"]
        assert order.number in found["services"]
        assert "3\xa0days ago" in found["services"]
        assert "checkbox" not in found["services"]
        done(order)
        assert board(clerk_client) == {}

    def test_the_start_page_counts_it_among_what_is_to_do(self) -> None:
        order, clerk = orders.services_alone(), person("clerk")
        [item] = services_to_do(clerk)
        assert (item.text, item.number) == ("1 order of services to do", 1)
        assert orders_to_send(clerk) == []
        done(order)
        assert services_to_do(clerk) == []

    def test_no_law_makes_it_overdue_but_a_long_wait_is_flagged(self) -> None:
        order = orders.services_alone()
        assert order.bought_at is not None
        late = order.bought_at + SHIP_WITHIN
        assert deadline_tag(order, late) == ("", "")
        assert deadline_tag(order, late + timedelta(seconds=1)) == ("warn", "Waits for more than 30 days")
        assert selectors.overdue(late + timedelta(days=1)) == []


class TestClerksPage:
    def test_a_clerk_looks_before_it_counts(self, clerk_client: Client) -> None:
        order = orders.services_alone()
        page = main_of(clerk_client.get(reverse("fulfilment_order", args=[order.number])).text)
        address = reverse("fulfilment_done", args=[order.number])
        assert address in page
        assert "Next: the service is done, and a clerk says so here." in page
        assert f"1 × {order.lines.get().name}" in page  # noqa: RUF001
        assert speaks_of_parcels(page) == []
        look = clerk_client.get(address).text
        assert f"Is order {order.number} done?" in look
        assert "The buyer is told." in look
        order.refresh_from_db()
        assert order.state == OrderState.PAID
        page = main_of(clerk_client.post(address, follow=True).text)
        assert "It is done, and the buyer is told." in page
        assert "What was ordered is done" in page
        assert address not in page
        assert "so that can" not in page
        assert clerk_client.post(address).status_code == 409

    def test_one_with_goods_is_not_offered_it(self, clerk_client: Client) -> None:
        order = parcels.bought()
        address = reverse("fulfilment_done", args=[order.number])
        assert address not in clerk_client.get(reverse("fulfilment_order", args=[order.number])).text
        look = clerk_client.get(address).text
        assert "has goods to ship" in look
        assert "<form" not in main_of(look)
        assert clerk_client.post(address).status_code == 409

    def test_an_approved_one_is_not_said_to_be_packed(self, clerk_client: Client) -> None:
        order = orders.services_alone(OrderState.AWAITING_APPROVAL)
        address = reverse("purchase_order_approve", args=[order.purchase_order.pk])
        page = clerk_client.post(address, follow=True).text
        assert "Approved. The invoice is issued." in page
        assert speaks_of_parcels(main_of(page)) == []


class TestBuyer:
    @pytest.fixture
    def shopper(self, business: User) -> Client:
        """Return the browser of a business with an installation in its cart."""
        orders.tax_rate()
        business_at(user=business)
        browser = sign_in(business)
        service = orders.product(kind="service", cents=5_000)
        browser.post(reverse("product_add", args=[service.slug]), {"quantity": 1})
        return browser

    def test_checkout_asks_where_it_is_done_and_promises_no_parcel(self, shopper: Client) -> None:
        address = reverse("checkout_addresses")
        page = main_of(shopper.get(address).text)
        assert "Where should we do it?" in page
        assert "Place of the service" in page
        for words in ("Where should we send it?", "Ship to"):
            assert words not in page
        assert shopper.post(address, SHIP)["Location"] == reverse("checkout_tax")
        assert "at the place of the service" in shopper.get(reverse("checkout_tax")).text
        for name, words in (
            ("checkout_card", "Until it is done you can cancel, and get all your money back."),
            ("checkout_purchase_order", "Until it is done you can cancel, and owe nothing."),
        ):
            page = main_of(shopper.get(reverse(name)).text)
            assert words in page
            assert "Place of the service" in page
            assert "You can return a CORE" not in page
            for other in ("Ships to", "ship it", "it ships"):
                assert other not in page

    @pytest.mark.parametrize("state", [OrderState.PAID, OrderState.ON_ACCOUNT])
    def test_neither_the_mail_nor_the_page_of_the_order_speaks_of_a_parcel(self, state: OrderState) -> None:
        order = orders.services_alone(state)
        mail = letter(MessageKind.ORDER_CONFIRMED, order).text
        assert "will write to you when your order is done." in mail
        for words in ("ships", "pack"):
            assert words not in mail
        client = sign_in(buyer_of(order))
        page = main_of(client.get(reverse("order", args=[order.number])).text)
        assert "Next: we do what you ordered, and write to you when it is done." in page
        assert "At any time before it is done, for any reason or none." in page
        assert "Place of the service" in page
        assert speaks_of_parcels(page) == []
        assert "We then do nothing." in client.get(reverse("order_cancel", args=[order.number])).text

    def test_once_it_is_done_its_page_says_so(self) -> None:
        order = done(orders.services_alone())
        page = main_of(sign_in(buyer_of(order)).get(reverse("order", args=[order.number])).text)
        assert "What was ordered is done" in page
        assert "It is done, so it can&#x27;t be canceled." in page
        assert speaks_of_parcels(page) == []

    def test_a_canceled_one_is_not_said_to_be_sent(self) -> None:
        order = orders.services_alone(OrderState.AWAITING_APPROVAL)
        order_services.cancel(order=order, by=buyer_of(order))
        mail = letter(MessageKind.ORDER_CANCELED, order).text
        assert "Your order is canceled. You owe nothing." in mail
        assert speaks_of_parcels(mail) == []

    @pytest.mark.parametrize(
        ("state", "words"),
        [
            ("paid", "Thank you. The invoice is on the page of your order. We will write to you when it is done."),
            ("completed", "Thank you. The invoice is on the page of your order."),
            ("expired", "You owe nothing. If you paid anyway, we do what you ordered."),
        ],
    )
    def test_what_is_said_after_the_payment_page(self, state: str, words: str) -> None:
        assert paid_words(order_of("service", state=state))[1] == words
