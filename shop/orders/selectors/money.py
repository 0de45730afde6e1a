"""Where the money of an order is: paid, owed, off its invoice, on its way back, and by what means.

Services move it by these numbers, and every page, mail and sheet says them (`shop.orders.presenters.money`).
"""

from collections.abc import Sequence
from dataclasses import dataclass

from shop.orders.models.orders import Order, OrderLine
from shop.orders.selectors.invoices import invoice_of, owed_of
from shop.orders.states import OrderState
from shop.payments.models.payments import Payment, PaymentMethod
from shop.payments.models.refunds import Refund, RefundSource
from shop.payments.states import LIVE_REFUNDS

OF_CANCELED = (RefundSource.CANCELLATION, RefundSource.LATE)
"""By these the money of a canceled order goes back; it may have come after that."""


@dataclass(frozen=True, slots=True)
class Split:
    """Where an amount goes that its buyer gets, in cents.

    off: comes off the invoice, since nobody paid it. to_card, by_check: goes back, by what it was paid with.
    left: still owed on the invoice after that. invoice: its number, "" for none.
    """

    off: int = 0
    to_card: int = 0
    by_check: int = 0
    left: int = 0
    invoice: str = ""

    @property
    def back(self) -> int:
        """What goes back."""
        return self.to_card + self.by_check


def split_of(order: Order, cents: int | None = None, *, line: OrderLine | None = None) -> Split:
    """Return where so much of an order goes when it is given back now. cents: None for all, as when it is canceled.

    What nobody paid comes off the invoice first, and only the rest goes back, as far as it was not given back before.
    line: of which it is given back, None for any.
    """
    owed, held = owed_of(order), refundable_of(order, line)
    off = owed if cents is None else min(cents, owed)
    rest = held if cents is None else min(cents - off, held)
    return _told(order, off, _payments(order), rest, left=owed - off)


def refundable_of(order: Order, line: OrderLine | None = None) -> int:
    """Return how many cents can still go back of what was paid for an order. line: of that one alone."""
    paid = sum(payment.refundable for payment in order.payments.all())
    return paid if line is None else min(paid, line.total - line.held)


def done(order: Order, *, off: int, back: int) -> Split:
    """Return an amount of an order that was given back already."""
    return _told(order, off, _payments(order), back, left=0)


def when_canceled(order: Order) -> Split:
    """Return where the money of an order goes when it is canceled, or went when it was."""
    if order.state != OrderState.CANCELLED:
        return split_of(order)
    sent = Refund.objects.filter(payment__order=order, source__in=OF_CANCELED, state__in=LIVE_REFUNDS)
    # One that failed is owed as before: it is on its payment again.
    still = sum(payment.refundable for payment in order.payments.all())
    return done(order, off=taken_off(order), back=sum(sent.values_list("cents", flat=True)) + still)


def taken_off(order: Order) -> int:
    """Return what came off the invoice of an order without any money going back."""
    invoice = invoice_of(order)
    notes = invoice.credit_notes.all() if invoice else []
    return sum(note.total for note in notes if note.refund_id is None)


def _payments(order: Order) -> Sequence[Payment]:
    return sorted(order.payments.all(), key=lambda payment: (payment.captured_at, payment.pk))


def _told(order: Order, off: int, payments: Sequence[Payment], back: int, *, left: int) -> Split:
    """Return a split, with what goes back shared over the payments; what they do not hold goes the way of the last."""
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
