"""Invariants of the shop at any moment. Each is told what the payment peer knows (`PaymentPeer.state`)."""

from collections import Counter
from collections.abc import Callable

from django.db.models import F, Sum

from shop.catalogue.models import Reservation, Stock
from shop.orders.models.invoices import CreditNote, Invoice
from shop.orders.models.orders import Order, PayMethod, ShopTask
from shop.orders.states import CONFIRMED, OrderState
from shop.payments.models import Payment, PaymentAttempt, Refund
from shop.payments.states import LIVE_REFUNDS
from tests.peers.payments import Json

ON_ACCOUNT = (PayMethod.PURCHASE_ORDER, PayMethod.CHARGE)


def live_refunds_are_held_and_never_more_than_captured(state: Json) -> None:
    """Invariant 1: the books hold each live refund, and neither they nor the peer's refunds exceed the payment."""
    for payment in Payment.objects.prefetch_related("refunds"):
        live = sum(refund.cents for refund in payment.refunds.all() if refund.state in LIVE_REFUNDS)
        assert live == payment.held <= payment.captured
        own = sum(
            one["amount"]
            for one in state["refunds"]
            if one["payment_intent"] == payment.gateway_id
            and one["metadata"].get("refund")
            and one["status"] in {"pending", "succeeded"}
        )
        assert own <= payment.captured


def nothing_at_the_peer_bears_the_same_id(state: Json) -> None:
    """Invariant 2: no two paid attempts, and no two refunds at the peer, bear the same id of ours."""
    paid = Counter(one["metadata"].get("attempt") for one in state["intents"] if one["status"] == "succeeded")
    made = Counter(one["metadata"].get("refund") for one in state["refunds"])
    made.pop(None, None)
    assert {*paid.values(), *made.values()} <= {1}


def stock_is_what_is_reserved(state: Json) -> None:
    """Invariant 3: the pieces reserved are those of live reservations, the pieces on hand those that came."""
    for stock in Stock.objects.all():
        live = Reservation.objects.filter(stock=stock, released_at__isnull=True)
        held = live.aggregate(sum=Sum(F("quantity") - F("taken")))["sum"] or 0
        moved = stock.movements.aggregate(sum=Sum("change"))["sum"] or 0
        assert (stock.reserved, stock.on_hand) == (held, moved)
        assert 0 <= stock.reserved <= stock.on_hand


def an_order_is_bought_when_it_is_paid(state: Json) -> None:
    """Invariant 5: an order is bought when it is paid, and money that bought nothing is on its way back."""
    for order in Order.objects.prefetch_related("payments"):
        captured = sum(payment.captured for payment in order.payments.all())
        held = sum(payment.held for payment in order.payments.all())
        if order.state in CONFIRMED:
            assert captured >= order.total or order.method in ON_ACCOUNT
        elif order.state == OrderState.AWAITING_PAYMENT:
            assert captured == 0
        elif held < captured:
            # A refund that failed is a person's to make anew, and a task says so.
            assert ShopTask.objects.filter(order=order, kind__in=["refund_failed", "difference"]).exists()


def numbers_have_no_gap(state: Json) -> None:
    """Invariant 11: invoices and credit notes have numbers without a gap. Triggers hold the states to their table."""
    for model in (Invoice, CreditNote):
        numbers = list(model.objects.order_by("number").values_list("number", flat=True))
        assert numbers == list(range(1, len(numbers) + 1))


MUST: list[Callable[[Json], None]] = [
    live_refunds_are_held_and_never_more_than_captured,
    nothing_at_the_peer_bears_the_same_id,
    stock_is_what_is_reserved,
    an_order_is_bought_when_it_is_paid,
    numbers_have_no_gap,
]


def books() -> list[list[tuple[object, ...]]]:
    """Return the rows of money, stock and papers."""
    rows = [
        Order.objects.values_list("pk", "state"),
        PaymentAttempt.objects.values_list("pk", "state", "session_id", "doubt"),
        Payment.objects.values_list("pk", "captured", "held", "gateway_id"),
        Refund.objects.values_list("pk", "state", "cents", "gateway_id"),
        Stock.objects.values_list("pk", "on_hand", "reserved"),
        Invoice.objects.values_list("pk", "number", "total", "credited"),
        CreditNote.objects.values_list("pk", "number", "total"),
        ShopTask.objects.values_list("kind", "about", "done_at"),
    ]
    return [sorted(found, key=str) for found in rows]
