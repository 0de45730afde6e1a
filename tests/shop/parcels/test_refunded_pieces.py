"""Goods that are refunded: they neither ship nor are reserved, and their order is no longer shipped in part."""

from datetime import timedelta
from functools import partial
from html import unescape

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from fusus_portal.ground.accounts.roles import Role
from fusus_portal.ground.lifecycle import Stale
from shop.catalogue import services as catalogue
from shop.catalogue.models import Product, Reservation, Stock
from shop.catalogue.presenters import left_words, shelves_of
from shop.orders.models.orders import OrderLine, ShopTask, TaskKind
from shop.orders.presenters.orders import order_page
from shop.orders.selectors import orders as order_selectors
from shop.orders.selectors.money import standing_of
from shop.orders.services import orders as order_services
from shop.orders.states import Standing
from shop.parcels import selectors, services
from shop.parcels.extensions import parcels_to_unpack
from shop.parcels.models import Shipment
from shop.parcels.presenters import next_page_of_parcel, parcel_tag
from shop.payments import policies
from shop.payments.gateway.answers import RefundStatus
from shop.payments.models import Refund
from shop.payments.services import refunds
from tests.factories import person
from tests.shop.orders import orders
from tests.shop.orders.orders import buyer_of
from tests.shop.orders.test_order_words import main_of
from tests.shop.parcels import parcels
from tests.shop.parcels.test_parcels import board_row
from tests.shop.payments.test_off_by_clerks import refused_at_commit
from tests.shop.worlds import ready_with

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("world", "paper")]

make_world = partial(ready_with, payments=1, businesses=1, products=1)


def words_of(product: Product) -> str:
    """Return how many pieces of a product are where, as pages say it."""
    kept = Product.objects.select_related("stock").get(pk=product.pk)
    return left_words(shelves_of([kept])[product.pk])


