"""Money of an order: paid, owed, credited on its invoice, refunded, and by card or check."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.db.models import BigIntegerField, F, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from shop.orders.models.invoices import CreditNote, Invoice
from shop.orders.models.orders import Order, OrderLine
from shop.orders.policies import is_done
from shop.orders.states import OrderState, Standing
from shop.payments.models import Payment, PaymentMethod, Refund, RefundSource
from shop.payments.states import LIVE_REFUNDS, RefundState


def owed_of(order: Order) -> int:
    """Return the unpaid cents of a bought order, less credit notes without a refund; 0 before it is bought."""
    first = invoice_of(order)
    if first is None:
        return 0
    paid = sum(payment.captured for payment in order.payments.all())
    taken_off = sum(note.total for note in first.credit_notes.all() if note.refund_id is None)
    return max(first.total - paid - taken_off, 0)


def standing_of(order: Order) -> Standing:
    """Return the state of an order as people read it: on account only while a part of it is owed.

    A bought further year is paid or on account, since nothing is shipped for it. An order that is refunded before it
    ships, or was done, says so. For many orders prefetch `lines`, `payments` and `invoices__credit_notes`.
    """
    state, is_owed = OrderState(order.state), owed_of(order) > 0
    is_paid = not is_owed and bool(order.payments.all())
    is_year = order.renews_id is not None and state == OrderState.COMPLETED
    if is_owed and is_year:
        return Standing.ON_ACCOUNT
    if is_owed and state == OrderState.COMPLETED:
        return Standing.DONE_UNPAID if is_done(order) else Standing.ARRIVED_UNPAID
    if not is_owed and _is_refunded(order):
        return Standing.REFUNDED if is_paid else Standing.OFF_INVOICE
    if is_paid and (is_year or state == OrderState.ON_ACCOUNT):
        return Standing.PAID
    return Standing(state)


def _is_refunded(order: Order) -> bool:
    """True if all that was ordered is refunded to the cent, and was neither sent nor done before.

    A refund that was only asked for is not one yet.
    """
    lines = list(order.lines.all())
    is_left = order.state in (OrderState.PAID, OrderState.ON_ACCOUNT, OrderState.COMPLETED) and not is_done(order)
    if not is_left or not lines or any(line.wanted or line.held < line.total for line in lines):
        return False
    return not Refund.objects.filter(payment__order=order, state=RefundState.REQUESTED).exists()


def invoice_of(order: Order) -> Invoice | None:
    """Return the invoice of an order, from rows that were loaded with the order, if any."""
    return next((invoice for invoice in order.invoices.all() if invoice.reverses_id is None), None)


def is_overdue(invoice: Invoice, *, owed: int, today: date) -> bool:
    return owed > 0 and invoice.due_on is not None and invoice.due_on < today


def open_invoices() -> QuerySet[Invoice]:
    """Return the invoices on account that are not paid in full, each with `owed` (cents), by due date."""
    paid = Payment.objects.filter(order=OuterRef("order")).order_by().values("order").annotate(sum=Sum("captured"))
    notes = CreditNote.objects.filter(invoice=OuterRef("pk"), refund__isnull=True).order_by().values("invoice")
    taken_off = notes.annotate(sum=Sum("total"))
    owed = F("total") - _sum_of(paid.values("sum")) - _sum_of(taken_off.values("sum"))
    rows = Invoice.objects.filter(due_on__isnull=False, reverses__isnull=True).annotate(owed=owed)
    return rows.filter(owed__gt=0).select_related("order__registrant__user").order_by("due_on", "number")


def overdue_invoices(today: date) -> QuerySet[Invoice]:
    rows = open_invoices().filter(due_on__lt=today)
    return rows.prefetch_related("order__payments", "order__invoices__credit_notes")


def _sum_of(rows: "QuerySet[Any, Any]") -> Coalesce:
    return Coalesce(Subquery(rows, output_field=BigIntegerField()), 0)


@dataclass(frozen=True, slots=True)
class Split:
    """Cents of an order, split by where they go. Services move money by this split; pages and mails show the same one.

    off: comes off the invoice, since nobody paid it. to_card, by_check: refunded the way it was paid. undivided: of
    these, but nobody knows yet how much of each: another return of the order may come first. left: still owed on the
    invoice after that. invoice: its number, or "" if the order has none.
    """

    off: int = 0
    to_card: int = 0
    by_check: int = 0
    left: int = 0
    invoice: str = ""
    undivided: int = 0

    @property
    def back(self) -> int:
        return self.to_card + self.by_check

    @property
    def takes_off(self) -> bool:
        return self.off > 0 or self.undivided > 0

    @property
    def all(self) -> int:
        return self.off + self.back + self.undivided


def split_of(
    order: Order,
    cents: int | None = None,
    *,
    line: OrderLine | None = None,
    ahead: int = 0,
    most_off: int | None = None,
) -> Split:
    """Return where `cents` of an order go if they are given back now. cents: None for all, as in a cancellation.

    Unpaid cents come off the invoice first; only the rest is refunded, less earlier refunds. line: the line of the
    order that is given back, never more than is left of it; None for the whole order. ahead: cents that earlier
    returns will take off the invoice. most_off: cents that come off at most, None for as many as are owed.
    """
    if line is not None and cents is not None:
        cents = min(cents, line.total - line.held)
    owed, held = max(owed_of(order) - ahead, 0), refundable_of(order, line)
    off = owed if cents is None else min(cents, owed)
    off = off if most_off is None else min(off, most_off)
    rest = held if cents is None else min(cents - off, held)
    return _split(order, off, _payments(order), rest, left=owed - off)


def undivided_split(order: Order, cents: int, *, line: OrderLine) -> Split:
    """Return `cents` of an order as a split whose parts are not known yet. line: the line that is refunded."""
    owed, back = owed_of(order), refundable_of(order, line)
    return replace(split_of(order, 0), undivided=min(cents, owed + back, line.total - line.held))


def refundable_of(order: Order, line: OrderLine | None = None) -> int:
    """Return the paid cents of an order that can still be refunded; with a line, only those of that line."""
    paid = sum(payment.refundable for payment in order.payments.all())
    return paid if line is None else min(paid, line.total - line.held)


def done_split(order: Order, *, off: int, back: int) -> Split:
    """Return the split of cents that were given back already. off: taken off the invoice. back: refunded."""
    return _split(order, off, _payments(order), back, left=owed_of(order))


def canceled_split(order: Order) -> Split:
    """Return the split of an order's money: as it was canceled, or as if it were canceled now."""
    if order.state != OrderState.CANCELLED:
        return split_of(order)
    # Also one that a person sent again by hand, or outside the portal, after the first had failed.
    since = Q(source__in=(RefundSource.CANCELLATION, RefundSource.LATE))
    if order.ended_at is not None:
        since |= Q(requested_at__gt=order.ended_at)
    sent = Refund.objects.filter(since, payment__order=order, state__in=LIVE_REFUNDS)
    # A failed refund is owed as before: its payment is refundable again.
    back = sum(sent.values_list("cents", flat=True)) + refundable_of(order)
    return done_split(order, off=taken_off(order), back=back)


def taken_off(order: Order) -> int:
    """Return the cents that credit notes without a refund took off the invoice of an order."""
    invoice = invoice_of(order)
    notes = invoice.credit_notes.all() if invoice else []
    return sum(note.total for note in notes if note.refund_id is None)


def _payments(order: Order) -> Sequence[Payment]:
    return sorted(order.payments.all(), key=lambda payment: (payment.captured_at, payment.pk))


def _split(order: Order, off: int, payments: Sequence[Payment], back: int, *, left: int) -> Split:
    """Return a split that shares `back` over the payments. Cents beyond them go back the way of the last payment."""
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
