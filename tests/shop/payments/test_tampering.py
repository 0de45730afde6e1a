"""SQL of the application's own role that the database refuses."""

import re
from functools import partial

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from fusus_portal.ground.lifecycle import Lifecycle
from shop.orders.services import orders as order_services
from shop.orders.states import ORDER, OrderState
from shop.payments.models import Payment
from shop.payments.services import refunds
from shop.payments.states import ATTEMPT, REFUND, RefundState
from tests.factories import person
from tests.integration.cores.devices import business_at
from tests.shop.orders import orders
from tests.shop.orders.orders import buyer_of
from tests.shop.worlds import ready_with

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("world", "paper")]

make_world = partial(ready_with, businesses=1, products=1)


def run(statement: str) -> None:
    """Run a statement as the application, and whatever waits for the commit."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def everything() -> None:
    """Make rows in each table: an order that was paid, refunded in part, invoiced and credited."""
    refund = orders.refund_at(RefundState.SUCCEEDED)
    assert refund.payment.order.state == OrderState.PAID
    orders.certificate(business_at())
    orders.order_at(OrderState.ON_ACCOUNT)


NEVER = {
    "a counter of what is held": "UPDATE shop_payment SET held = 0",
    "a captured amount": "UPDATE shop_payment SET captured = captured + 1",
    "a payment": "DELETE FROM shop_payment",
    "what a line holds": "UPDATE shop_orderline SET held = 0 WHERE held > 0",
    "the price of a placed line": "UPDATE shop_orderline SET quantity = 2",
    "a line of a placed order": "DELETE FROM shop_orderline",
    "the total of a placed order": "UPDATE shop_order SET tax = 0, total = goods - discount",
    "where a placed order goes": "UPDATE shop_order SET ship_street = 'elsewhere'",
    "a placed order": "DELETE FROM shop_order",
    "the buyer of an order": "UPDATE shop_order SET registrant_id = gen_random_uuid()",
    "a price": "UPDATE shop_price SET cents = 1",
    "the history of prices": "DELETE FROM shop_price",
    "the height of a rate": "UPDATE shop_taxrate SET basis_points = 0",
    "what is on hand": "UPDATE shop_stock SET on_hand = on_hand + 1",
    "what is reserved": "UPDATE shop_stock SET reserved = 0",
    "a movement": "UPDATE shop_stockmovement SET change = 99",
    "the history of the stock": "DELETE FROM shop_stockmovement",
    "a reservation": "DELETE FROM shop_reservation",
    "how much is reserved": "UPDATE shop_reservation SET quantity = quantity + 1",
    "the amount of a refund": "UPDATE shop_refund SET cents = cents - 1",
    "who asked for a refund": "UPDATE shop_refund SET clerk_id = NULL",
    "a refund": "DELETE FROM shop_refund",
    "for what a refund was": "UPDATE shop_refundline SET cents = 1",
    "the lines of a refund": "DELETE FROM shop_refundline",
    "the gateway's id of a refund": "UPDATE shop_refund SET gateway_id = 're_other'",
    "the amount of an attempt": "UPDATE shop_paymentattempt SET cents = 1",
    "the page of an attempt": "UPDATE shop_paymentattempt SET session_id = 'cs_other'",
    "an issued invoice": "UPDATE shop_invoice SET party = 'Somebody else'",
    "the number of an invoice": "UPDATE shop_invoice SET number = 99",
    "what was credited": "UPDATE shop_invoice SET credited = 0 WHERE credited > 0",
    "an invoice": "DELETE FROM shop_invoice",
    "a line of an invoice": "UPDATE shop_invoiceline SET name = 'Something else'",
    "the lines of an invoice": "DELETE FROM shop_invoiceline",
    "a credit note": "UPDATE shop_creditnote SET reason = 'Another'",
    "the credit notes": "DELETE FROM shop_creditnote",
    "the counter of numbers": "UPDATE shop_numbercounter SET last = 0",
    "the counters": "DELETE FROM shop_numbercounter",
    "a certificate": "UPDATE shop_exemptioncertificate SET valid_until = '2099-01-01'",
    "the limit of a purchase order": 'UPDATE shop_purchaseorder SET "limit" = 99999999',
    "a purchase order": "DELETE FROM shop_purchaseorder",
    "a paid order back to its draft": "UPDATE shop_order SET state = 'draft', placed_at = NULL, method = ''",
    "a refund that failed back to life": "UPDATE shop_refund SET state = 'requested'",
    "one more line of an invoice": "INSERT INTO shop_invoiceline (invoice_id, position, name, quantity, unit_cents, "
    "discount, net, tax, total) SELECT id, 9, 'more', 1, 1, 0, 1, 0, 1 FROM shop_invoice LIMIT 1",
    "a trigger": "ALTER TABLE shop_payment DISABLE TRIGGER ALL",
    "all of it": "TRUNCATE shop_refundline",
}


REFUSED = re.compile(
    r"is refused|never change|never given to another|takes no step|sum of its lines|must be owner|permission denied"
)


def refusal_of(statement: str) -> str:
    """Return what the database says to a statement, "" when it does as it is told."""
    try:
        run(statement)
    except DatabaseError as error:
        return str(error)
    return ""


@pytest.fixture
def made_once(db: None) -> None:
    everything()


@pytest.mark.usefixtures("made_once")
def test_what_is_written_stays_as_it_was_written() -> None:
    otherwise = {what: why for what, statement in NEVER.items() if not REFUSED.search(why := refusal_of(statement))}
    assert otherwise == {}


def test_an_order_that_nobody_paid_is_never_paid() -> None:
    order = orders.placed()
    with pytest.raises(IntegrityError, match="bought by money"):
        run("UPDATE shop_order SET state = 'paid'")
    orders.order_at(OrderState.AWAITING_APPROVAL)
    with pytest.raises(IntegrityError, match="bought by money"):
        run("UPDATE shop_order SET state = 'on_account' WHERE state = 'awaiting_approval'")
    order.refresh_from_db()
    assert order.state == OrderState.AWAITING_PAYMENT


@pytest.mark.parametrize("state", [OrderState.PAID, OrderState.ON_ACCOUNT])
def test_only_an_order_of_services_alone_is_completed_without_a_parcel(state: OrderState) -> None:
    with_goods, services = orders.order_at(state), orders.services_alone(state)
    things = ((orders.product(kind="service", cents=5_000), 1), (orders.product(kind="accessory", cents=2_500), 1))
    both = orders.drafted(things=things)
    if state == OrderState.PAID:
        orders.paid(orders.placed(both))
    else:
        order_services.approve_purchase_order(purchase_order=orders.submitted(both), by=person("clerk"))
    for order in (with_goods, both):
        with pytest.raises(IntegrityError, match="completed by its parcels"):
            run(f"UPDATE shop_order SET state = 'completed' WHERE id = '{order.pk}'")
    run(f"UPDATE shop_order SET state = 'completed' WHERE id = '{services.pk}'")
    services.refresh_from_db()
    assert services.state == OrderState.COMPLETED


@pytest.mark.parametrize("state", [OrderState.AWAITING_PAYMENT, OrderState.AWAITING_APPROVAL])
def test_services_that_are_not_bought_are_not_completed(state: OrderState) -> None:
    order = orders.services_alone(state)
    with pytest.raises(IntegrityError, match="a year is completed when it is bought"):
        run(f"UPDATE shop_order SET state = 'completed' WHERE id = '{order.pk}'")


def test_services_are_completed_also_where_some_of_their_money_went_back() -> None:
    order = orders.services_alone()
    orders.requested(order.payments.get(), cents=1_000)
    run(f"UPDATE shop_order SET state = 'completed' WHERE id = '{order.pk}'")


def test_an_order_is_placed_with_consent_and_with_its_tax() -> None:
    orders.drafted()
    with pytest.raises(IntegrityError, match="express consent"):
        run("UPDATE shop_order SET state = 'awaiting_payment', method = 'card', placed_at = now()")
    run("UPDATE shop_orderline SET tax_basis_points = 0, tax = 0, total = net")
    run("UPDATE shop_order SET tax = 0, total = goods - discount")
    agreed = "consent = 'I agree', consent_at = now()"
    with pytest.raises(IntegrityError, match="taxed by the rate of its place"):
        run(f"UPDATE shop_order SET state = 'awaiting_payment', method = 'card', placed_at = now(), {agreed}")


def test_no_order_is_exempt_by_a_certificate_that_nobody_approved() -> None:
    business = business_at()
    order = orders.drafted(owner=business)
    sent = orders.certificate(business, approved=False)
    run("UPDATE shop_orderline SET tax_basis_points = 0, tax = 0, total = net")
    run(f"UPDATE shop_order SET tax = 0, total = goods - discount, exemption_id = '{sent.pk}' WHERE id = '{order.pk}'")
    agreed = "consent = 'I agree', consent_at = now()"
    with pytest.raises(IntegrityError, match="without a certificate"):
        run(f"UPDATE shop_order SET state = 'awaiting_payment', method = 'card', placed_at = now(), {agreed}")


def test_an_order_is_the_sum_of_its_lines() -> None:
    orders.drafted()
    run("UPDATE shop_order SET goods = goods - 100, total = total - 100")
    agreed = "consent = 'I agree', consent_at = now()"
    with pytest.raises(IntegrityError, match="sum of its lines"):
        run(f"UPDATE shop_order SET state = 'awaiting_payment', method = 'card', placed_at = now(), {agreed}")


def test_a_payment_is_what_its_attempt_asked_for() -> None:
    attempt = orders.opened()
    with pytest.raises(IntegrityError, match="what its attempt asked for"), transaction.atomic():
        Payment.objects.create(
            order=attempt.order, attempt=attempt, method="card", captured=attempt.cents - 1, gateway_id="pi_1"
        )


def test_a_refund_is_shared_over_lines_to_the_cent() -> None:
    payment = orders.paid()
    statement = (
        "INSERT INTO shop_refund (id, payment_id, state, source, cents, reason, gateway_id, check_number, failure, "
        "requested_at, needs_second) SELECT gen_random_uuid(), id, 'requested', 'fee', 100, '', '', '', '', "
        "now(), false FROM shop_payment"
    )
    with pytest.raises(IntegrityError, match="shared over lines"):
        run(statement)
    payment.refresh_from_db()
    assert payment.held == 0


def test_a_large_refund_is_never_sent_by_the_clerk_who_asked_for_it() -> None:
    clerk = person("clerk")
    order = orders.placed(orders.drafted(things=((orders.product(cents=90_000), 1),)))
    refund = orders.requested(orders.paid(order), cents=60_000, by=clerk)
    assert refund.needs_second
    with pytest.raises(IntegrityError, match="refund_second_is_another"):
        run(f"UPDATE shop_refund SET state = 'submitted', second_id = '{clerk.pk}'")


def test_two_rates_of_one_place_and_time_never_overlap() -> None:
    orders.tax_rate()
    statement = (
        "INSERT INTO shop_taxrate (id, state_code, zip_prefix, tax_code, basis_points, starts_on, ends_on) "
        "VALUES (gen_random_uuid(), 'AL', '{prefix}', 'goods', 500, '2025-01-01', NULL)"
    )
    with pytest.raises(IntegrityError, match="tax_rate_one_at_a_time"):
        run(statement.format(prefix=""))
    run(statement.format(prefix="352"))


def test_what_comes_back_failed_is_free_again() -> None:
    refund = orders.refund_at(RefundState.FAILED)
    refund.payment.refresh_from_db()
    assert refund.payment.held == 0
    assert refund.payment.order.lines.get().held == 0
    again = orders.requested(refund.payment, cents=refund.payment.captured)
    assert refunds.submit(refund=again, by=person("administrator")).state == RefundState.SUBMITTED


def test_a_canceled_order_holds_no_stock() -> None:
    order = orders.order_at(OrderState.PAID)
    order_services.cancel(order=order, by=buyer_of(order))
    assert not order.reservations.filter(released_at__isnull=True).exists()
    assert order.reservations.get().stock.reserved == 0


@pytest.mark.parametrize(
    ("lifecycle", "table"),
    [(ORDER, "shop_order"), (ATTEMPT, "shop_paymentattempt"), (REFUND, "shop_refund")],
    ids=lambda value: getattr(value, "name", value),
)
def test_the_database_knows_the_same_steps_as_the_lifecycle(lifecycle: Lifecycle, table: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT tgargs FROM pg_trigger WHERE tgname = %s", [f"{table}_steps"])
        [(arguments,)] = cursor.fetchall()
    known = set(bytes(arguments).decode().strip("\x00").split("\x00"))
    assert known == {f">{state}" for state in lifecycle.start} | {
        f"{source}>{target}" for source, target in lifecycle.transitions
    }


def test_a_state_that_skips_a_step_is_refused() -> None:
    orders.drafted()
    run("UPDATE shop_order SET consent = 'I agree', consent_at = now()")
    with pytest.raises(IntegrityError, match="takes no step draft>shipped"):
        run("UPDATE shop_order SET state = 'shipped', method = 'card', placed_at = now()")