class TestRefunded:
    def test_a_line_that_is_refunded_does_not_ship_and_the_others_do(self, clerk_client: Client) -> None:
        order = parcels.bought(accessories=2)
        core, accessory = order.lines.order_by("position")
        orders.refunded(accessory)
        assert selectors.to_pack(order) == [core]
        assert [row.text for row in board_row(order)] == [f"1 × {core.name}"]  # noqa: RUF001
        page = clerk_client.post(reverse("order_pack", args=[order.number]), follow=True).text
        assert "Add it" in page
        assert "Add these" not in page
        with pytest.raises(ValidationError, match="0 are still owed"):
            services.put_pieces(shipment=order.shipments.get(), by=person(Role.CLERK), line=accessory, quantity=1)
        parcels.handed_over(parcels.labelled(parcels.packed(order, pieces=1)))
        order.refresh_from_db()
        assert order.state == "shipped"

    def test_of_an_order_that_is_refunded_nothing_is_to_ship_and_nothing_is_late(self, clerk_client: Client) -> None:
        order = parcels.bought()
        orders.refunded(order.lines.get())
        assert selectors.to_send() == []
        assert board_row(order) == []
        for act in (services.begin_parcel, services.pack_order):
            with pytest.raises(Stale, match="it was sent or refunded"):
                act(order=order, by=person(Role.CLERK))
        with time_machine.travel(timezone.now() + timedelta(days=31)):
            assert selectors.overdue() == []
            with pytest.raises(Stale, match="it was sent or refunded"):
                parcels.late(order, asked=True)
        page = clerk_client.get(reverse("fulfilment_order", args=[order.number])).text
        assert "Pack a parcel" not in page
        assert "Send by" not in page
        assert "we ship it" not in page
        assert "we ship it" not in order_page(order_selectors.one(order.number), buyer_of(order)).next_text

    def test_it_is_not_handed_over_in_a_parcel_that_was_packed_before(self) -> None:
        order = parcels.bought(accessories=2)
        shipment = parcels.labelled(parcels.packed(order))
        orders.refunded(order.lines.get(kind="accessory"))
        with pytest.raises(Stale, match=r"Unpack the parcel: 2 of “.*” do not ship any more"):
            parcels.handed_over(shipment)
        services.drop_parcel(shipment=shipment, by=person(Role.CLERK))
        assert [line.kind for line in selectors.to_pack(order)] == ["core"]

    def test_what_is_refunded_in_part_ships(self) -> None:
        order = parcels.bought()
        orders.requested(order.payments.get(), cents=order.total - 1)
        assert selectors.to_send() == [order]
        assert selectors.to_pack(order) == [order.lines.get()]

    def test_as_many_pieces_as_the_money_covers_do_not_ship_and_are_free_at_once(self) -> None:
        order = parcels.bought(cores=0, accessories=5)
        line = order.lines.get()
        refund = orders.refunded(line, cents=line.total * 3 // 5)
        assert [row.text for row in board_row(order)] == [f"2 × {line.name}"]  # noqa: RUF001
        assert Stock.objects.get(product=line.product).reserved == 2
        refunds.cancel(refund=refund, by=person(Role.CLERK))
        assert [row.text for row in board_row(order)] == [f"5 × {line.name}"]  # noqa: RUF001
        assert Stock.objects.get(product=line.product).reserved == 5

    def test_a_clerk_says_how_many_if_the_money_is_for_something_else(self) -> None:
        order = parcels.bought(cores=0, accessories=5)
        line, payment, clerk = order.lines.get(), order.payments.get(), person(Role.CLERK)
        amounts = {line.pk: line.total // 5}
        refunds.request(payment=payment, by=clerk, amounts=amounts, reason="Late", pieces={line.pk: 0})
        assert selectors.to_pack(order) == [line]
        assert selectors.needs_reservation(order) == {line.product_id: 5}
        with pytest.raises(ValidationError, match="at most 5 can still be refunded"):
            refunds.request(payment=payment, by=clerk, amounts=amounts, reason="Late", pieces={line.pk: 6})

    def test_an_order_is_refunded_once_all_its_money_is_sent_back(self) -> None:
        order = parcels.bought()
        refund = orders.refunded(order.lines.get())
        assert standing_of(order_selectors.one(order.number)) == Standing.PAID
        orders.sent_back(refund)
        assert standing_of(order_selectors.one(order.number)) == Standing.REFUNDED

    def test_no_piece_is_refunded_without_its_price(self) -> None:
        order = parcels.bought(cores=0, accessories=5)
        line, payment, clerk = order.lines.get(), order.payments.get(), person(Role.CLERK)
        with pytest.raises(ValidationError, match=r"covers the price of 0 of .* Write at most 0 here"):
            refunds.request(payment=payment, by=clerk, amounts={line.pk: 100}, reason="Late", pieces={line.pk: 2})
        refunds.request(payment=payment, by=clerk, amounts={line.pk: 1_000}, reason="Late", pieces={line.pk: 0})
        rest = {line.pk: 2 * line.total // 5 - 1_000}
        refunds.request(payment=payment, by=clerk, amounts=rest, reason="Not wanted", pieces={line.pk: 2})
        assert OrderLine.objects.get(pk=line.pk).refunded == 2

    def test_the_database_holds_refunded_pieces_back(self) -> None:
        order = parcels.bought(cores=0, accessories=2)
        line, shipment = order.lines.get(), parcels.labelled(parcels.packed(order))
        orders.refunded(line, cents=line.total // 2)
        with pytest.raises(IntegrityError, match="what is refunded is not sent"), transaction.atomic():
            Shipment.objects.filter(pk=shipment.pk).update(
                state="handed_over", handed_over_at=timezone.now(), handed_over_by=person(Role.CLERK)
            )
        services.drop_parcel(shipment=shipment, by=person(Role.CLERK))
        live = order.reservations.get(released_at=None)
        assert live.left == 1
        order.reservations.filter(pk=live.pk).update(released_at=timezone.now())
        with pytest.raises(IntegrityError, match="no more is reserved"), transaction.atomic():
            Reservation.objects.create(order=order, stock=live.stock, quantity=2)


class TestPacked:
    """Pieces in a parcel that no carrier has: they are in no other number until they are unpacked."""

    @pytest.mark.parametrize("canceled", [False, True])
    def test_they_are_counted_once_also_if_they_do_not_ship(self, canceled: bool) -> None:
        order, clerk = parcels.bought(cores=0, accessories=2), person(Role.CLERK)
        product, shipment = order.lines.get().product, parcels.labelled(parcels.packed(order))
        assert words_of(product) == "8 left, 2 packed"
        if canceled:
            order_services.cancel(order=order, by=buyer_of(order))
        else:
            refund = orders.refunded(order.lines.get())
        assert words_of(product) == "8 left, 2 packed"
        with pytest.raises(ValidationError):
            catalogue.change_stock(product=product, by=clerk, kind="scrapped", change=-9, note="Broken")
        services.drop_parcel(shipment=shipment, by=clerk)
        assert words_of(product) == "10 left"
        if not canceled:
            refunds.cancel(refund=refund, by=clerk)
            assert words_of(product) == "8 left, 2 kept for orders"

    def test_what_is_taken_out_is_free_and_the_rest_is_not(self) -> None:
        order, clerk = parcels.bought(accessories=2), person(Role.CLERK)
        line, shipment = order.lines.get(kind="accessory"), parcels.packed(order)
        orders.refunded(line)
        assert words_of(line.product) == "8 left, 2 packed"
        services.take_out_item(item=shipment.items.get(line=line), by=clerk)
        assert words_of(line.product) == "10 left"
        assert words_of(order.lines.get(kind="core").product) == "9 left, 1 packed"

    def test_one_whose_refund_is_canceled_ships(self) -> None:
        order, clerk = parcels.bought(cores=0, accessories=2), person(Role.CLERK)
        line, shipment = order.lines.get(), parcels.labelled(parcels.packed(order))
        refund = orders.refunded(line, cents=line.total // 2)
        free = Stock.objects.get(product=line.product).free
        catalogue.change_stock(product=line.product, by=clerk, kind="scrapped", change=-free, note="Broken")
        refunds.cancel(refund=refund, by=clerk)
        parcels.handed_over(shipment)
        stock = Stock.objects.get(product=line.product)
        assert (stock.on_hand, stock.reserved) == (0, 0)

    def test_the_database_keeps_them_reserved(self) -> None:
        order = parcels.packed(parcels.bought()).order
        order.reservations.update(released_at=timezone.now())
        refused_at_commit("what is packed is reserved")


class TestRestRefunded:
    @pytest.mark.parametrize(("arrives", "state"), [(False, "shipped"), (True, "completed")])
    def test_once_the_rest_is_refunded_the_order_is_no_longer_partly_shipped(self, arrives: bool, state: str) -> None:
        order = parcels.order_on_its_way("partly_shipped")
        if arrives:
            services.deliver_parcel(shipment=order.shipments.get(), by=buyer_of(order))
        line = order.lines.get()
        refund = orders.refunded(line, cents=line.total // 2)
        order.refresh_from_db()
        assert order.state == "partly_shipped"
        assert Stock.objects.get(product=line.product).reserved == 0
        orders.sent_back(refund)
        order.refresh_from_db()
        assert order.state == state
        page = order_page(order_selectors.one(order.number), buyer_of(order))
        assert "we ship it" not in page.next_text

    def test_a_refund_that_failed_ships_nothing_until_a_clerk_decides(self, clerk_client: Client) -> None:
        order = parcels.order_on_its_way("partly_shipped")
        line = order.lines.get()
        refund = orders.failed(orders.refunded(line, cents=line.total // 2))
        assert selectors.to_pack(order) == []
        assert board_row(order) == []
        page = main_of(clerk_client.get(reverse("fulfilment_order", args=[order.number])).text)
        assert "a refund did not arrive. Give it back again, or ship the goods after all." in unescape(page)
        page = clerk_client.get(reverse("order_refund", args=[order.number])).text
        assert "Ship the goods after all" in page
        look = clerk_client.get(reverse("refund_cancel", args=[refund.pk])).text
        assert f"1 × {line.name}" in look  # noqa: RUF001
        refunds.cancel(refund=refund, by=person(Role.CLERK))
        order.refresh_from_db()
        assert (order.state, selectors.to_pack(order)) == ("partly_shipped", [line])
        assert Stock.objects.get(product=line.product).reserved == 1

    def test_one_that_failed_and_is_made_again_holds_its_goods_back(self) -> None:
        order = parcels.bought()
        line, clerk = order.lines.get(), person(Role.CLERK)
        refund = orders.failed(orders.refunded(line))
        orders.gateway().next_refund = RefundStatus.SUCCEEDED
        orders.sent_back(orders.refunded(OrderLine.objects.get(pk=line.pk)))
        refund.refresh_from_db()
        assert (selectors.to_send(), refund.state) == ([], "cancelled")
        with pytest.raises(Stale):
            refunds.cancel(refund=refund, by=clerk)

    def test_one_that_is_made_again_takes_no_other_piece(self) -> None:
        order = parcels.bought(cores=2)
        line, product = order.lines.get(), order.lines.get().product
        failed = orders.failed(orders.refunded(line, cents=line.total // 2))
        again = orders.refunded(OrderLine.objects.get(pk=line.pk), cents=line.total // 2)
        failed.refresh_from_db()
        line.refresh_from_db()
        assert (failed.state, again.lines.get().pieces) == ("cancelled", 1)
        assert (line.refunded, line.held, Stock.objects.get(product=product).reserved) == (1, line.total // 2, 1)
        assert [row.text for row in board_row(order)] == [f"1 × {line.name}"]  # noqa: RUF001
        refunds.cancel(refund=again, by=person(Role.CLERK))
        line.refresh_from_db()
        assert (line.refunded, line.held, Stock.objects.get(product=product).reserved) == (0, 0, 2)

    @pytest.mark.parametrize(
        ("cents", "pieces", "said"), [(1_000, None, "at least its"), (38_500, 0, "Write at least its 1")]
    )
    def test_neither_less_nor_fewer_pieces_replace_one_that_failed(
        self, cents: int, pieces: int | None, said: str
    ) -> None:
        order = parcels.bought(cores=2)
        line, clerk = order.lines.get(), person(Role.CLERK)
        failed = orders.failed(orders.refunded(line, cents=38_500))
        numbers = {} if pieces is None else {line.pk: pieces}
        with pytest.raises(ValidationError, match=said):
            refunds.request(
                payment=order.payments.get(), by=clerk, amounts={line.pk: cents}, reason="Again", pieces=numbers
            )
        failed.refresh_from_db()
        assert (failed.state, Refund.objects.count()) == ("failed", 1)

    def test_the_database_lets_nothing_be_refunded_beside_one_that_failed(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        line = parcels.bought(cores=2).lines.get()
        orders.failed(orders.refunded(line, cents=line.total // 2))
        monkeypatch.setattr(policies, "waiting_for", lambda _lines: [])
        with pytest.raises(IntegrityError, match="a refund that failed ends before"), transaction.atomic():
            orders.refunded(OrderLine.objects.get(pk=line.pk), cents=line.total // 2)

    def test_of_a_canceled_order_nobody_says_that_goods_ship_after_all(self, clerk_client: Client) -> None:
        order = parcels.bought()
        orders.failed(orders.refunded(order.lines.get()))
        order_services.cancel(order=order, by=buyer_of(order))
        orders.gateway().next_refund = RefundStatus.FAILED
        whole = refunds.send(pk=Refund.objects.get(source="cancellation").pk)
        assert whole.state == "failed"
        assert order_page(order_selectors.one(order.number), buyer_of(order)).next_text == ""
        page = clerk_client.get(reverse("fulfilment_order", args=[order.number])).text
        assert "ship the goods after all" not in page
        orders.refunded(order.lines.get())

    @pytest.mark.parametrize(("again", "note"), [(True, "Given back again"), (False, "The goods ship after all")])
    def test_the_act_that_decides_closes_the_task(self, again: bool, note: str) -> None:
        line, clerk = parcels.bought().lines.get(), person(Role.CLERK)
        failed = orders.failed(orders.refunded(line))
        task = ShopTask.objects.get(kind=TaskKind.REFUND_FAILED, about=str(failed.pk))
        assert task.done_at is None
        if again:
            amounts, payment = {line.pk: line.total}, failed.payment
            refunds.request(payment=payment, by=clerk, amounts=amounts, reason="It failed")
        else:
            refunds.cancel(refund=failed, by=clerk)
        task.refresh_from_db()
        assert (task.note, task.done_by, task.done_at is None) == (note, clerk, False)

    @pytest.mark.parametrize("ships", [True, False])
    def test_goods_ship_after_all_although_the_services_are_done(self, ships: bool) -> None:
        things, clerk = ((orders.product(), 1), (orders.product(kind="service", cents=5_000), 1)), person(Role.CLERK)
        order = orders.paid(orders.placed(orders.drafted(things=things))).order
        line = order.lines.get(kind="core")
        refund = orders.refunded(line)
        order_services.complete_services(order=order, by=clerk)
        refunds.cancel(refund=orders.failed(refund), by=clerk)
        order.refresh_from_db()
        assert (order.state, order.ended_at, order in selectors.to_send()) == ("partly_shipped", None, True)
        if ships:
            shipment = parcels.handed_over(parcels.labelled(parcels.packed(order, pieces=1)))
            services.deliver_parcel(shipment=shipment, by=clerk)
        else:
            orders.gateway().next_refund = RefundStatus.SUCCEEDED
            orders.sent_back(orders.refunded(OrderLine.objects.get(pk=line.pk)))
        order.refresh_from_db()
        assert (order.state, order in selectors.to_send()) == ("completed", False)

    def test_a_lost_parcel_whose_content_is_refunded_is_not_sent_again(self) -> None:
        order = parcels.bought()
        shipment = parcels.handed_over(parcels.labelled(parcels.packed(order)))
        orders.sent_back(orders.refunded(order.lines.get()))
        services.lose_parcel(shipment=shipment, by=person(Role.CLERK))
        order.refresh_from_db()
        assert selectors.to_send() == []
        assert Stock.objects.get(product=order.lines.get().product).reserved == 0
        page = order_page(order_selectors.one(order.number), buyer_of(order))
        words = [moment.text for moment in page.timeline]
        assert f"Parcel {shipment.number} was lost. What was in it is refunded." in words
        assert page.state_words == "Refunded"

    def test_a_lost_parcel_is_sent_again_without_what_is_refunded(self) -> None:
        shipment = parcels.shipment_at("lost")
        page = order_page(order_selectors.one(shipment.order.number), buyer_of(shipment.order))
        words = [moment.text for moment in page.timeline]
        assert f"Parcel {shipment.number} was lost. We will send what was in it again." in words

    def test_a_parcel_with_a_refunded_piece_is_neither_closed_nor_called_complete(self, clerk_client: Client) -> None:
        order = parcels.bought(accessories=2)
        shipment = parcels.packed(order)
        orders.refunded(order.lines.get(kind="accessory"))
        name = order.lines.get(kind="accessory").name
        said = f"Remove 2 of “{name}” from the parcel: they do not ship any more."
        with pytest.raises(Stale, match="Remove 2 of"):
            parcels.labelled(shipment)
        address = reverse("parcel", args=[shipment.pk])
        page = main_of(clerk_client.get(address).text)
        assert said in unescape(page)
        assert "is in a parcel" not in page
        assert "Close it" not in page
        item = shipment.items.get(line__kind="accessory")
        clerk_client.post(reverse("parcel_take_out", args=[shipment.pk, item.pk]))
        page = main_of(clerk_client.get(address).text)
        assert "Everything in this order is in a parcel." in page
        parcels.handed_over(parcels.labelled(shipment))

    def test_of_a_parcel_that_is_closed_before_the_pages_say_to_unpack_it(self, clerk_client: Client) -> None:
        shipment = parcels.labelled(parcels.packed(parcels.bought()))
        orders.refunded(shipment.order.lines.get())
        for name in ("parcel", "parcel_hand_over"):
            page = unescape(main_of(clerk_client.get(reverse(name, args=[shipment.pk])).text))
            assert "Unpack the parcel: 1 of" in page
            assert "The carrier has it" not in page
            assert name == "parcel_hand_over" or "Hand it over" not in page

    @pytest.mark.parametrize("canceled", [False, True])
    def test_what_must_be_unpacked_is_on_no_list_to_ship_and_has_no_label(
        self, canceled: bool, clerk_client: Client
    ) -> None:
        order, other = parcels.bought(), parcels.labelled(parcels.packed(parcels.bought()))
        shipment = parcels.labelled(parcels.packed(order))
        assert [each.number for each in board_row(shipment, step="ship")] == [shipment.number]
        if canceled:
            order_services.cancel(order=order, by=buyer_of(order))
        else:
            orders.refunded(order.lines.get())
        assert board_row(shipment, step="ship") == []
        [row] = board_row(shipment, step="unpack")
        assert (row.tag, row.url) == (("warn", "Unpack"), reverse("parcel", args=[shipment.pk]))
        assert [each.number for each in selectors.to_print([])] == [other.number]
        assert [each.number for each in selectors.to_print([shipment.number, other.number])] == [other.number]
        assert clerk_client.get(reverse("parcel_sheet", args=[shipment.pk])).status_code == 409
        assert "Unpack" in main_of(clerk_client.get(reverse("fulfilment_order", args=[order.number])).text)
        page = main_of(clerk_client.get(reverse("parcel", args=[shipment.pk])).text)
        assert "Label and packing slip" not in page
        [item] = parcels_to_unpack(person(Role.CLERK))
        assert (item.text, item.number) == ("1 parcel to unpack", 1)
        services.drop_parcel(shipment=shipment, by=person(Role.CLERK))
        assert parcels_to_unpack(person(Role.CLERK)) == []

    def test_of_two_parcels_the_one_that_was_begun_last_is_unpacked(self) -> None:
        order = parcels.bought(cores=2)
        first = parcels.labelled(parcels.packed(order, pieces=1))
        second = parcels.labelled(parcels.packed(order, pieces=1))
        line = order.lines.get()
        orders.refunded(line, cents=line.total // 2)
        assert [each.number for each in selectors.to_unpack()] == [second.number]
        with pytest.raises(Stale, match="Unpack the parcel: 1 of"):
            parcels.handed_over(second)
        parcels.handed_over(first)

    def test_of_a_canceled_order_nothing_is_still_to_ship(self) -> None:
        order = parcels.bought()
        order_services.cancel(order=order, by=buyer_of(order))
        order.refresh_from_db()
        assert [(owed.to_pack, owed.to_send) for owed in selectors.owed_of(order)] == [(0, 0)]

    def test_the_last_piece_is_taken_out_of_a_parcel_of_which_nothing_ships(self) -> None:
        shipment = parcels.packed(parcels.bought())
        orders.refunded(shipment.order.lines.get())
        services.take_out_item(item=shipment.items.get(), by=person(Role.CLERK))
        assert selectors.items_of(shipment) == []

    @pytest.mark.parametrize("packs_more", [False, True])
    def test_one_that_is_empty_while_nothing_is_left_to_pack_is_unpacked(
        self, packs_more: bool, clerk_client: Client
    ) -> None:
        order, clerk = parcels.bought(cores=1, accessories=2), person(Role.CLERK)
        accessory = order.lines.get(kind="accessory")
        other = parcels.packed(order, pieces=1)
        if packs_more:
            parcels.labelled(other)
        else:
            parcels.handed_over(parcels.labelled(other))
        shipment = services.begin_parcel(order=order, by=clerk)
        services.put_pieces(shipment=shipment, by=clerk, line=accessory, quantity=2)
        orders.refunded(accessory)
        services.take_out_item(item=shipment.items.get(), by=clerk)
        page = main_of(clerk_client.get(reverse("parcel", args=[shipment.pk])).text)
        assert "Unpack the parcel: nothing is in it, and nothing is left to pack." in page
        assert "What you scan or count" not in page
        assert "Everything in this order" not in page
        assert [each.number for each in selectors.to_unpack()] == [shipment.number]
        services.drop_parcel(shipment=shipment, by=clerk)
        assert selectors.to_unpack() == []

    def test_one_that_is_empty_while_something_is_left_is_packed(self) -> None:
        shipment = services.begin_parcel(order=parcels.bought(), by=person(Role.CLERK))
        assert selectors.to_unpack() == []
        with pytest.raises(Stale, match="Nothing is in this parcel yet"):
            parcels.labelled(shipment)

    def test_those_found_by_tracking_number_are_read_together(
        self, django_assert_num_queries: DjangoAssertNumQueries
    ) -> None:
        made = [parcels.labelled() for _parcel in range(2)]
        found = list(selectors.numbered("", tracking=[parcels.TRACKING]))
        assert {each.number for each in found} == {each.number for each in made}
        with django_assert_num_queries(0):
            assert all(next_page_of_parcel(each) and parcel_tag(each) for each in found)
