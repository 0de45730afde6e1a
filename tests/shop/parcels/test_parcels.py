"""Parcels: what goes in, what is refused, what the business gets, and the rows that the database refuses."""

import re
from datetime import date, datetime, timedelta
from functools import partial
from html import unescape

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from fusus_portal.ground.accounts.roles import Role
from fusus_portal.ground.lifecycle import NotYours, Refused, Stale
from fusus_portal.ground.notifications.kinds import MessageKind
from fusus_portal.ground.notifications.models import Message
from integration.cores.models import Core
from integration.cores.services import cores
from shop.catalogue.models import Stock
from shop.orders.models.orders import Order
from shop.orders.presenters.orders import order_page
from shop.orders.selectors import orders as order_selectors
from shop.orders.services import orders as order_services
from shop.parcels import policies, selectors, services
from shop.parcels.models import Shipment, ShipmentItem, ShippingDelay
from shop.parcels.presenters import BoardRow, board_sections
from tests.factories import person
from tests.integration.cores.devices import CERTIFICATE, core_model, in_stock
from tests.people import sign_in
from tests.shop.orders import orders
from tests.shop.orders.orders import buyer_of
from tests.shop.orders.test_order_words import letter, main_of
from tests.shop.parcels import parcels
from tests.shop.worlds import ready_with
from tests.unsaved import beside

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("world", "paper")]

make_world = partial(ready_with, payments=1, businesses=1, products=1)


def core_in(shipment: Shipment) -> Core:
    [item] = ShipmentItem.objects.filter(shipment=shipment, void_at=None)
    assert item.core is not None
    return item.core


def board_row(of: Order | Shipment, *, step: str = "pick") -> list[BoardRow]:
    """Return the row of an order among those to pick, or of a parcel at another step, if it has one."""
    return [
        row for section in board_sections() if section.name == step for row in section.rows if row.number == of.number
    ]


def refused(shipment: Shipment, serial: str) -> str:
    with pytest.raises(ValidationError) as wrong:
        services.scan_core(shipment=shipment, by=person(Role.CLERK), serial=serial)
    return str(wrong.value.message_dict["serial"][0])


class TestScanning:
    def test_a_core_of_the_right_kind_goes_in_however_it_is_typed(self) -> None:
        order = parcels.bought()
        shipment = services.begin_parcel(order=order, by=person(Role.CLERK))
        core = parcels.fitting(order.lines.get())
        item = services.scan_core(shipment=shipment, by=person(Role.CLERK), serial=f"  {core.serial.lower()} ")
        assert (item.core, item.line) == (core, order.lines.get())

    def test_what_does_not_fit_is_refused_with_its_reason(self) -> None:
        order = parcels.bought()
        shipment = services.begin_parcel(order=order, by=person(Role.CLERK))
        assert "no CORE with the serial number" in refused(shipment, "FC4-99999")
        assert "none of these is owed here" in refused(shipment, in_stock(model=core_model()).serial)
        suspended = cores.retire(core=parcels.fitting(order.lines.get()), by=person(Role.CLERK))
        assert "is not in stock: it is “Retired”" in refused(shipment, suspended.serial)

    def test_a_serial_of_another_order_is_refused_and_so_is_the_same_one_again(self) -> None:
        product = orders.product()
        first = orders.paid(orders.placed(orders.drafted(things=((product, 1),)))).order
        second = orders.paid(orders.placed(orders.drafted(things=((product, 2),)))).order
        theirs = core_in(parcels.packed(first))
        shipment = services.begin_parcel(order=second, by=person(Role.CLERK))
        assert "in a parcel of another order" in refused(shipment, str(theirs))
        mine = parcels.fitting(second.lines.get())
        services.scan_core(shipment=shipment, by=person(Role.CLERK), serial=mine.serial)
        assert "in a parcel of this order already" in refused(shipment, mine.serial)

    def test_no_more_than_was_ordered(self) -> None:
        order = parcels.bought()
        shipment = parcels.packed(order)
        assert "none of these is owed here" in refused(shipment, parcels.fitting(order.lines.get()).serial)

    def test_only_clerks(self) -> None:
        with pytest.raises(Refused):
            services.begin_parcel(order=parcels.bought(), by=person(Role.ADMINISTRATOR))

    def test_an_order_that_is_not_bought_is_not_packed(self) -> None:
        with pytest.raises(Stale, match="Waiting for payment"):
            services.begin_parcel(order=orders.placed(), by=person(Role.CLERK))

    def test_taken_out_it_can_go_elsewhere(self) -> None:
        product = orders.product()
        first, second = (
            orders.paid(orders.placed(orders.drafted(things=((product, 1),)))).order for _number in range(2)
        )
        shipment = parcels.packed(first)
        [item] = shipment.items.all()
        for _time in range(2):
            services.take_out_item(item=item, by=person(Role.CLERK))
        other = services.begin_parcel(order=second, by=person(Role.CLERK))
        assert services.scan_core(shipment=other, by=person(Role.CLERK), serial=str(item.core)).core == item.core


