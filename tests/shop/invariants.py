"""Invariants of the shop at any moment. Each is told what the payment peer knows (`PaymentPeer.state`)."""

from collections import Counter
from collections.abc import Callable

from django.db.models import F, Q, Sum

from shop.catalogue.models import Reservation, Stock
from shop.orders.models.invoices import CreditLine, CreditNote, Invoice
from shop.orders.models.orders import Order, OrderLine, PayMethod, ShopTask
from shop.orders.states import CONFIRMED, OrderState
from shop.parcels.models import Shipment, ShipmentItem
from shop.parcels.states import OPEN
from shop.payments.models import Payment, PaymentAttempt, Refund, RefundLine
from shop.payments.states import LIVE_REFUNDS, RefundState
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
        items = ShipmentItem.objects.filter(void_at__isnull=True, shipment__state__in=OPEN)
        packed = items.filter(line__product=stock.product_id)
        for order in Order.objects.filter(pk__in=packed.values("shipment__order")):
            in_parcels = packed.filter(shipment__order=order).aggregate(sum=Sum("quantity"))["sum"]
            assert in_parcels <= sum(one.left for one in live.filter(order=order))


def nothing_is_given_back_twice(state: Json) -> None:
    """Cents and pieces of a line that refunds and clerks' credit notes hold are counted once, and within the line."""
    cents, pieces = Counter[object](), Counter[object]()
    for line, state_of, part, number in RefundLine.objects.values_list("line", "refund__state", "cents", "pieces"):
        cents[line] += part if state_of in LIVE_REFUNDS else 0
        pieces[line] += number if state_of != RefundState.CANCELLED else 0
    for line, part, number in CreditLine.objects.values_list("line", "cents", "pieces"):
        cents[line] += part
        pieces[line] += number
    for row in OrderLine.objects.all():
        assert cents[row.pk] == row.held <= row.total
        assert pieces[row.pk] == row.refunded <= row.quantity
    for invoice in Invoice.objects.filter(reverses__isnull=True):
        assert 0 <= invoice.credited <= invoice.total


def what_was_refunded_is_not_sent(state: Json) -> None:
    """No parcel left with pieces whose refund was asked for before, or that a clerk had taken off the invoice."""
    asked = RefundLine.objects.exclude(refund__state=RefundState.CANCELLED).filter(pieces__gt=0)
    for parcel in Shipment.objects.filter(handed_over_at__isnull=False):
        left_at = parcel.handed_over_at
        others = ShipmentItem.objects.filter(shipment__order=parcel.order, shipment__handed_over_at__lte=left_at)
        there = others.filter(Q(void_at__isnull=True) | Q(void_at__gt=left_at))
        for line in OrderLine.objects.filter(items__shipment=parcel).distinct():
            counted = [
                there.filter(line=line).values_list("quantity", flat=True),
                asked.filter(line=line, refund__requested_at__lt=left_at).values_list("pieces", flat=True),
                CreditLine.objects.filter(line=line, note__issued_at__lt=left_at).values_list("pieces", flat=True),
            ]
            assert sum(map(sum, counted)) <= line.quantity


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
    nothing_is_given_back_twice,
    what_was_refunded_is_not_sent,
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
