from collections.abc import Sequence
from dataclasses import dataclass

from shop.orders.models.orders import Order, OrderLine
from shop.orders.selectors.invoices import invoice_of, owed_of
from shop.orders.states import OrderState
from shop.payments.models.payments import Payment, PaymentMethod
from shop.payments.models.refunds import Refund, RefundSource
from shop.payments.states import LIVE_REFUNDS

OF_CANCELED = (RefundSource.CANCELLATION, RefundSource.LATE)
"""By these the money of a canceled order goes back, even if it came after the cancellation."""


@dataclass(frozen=True, slots=True)
class Split:
    """An amount of an order by where it goes, in cents: services move money by it, and every page and mail says it.

    off: comes off the invoice, since nobody paid it. to_card, by_check: goes back, the way it was paid. left: still
    owed on the invoice after that. invoice: its number, "" for none.
    """

    off: int = 0
    to_card: int = 0
    by_check: int = 0
    left: int = 0
    invoice: str = ""

    @property
    def back(self) -> int:
        return self.to_card + self.by_check


def split_of(order: Order, cents: int | None = None, *, line: OrderLine | None = None) -> Split:
    """Return the split of cents of an order that are given back now. cents: None for all, as in a cancellation.

    Unpaid cents come off the invoice first; only the rest goes back, less what went back before. line: the refunded
    line, None for any.
    """
    owed, held = owed_of(order), refundable_of(order, line)
    off = owed if cents is None else min(cents, owed)
    rest = held if cents is None else min(cents - off, held)
    return _told(order, off, _payments(order), rest, left=owed - off)


def refundable_of(order: Order, line: OrderLine | None = None) -> int:
    """Return the paid cents of an order that can still go back. line: of that one alone."""
    paid = sum(payment.refundable for payment in order.payments.all())
    return paid if line is None else min(paid, line.total - line.held)


def done(order: Order, *, off: int, back: int) -> Split:
    """Return the split of an amount that was given back already."""
    return _told(order, off, _payments(order), back, left=0)


def when_canceled(order: Order) -> Split:
    """Return the split of an order's money if it were canceled now, or as it was canceled."""
    if order.state != OrderState.CANCELLED:
        return split_of(order)
    sent = Refund.objects.filter(payment__order=order, source__in=OF_CANCELED, state__in=LIVE_REFUNDS)
    # A failed refund is owed as before: its payment is refundable again.
    still = sum(payment.refundable for payment in order.payments.all())
    return done(order, off=taken_off(order), back=sum(sent.values_list("cents", flat=True)) + still)


def taken_off(order: Order) -> int:
    """Return the cents that came off the invoice of an order without a refund."""
    invoice = invoice_of(order)
    notes = invoice.credit_notes.all() if invoice else []
    return sum(note.total for note in notes if note.refund_id is None)


def _payments(order: Order) -> Sequence[Payment]:
    return sorted(order.payments.all(), key=lambda payment: (payment.captured_at, payment.pk))


def _told(order: Order, off: int, payments: Sequence[Payment], back: int, *, left: int) -> Split:
    """Return a split with the refund shared over the payments. What they do not hold goes the way of the last one."""
    shares = {PaymentMethod.CARD: 0, PaymentMethod.CHECK: 0}
    rest = back
    for payment in payments:
        part = min(rest, payment.refundable)
        shares[PaymentMethod(payment.method)] += part
        rest -= part
    shares[PaymentMethod(payments[-1].method) if payments else PaymentMethod.CHECK] += rest
    invoice = invoice_of(order)
    number = invoice.printed_number if invoice else ""
    return Split(off, shares[PaymentMethod.CARD], shares[PaymentMethod.CHECK], left, number)