class TestSending:
    def test_each_core_is_the_business_s_and_the_stock_is_less(self) -> None:
        order = parcels.bought(accessories=3)
        core_line, accessory_line = order.lines.order_by("position")
        shipment = parcels.handed_over(parcels.labelled(parcels.packed(order)))
        order.refresh_from_db()
        [core] = [item.core for item in shipment.items.all() if item.core]
        assert (order.state, core.state) == ("shipped", "shipped")
        assert (core.registrant, core.premises) == (order.registrant, parcels.place_of(order))
        for line, left in ((core_line, 9), (accessory_line, 7)):
            stock = Stock.objects.get(product=line.product)
            assert (stock.on_hand, stock.reserved) == (left, 0)
        [mail] = Message.objects.filter(kind="order_shipped")
        assert mail.to == buyer_of(order).email

    def test_a_part_now_and_the_rest_later(self) -> None:
        order = parcels.bought(cores=2, accessories=1)
        first = parcels.handed_over(parcels.labelled(parcels.packed(order, pieces=1)))
        order.refresh_from_db()
        assert order.state == "partly_shipped"
        services.deliver_parcel(shipment=first, by=buyer_of(order))
        order.refresh_from_db()
        assert order.state == "partly_shipped"
        shipment = services.begin_parcel(order=order, by=person(Role.CLERK))
        accessory = order.lines.get(kind="accessory")
        with pytest.raises(ValidationError, match="1 are still owed"):
            services.put_pieces(shipment=shipment, by=person(Role.CLERK), line=accessory, quantity=2)
        services.put_pieces(shipment=shipment, by=person(Role.CLERK), line=accessory, quantity=1)
        core_line = order.lines.get(kind="core")
        services.scan_core(shipment=shipment, by=person(Role.CLERK), serial=parcels.fitting(core_line).serial)
        second = parcels.handed_over(parcels.labelled(shipment))
        order.refresh_from_db()
        assert order.state == "shipped"
        services.deliver_parcel(shipment=second, by=person(Role.CLERK))
        order.refresh_from_db()
        assert order.state == "completed"

    def test_a_canceled_order_is_not_sent(self) -> None:
        shipment = parcels.labelled()
        order_services.cancel(order=shipment.order, by=buyer_of(shipment.order))
        with pytest.raises(Stale, match="Unpack the parcel: its order is canceled"):
            parcels.handed_over(shipment)
        assert core_in(shipment).state == "in_stock"
        services.drop_parcel(shipment=shipment, by=person(Role.CLERK))
        assert not ShipmentItem.objects.filter(shipment=shipment, void_at=None).exists()

    def test_nothing_of_it_happens_without_a_place(self) -> None:
        shipment = parcels.labelled()
        with pytest.raises(ValidationError):
            services.hand_over_parcel(shipment=shipment, by=person(Role.CLERK), premises=None)
        shipment.refresh_from_db()
        assert shipment.state == "labelled"

    def test_another_business_can_t_say_that_it_arrived(self) -> None:
        with pytest.raises(NotYours):
            services.deliver_parcel(shipment=parcels.handed_over(), by=person(Role.BUSINESS))

    def test_the_business_gets_a_code_that_works_once_it_is_there(self) -> None:
        shipment = parcels.shipment_at("delivered")
        issued = cores.issue_own_code(core=core_in(shipment), by=buyer_of(shipment.order))
        assert re.fullmatch(r"[0-9A-Z]{5}-[0-9A-Z]{5}", issued.code)
        with pytest.raises(NotYours):
            cores.issue_own_code(core=issued.core, by=person(Role.BUSINESS))

    @pytest.mark.parametrize(("carrier", "tracking", "field"), [("usps", "", "tracking"), ("pigeon", "1", "carrier")])
    def test_a_label_says_who_brings_it_and_under_which_number(self, carrier: str, tracking: str, field: str) -> None:
        with pytest.raises(ValidationError) as wrong:
            services.label_parcel(shipment=parcels.packed(), by=person(Role.CLERK), carrier=carrier, tracking=tracking)
        assert list(wrong.value.message_dict) == [field]

    def test_an_empty_parcel_is_not_closed(self) -> None:
        shipment = services.begin_parcel(order=parcels.bought(), by=person(Role.CLERK))
        with pytest.raises(Stale, match="Nothing is in this parcel"):
            parcels.labelled(shipment)


