"""From the cart to an order that is placed: never at a price that was not seen, never what is not there."""

from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.utils import timezone, translation

from fusus_portal.ground.geo.geocoding import Address
from fusus_portal.ground.lifecycle import NotYours, Refused, Stale
from registry.registrants.models import Registrant
from shop.catalogue import services as catalogue
from shop.catalogue.models import Product, Stock
from shop.catalogue.selectors import price_of
from shop.orders.models.orders import Cart, Order, TaxRate
from shop.orders.selectors import orders as selectors_orders
from shop.orders.selectors.quotes import consent_of, has_changed_price, rows_of
from shop.orders.services import carts, orders as order_services, taxes
from shop.orders.states import OrderState
from tests.factories import person, registrant_at
from tests.integration.cores.devices import business_at
from tests.shop.orders import orders
from tests.shop.orders.orders import FEE, PRICE, SENDING, TAX, buyer_of, pdf
from tests.shop.worlds import ready_with

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("world", "paper")]

make_world = partial(ready_with, businesses=1, products=1)


def errors_of(error: BaseException) -> dict[str, list[str]]:
    assert isinstance(error, ValidationError)
    return error.message_dict


def test_an_order_costs_price_and_tax_with_the_first_year_included() -> None:
    order = orders.drafted()
    line = order.lines.get()
    assert (line.unit_cents, line.first_fee, line.yearly_fee, line.fee_included) == (PRICE, 0, FEE, True)
    assert (order.goods, order.discount, order.tax) == (PRICE, 0, PRICE * TAX // 10_000)
    assert order.total == 38_500


def test_a_fee_that_is_not_included_is_charged_for_the_first_year_too() -> None:
    order = orders.drafted(things=((orders.product(included=False), 2),))
    assert order.goods == 2 * (PRICE + FEE)
    assert order.lines.get().first_fee == FEE


def test_who_buys_many_saves_and_is_taxed_on_what_is_left() -> None:
    sold = orders.product(cents=999)
    by = person("administrator")
    catalogue.add_discount(product=sold, by=by, from_quantity=5, basis_points=750)
    catalogue.add_discount(product=sold, by=by, from_quantity=10, basis_points=2_000)
    order = orders.drafted(things=((sold, 5),))
    assert (order.goods, order.discount, order.tax, order.total) == (4_995, 375, 462, 5_082)


@pytest.mark.parametrize(("quantity", "says"), [(0, "at least 1"), (-1, "at least 1"), (1_000, "at most 100")])
def test_no_order_of_nothing_and_none_of_a_thousand(quantity: int, says: str) -> None:
    cart, sold = carts.open_for(user=None, browser="key"), orders.product()
    assert (
        says in errors_of(orders.refused(lambda: carts.put(cart=cart, product=sold, quantity=quantity)))["quantity"][0]
    )
    assert not cart.lines.exists()


def test_a_price_that_changed_since_the_cart_is_shown_and_accepted_before_it_counts() -> None:
    orders.tax_rate()
    business, sold = business_at(), orders.product()
    cart = orders.cart_with(business, (sold, 1))
    catalogue.set_price(product=sold, by=person("administrator"), cents=40_000, yearly_fee=FEE)
    carts.put(cart=cart, product=sold, quantity=2)
    assert has_changed_price(rows_of(cart))
    error = orders.refused(
        lambda: order_services.draft(registrant=business, cart=cart, by=business.user, sending=SENDING)
    )
    assert "changed" in errors_of(error)["prices"][0]
    carts.accept_prices(cart=cart)
    order = order_services.draft(registrant=business, cart=cart, by=business.user, sending=SENDING)
    assert order.goods == 80_000


@pytest.mark.parametrize("what", ["price", "tax", "discount", "certificate"])
def test_what_changed_since_the_check_is_never_charged_silently(what: str) -> None:
    business, sold = business_at(), orders.product()
    order = orders.drafted(owner=business, things=((sold, 2),))
    by = person("administrator")
    if what == "price":
        catalogue.set_price(product=sold, by=by, cents=PRICE + 1, yearly_fee=FEE)
    elif what == "tax":
        tomorrow = timezone.localdate() + timedelta(days=1)
        taxes.end(rate=TaxRate.objects.get(), by=by, ends_on=tomorrow)
        taxes.add(by=by, state="AL", tax_code="goods", basis_points=900, starts_on=tomorrow)
    elif what == "discount":
        catalogue.add_discount(product=sold, by=by, from_quantity=2, basis_points=100)
    else:
        orders.certificate(business)
    with time_machine.travel(timezone.now() + timedelta(days=2)):
        error = orders.refused(lambda: orders.placed(order))
    assert "changed" in errors_of(error)["prices"][0]
    order.refresh_from_db()
    assert order.state == OrderState.DRAFT
    assert Stock.objects.get().reserved == 0


def test_a_price_counts_from_its_day_and_the_history_stays() -> None:
    sold = orders.product()
    by, later = person("administrator"), timezone.now() + timedelta(days=30)
    catalogue.set_price(product=sold, by=by, cents=40_000, yearly_fee=20_000, starts_at=later)
    now, then = price_of(sold), price_of(sold, later)
    assert now is not None
    assert then is not None
    assert (now.cents, then.cents) == (PRICE, 40_000)
    error = orders.refused(
        lambda: catalogue.set_price(
            product=sold, by=by, cents=1, yearly_fee=0, starts_at=timezone.now() - timedelta(days=1)
        )
    )
    assert "starts_at" in errors_of(error)
    assert sold.prices.count() == 2


def test_what_is_sold_out_is_said_by_name_and_nothing_is_kept_back() -> None:
    enough, short = orders.product(on_hand=5), orders.product(on_hand=2)
    order = orders.drafted(things=((enough, 2), (short, 2)))
    catalogue.change_stock(product=short, by=person("administrator"), kind="scrapped", change=-1, note="Dropped")
    says = errors_of(orders.refused(lambda: orders.placed(order)))["lines"]
    assert says == [f"Only 1 of “{short.name}” is left."]
    assert {each.reserved for each in Stock.objects.all()} == {0}
    with translation.override("es"):
        assert short.name_es in errors_of(orders.refused(lambda: orders.placed(order)))["lines"][0]


def test_the_yearly_fee_needs_a_yes_and_its_words_are_kept() -> None:
    order = orders.drafted(things=((orders.product(), 2),))
    error = orders.refused(lambda: order_services.place(order=order, by=buyer_of(order), consents=False))
    assert "yearly fee" in errors_of(error)["consent"][0]
    sentence = consent_of(order)
    assert "$300.00" in sentence
    assert orders.placed(order).consent == sentence


def test_what_has_no_fee_needs_no_consent() -> None:
    order = orders.drafted(things=((orders.product(kind="accessory"), 1),))
    assert order_services.place(order=order, by=buyer_of(order), consents=False).consent == ""


def test_with_a_certificate_no_tax_is_taken_in_its_state_alone() -> None:
    business = business_at()
    orders.certificate(business, state="GA")
    assert orders.drafted(owner=business).tax > 0
    approved = orders.certificate(business, state="AL")
    order = orders.drafted(owner=business)
    assert (order.tax, order.exemption) == (0, approved)
    assert orders.placed(order).total == order.goods


def test_a_certificate_that_is_over_or_undecided_counts_for_nothing() -> None:
    business = business_at()
    orders.certificate(business, approved=False)
    assert orders.drafted(owner=business).tax > 0
    orders.certificate(business)
    with time_machine.travel(timezone.now() + timedelta(days=100)):
        assert orders.drafted(owner=business).tax > 0
        error = orders.refused(
            lambda: taxes.send(
                registrant=business,
                by=business.user,
                state="AL",
                number="EX-9",
                valid_until=timezone.localdate() - timedelta(days=1),
                paper=pdf(),
            )
        )
    assert "has expired" in errors_of(error)["valid_until"][0]


def test_the_longest_beginning_of_the_zip_code_decides_the_rate() -> None:
    by = person("administrator")
    orders.tax_rate()
    taxes.add(by=by, state="AL", tax_code="goods", basis_points=900, starts_on=timezone.localdate(), zip_prefix="352")
    assert orders.drafted().lines.get().tax_basis_points == 900


def test_where_no_rate_is_known_nothing_is_sold() -> None:
    orders.tax_rate()
    business = business_at()
    cart = orders.cart_with(business, (orders.product(), 1))
    elsewhere = replace(SENDING, ship_to=Address("1 Peachtree Street", "Atlanta", "GA", "30303"))
    error = orders.refused(
        lambda: order_services.draft(registrant=business, cart=cart, by=business.user, sending=elsewhere)
    )
    assert "ship_zip" in errors_of(error)


def test_an_address_is_checked_field_by_field() -> None:
    business = business_at()
    wrong = replace(SENDING, ship_name="", bill_to=Address("", "Birmingham", "ZZ", "352"))
    error = orders.refused(
        lambda: order_services.draft(registrant=business, cart=None, by=business.user, sending=wrong)
    )
    assert errors_of(error).keys() == {"ship_name", "bill_street", "bill_state", "bill_zip"}


def test_only_a_business_buys_and_only_its_own() -> None:
    order = orders.drafted()
    assert isinstance(
        orders.refused(lambda: order_services.place(order=order, by=person("business"), consents=True)), NotYours
    )
    somebody = registrant_at()
    cart = carts.open_for(user=somebody.user, browser="")
    error = orders.refused(
        lambda: order_services.draft(registrant=somebody, cart=cart, by=somebody.user, sending=SENDING)
    )
    assert isinstance(error, Refused)


def test_a_placed_order_leaves_an_empty_cart_and_a_new_draft_replaces_the_old() -> None:
    business, sold = business_at(), orders.product()
    first = orders.drafted(owner=business, things=((sold, 1),))
    second = orders.drafted(owner=business, things=((sold, 2),))
    assert not Order.objects.filter(pk=first.pk).exists()
    orders.placed(second)
    assert not rows_of(Cart.objects.get(user=business.user))
    assert "empty" in errors_of(orders.refused(lambda: redraft(business)))["cart"][0]


def redraft(business: Registrant) -> Order:
    cart = Cart.objects.get(user=business.user)
    return order_services.draft(registrant=business, cart=cart, by=business.user, sending=SENDING)


def test_a_browsers_cart_comes_along_at_the_sign_in() -> None:
    business, both, one = business_at(), orders.product(), orders.product()
    browsers = carts.open_for(user=None, browser="key")
    carts.put(cart=browsers, product=both, quantity=3)
    carts.put(cart=browsers, product=one, quantity=1)
    own = orders.cart_with(business, (both, 2))
    assert carts.merge_after_sign_in(browser="key", user=business.user) == own
    assert {row.line.product: row.line.quantity for row in rows_of(own)} == {both: 3, one: 1}
    assert selectors_orders.cart_of(user=None, browser="key") is None
    assert carts.merge_after_sign_in(browser="key", user=business.user) == own


def test_what_is_retired_is_sold_no_more_and_goes_from_the_cart_when_that_was_shown() -> None:
    by, sold = person("administrator"), orders.product()
    cart = orders.cart_with(business_at(), (sold, 1))
    catalogue.retire_product(product=sold, by=by)
    assert not rows_of(cart)[0].is_sold
    assert "quantity" in errors_of(orders.refused(lambda: carts.put(cart=cart, product=sold, quantity=1)))
    carts.accept_prices(cart=cart)
    assert not rows_of(cart)


def test_sold_stock_is_never_counted_away() -> None:
    sold = orders.product(on_hand=3)
    orders.placed(orders.drafted(things=((sold, 2),)))
    by = person("clerk")
    error = orders.refused(
        lambda: catalogue.change_stock(product=sold, by=by, kind="corrected", change=-2, note="Counted anew")
    )
    assert "Only 1 are free" in errors_of(error)["change"][0]
    assert catalogue.change_stock(product=sold, by=by, kind="scrapped", change=-1, note="Broken").free == 0


def test_a_purchase_order_allows_what_it_says() -> None:
    order = orders.drafted()
    error = orders.refused(lambda: orders.submitted(order, limit=order.total - 1))
    assert "$384.99" in errors_of(error)["limit"][0]
    waiting = orders.submitted(order, limit=order.total)
    assert order_services.approve_purchase_order(purchase_order=waiting, by=person("clerk")).approved_at is not None
    invoice = order.invoices.get()
    assert invoice.due_on == timezone.localdate() + timedelta(days=30)
    assert invoice.purchase_order == waiting.number


def test_a_declined_purchase_order_frees_its_stock_and_its_number() -> None:
    business = business_at()
    waiting = orders.submitted(orders.drafted(owner=business), number="PO-5")
    order_services.decline_purchase_order(purchase_order=waiting, by=person("clerk"), reason="Not signed")
    waiting.order.refresh_from_db()
    assert waiting.order.state == OrderState.CANCELLED
    assert {each.reserved for each in Stock.objects.all()} == {0}
    assert orders.submitted(orders.drafted(owner=business), number="PO-5").number == "PO-5"


def test_a_purchase_order_is_decided_once() -> None:
    clerk = person("clerk")
    approved, declined = orders.submitted(), orders.submitted()
    order_services.approve_purchase_order(purchase_order=approved, by=clerk)
    order_services.decline_purchase_order(purchase_order=declined, by=clerk, reason="Not signed")
    for decided in (approved, declined):
        with pytest.raises(Stale, match="Somebody has decided"):
            order_services.approve_purchase_order(purchase_order=decided, by=clerk)
        with pytest.raises(Stale, match="Somebody has decided"):
            order_services.decline_purchase_order(purchase_order=decided, by=clerk, reason="Not signed")


def test_a_business_decides_nothing_about_its_own_papers() -> None:
    waiting = orders.submitted()
    by = buyer_of(waiting.order)
    assert isinstance(
        orders.refused(lambda: order_services.approve_purchase_order(purchase_order=waiting, by=by)), Refused
    )
    sent = orders.certificate(business_at(), approved=False)
    assert isinstance(orders.refused(lambda: taxes.approve(certificate=sent, by=by)), Refused)
    details = Product(name="Thing", name_es="Cosa", tax_code="goods")
    assert isinstance(orders.refused(lambda: catalogue.add_product(by=by, kind="service", details=details)), Refused)