class TestLosing:
    def test_what_was_in_it_is_owed_again_and_nobody_can_activate_it(self) -> None:
        shipment = parcels.shipment_at("lost")
        order = shipment.order
        order.refresh_from_db()
        lost = shipment.items.get().core
        assert lost is not None
        assert (order.state, lost.state) == ("partly_shipped", "returning")
        assert not lost.codes.filter(ended_at=None).exists()
        again = parcels.handed_over(parcels.labelled(parcels.packed(order)))
        order.refresh_from_db()
        assert (order.state, core_in(again).registrant) == ("shipped", order.registrant)
        stock = Stock.objects.get(product=order.lines.get().product)
        assert (stock.on_hand, stock.reserved) == (8, 0)

    def test_with_nothing_left_it_says_so_and_others_keep_theirs(self) -> None:
        product = orders.product(on_hand=2)
        first, second = (
            orders.paid(orders.placed(orders.drafted(things=((product, 1),)))).order for _number in range(2)
        )
        services.lose_parcel(
            shipment=parcels.handed_over(parcels.labelled(parcels.packed(first))), by=person(Role.CLERK)
        )
        shipment = services.begin_parcel(order=first, by=person(Role.CLERK))
        assert "nothing is left in stock for this order" in refused(shipment, parcels.fitting(first.lines.get()).serial)
        parcels.handed_over(parcels.labelled(parcels.packed(second)))

    def test_at_once_it_is_held_anew_and_what_was_in_no_parcel_as_before(self) -> None:
        order = parcels.bought(accessories=1)
        core, accessory = order.lines.order_by("position")
        before = order.reservations.get(stock__product=accessory.product)
        shipment = parcels.handed_over(parcels.labelled(parcels.packed(order, pieces=1)))
        services.lose_parcel(shipment=shipment, by=person(Role.CLERK))
        assert order.reservations.get(stock__product=accessory.product, released_at=None) == before
        assert Stock.objects.get(product=core.product).reserved == 1

    def test_one_that_works_was_not_lost(self) -> None:
        shipment = parcels.handed_over()
        core = core_in(shipment)
        Core.objects.filter(pk=core.pk).update(state="active", key="k", activated_at=timezone.now())
        with pytest.raises(Stale, match="it arrived"):
            services.lose_parcel(shipment=shipment, by=person(Role.CLERK))


def test_one_that_came_back_may_be_sent_to_somebody_else() -> None:
    shipment = parcels.shipment_at("delivered")
    core, clerk = core_in(shipment), person(Role.CLERK)
    cores.begin_return(core=core, by=clerk)
    cores.wipe(core=core, by=clerk, certificate=CERTIFICATE)
    cores.restock(core=core, by=clerk)
    product = shipment.order.lines.get().product
    order = orders.paid(orders.placed(orders.drafted(things=((product, 1),)))).order
    item = services.scan_core(shipment=services.begin_parcel(order=order, by=clerk), by=clerk, serial=str(core))
    assert item.core == core


class TestDeadline:
    def test_it_is_thirty_days_unless_the_buyer_agreed_to_another(self) -> None:
        order = parcels.bought()
        assert policies.must_be_sent_by(order) == order.bought_at + timedelta(days=30)  # type: ignore[operator]
        with time_machine.travel(timezone.now() + timedelta(days=31)):
            assert selectors.overdue() == [order]
            then = timezone.localdate() + timedelta(days=20)
            services.ask_about_delay(order=order, by=person(Role.CLERK), sent_by_then=then)
            assert selectors.overdue() == [order]
            services.agree_to_delay(order=order, by=buyer_of(order))
            assert selectors.overdue() == []
            assert Message.objects.filter(kind="order_delayed").count() == 1

    def test_the_agreed_day_is_one_of_the_office_also_for_an_order_of_the_evening(self) -> None:
        order = parcels.bought()
        order.bought_at = datetime(2026, 7, 1, 23, 30, tzinfo=timezone.get_default_timezone())
        delay = ShippingDelay(sent_by_then=date(2026, 8, 20), agreed_at=order.bought_at)
        assert timezone.localdate(policies.must_be_sent_by(beside(order, delays=[delay]))) == date(2026, 8, 20)

    def test_nothing_is_asked_any_more_of_the_buyer_of_a_canceled_order(self) -> None:
        order = parcels.late(asked=True)
        order_services.cancel(order=order, by=person(Role.CLERK))
        with pytest.raises(Stale):
            services.agree_to_delay(order=order, by=buyer_of(order))
        page = order_page(order_selectors.one(order.number), buyer_of(order))
        assert page.delay is None

    @pytest.mark.parametrize("can_cancel", [True, False])
    def test_a_buyer_who_does_not_want_to_wait_reads_what_is_possible(self, can_cancel: bool) -> None:
        order = parcels.bought() if can_cancel else parcels.order_on_its_way("partly_shipped")
        with time_machine.travel(timezone.now() + timedelta(days=31)):
            desk = sign_in(person(Role.CLERK)).get(reverse("fulfilment_order", args=[order.number])).text
            assert ("or get all their money back" in desk) is can_cancel
            assert ("the order can't be canceled" in unescape(desk)) is not can_cancel
            parcels.late(order, asked=True)
            browser = sign_in(buyer_of(order))
            page = unescape(main_of(browser.get(reverse("order", args=[order.number])).text))
            for text in (page, letter(MessageKind.ORDER_DELAYED, order).text):
                assert ("don't want to wait, cancel the order. You get $385.00 back" in text) is can_cancel
                assert ("for the rest, please call the office." in text) is not can_cancel
                assert ("or cancel the order." in text) is can_cancel
            done = browser.post(reverse("order_agree", args=[order.number]), follow=True).text
        assert ("You can still cancel" in done) is can_cancel

    def test_of_a_business_that_has_left_a_clerk_cancels_what_can_be_canceled(self, clerk_client: Client) -> None:
        for order, act in (
            (parcels.bought(), "Cancel the order."),
            (parcels.order_on_its_way("partly_shipped"), "Give back what was paid for it."),
        ):
            shipment = parcels.labelled(parcels.packed(order, pieces=1))
            Order.objects.filter(pk=order.pk).update(registrant=None)
            page = clerk_client.get(reverse("parcel_hand_over", args=[shipment.pk])).text
            assert f"Unpack the parcel. The business has left, so no CORE can be given to it. {act}" in page

    def test_it_is_asked_once_and_answered_by_the_buyer_alone(self) -> None:
        order = parcels.late(asked=True)
        with pytest.raises(Stale):
            parcels.late(order, asked=True)
        with pytest.raises(NotYours):
            services.agree_to_delay(order=order, by=person(Role.BUSINESS))

    def test_a_promise_is_near(self) -> None:
        with pytest.raises(ValidationError):
            services.ask_about_delay(order=parcels.bought(), by=person(Role.CLERK), sent_by_then=timezone.localdate())
