"""Rows of a period: payments, refunds, invoices, credit notes, in their order.

A refund counts on the day of its submission. If it fails later, that is a row of its own on that later day, so that no
past day changes. A refund that the payment service never made moved nothing and has no row.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from heapq import merge
from operator import attrgetter

from django.db.models import QuerySet

from shop.books.periods import Period
from shop.orders.models.invoices import CreditNote, Invoice
from shop.payments.models import Payment, PaymentMethod, Refund
from shop.payments.states import RefundState

AT_ONCE = 1_000
BROKEN = (RefundState.FAILED, RefundState.CANCELLED)


class EntryKind(StrEnum):
    PAYMENT = "payment"
    CHECK = "check"
    REFUND = "refund"
    REFUND_CHECK = "refund by check"
    REFUND_BACK = "refund that came back"
    INVOICE = "invoice"
    CREDIT_NOTE = "credit note"


@dataclass(frozen=True, slots=True)
class Entry:
    """One row, in cents; what leaves the office or is credited is below zero. net, tax: None for money."""

    at: datetime
    kind: EntryKind
    number: str
    order: str
    state: str
    net: int | None
    tax: int | None
    total: int
    gateway_id: str = ""


def entries(period: Period) -> Iterator[Entry]:
    """Yield each row of a period, oldest first. Only some are in memory at once."""
    parts = (
        _payments(period),
        _refunds(refunds_out(period), "submitted_at", EntryKind.REFUND, -1),
        _refunds(refunds_by_check(period), "settled_at", EntryKind.REFUND_CHECK, -1),
        _refunds(refunds_back(period), "settled_at", EntryKind.REFUND_BACK, 1),
        _documents(invoices(period).select_related("order"), EntryKind.INVOICE, 1),
        _documents(notes(period).select_related("invoice__order"), EntryKind.CREDIT_NOTE, -1),
    )
    return merge(*parts, key=attrgetter("at"))


def payments(period: Period) -> QuerySet[Payment]:
    return Payment.objects.filter(**period.within("captured_at"))


def refunds_out(period: Period) -> QuerySet[Refund]:
    """Return the card refunds that the payment service accepted."""
    rows = Refund.objects.filter(payment__method=PaymentMethod.CARD, **period.within("submitted_at"))
    return rows.exclude(gateway_id="")


def refunds_by_check(period: Period) -> QuerySet[Refund]:
    rows = Refund.objects.filter(payment__method=PaymentMethod.CHECK, state=RefundState.SUCCEEDED)
    return rows.filter(**period.within("settled_at"))


def refunds_back(period: Period) -> QuerySet[Refund]:
    """Return the refunds that were sent and came back: the bank refused them."""
    return Refund.objects.filter(state__in=BROKEN, **period.within("settled_at")).exclude(gateway_id="")


def invoices(period: Period) -> QuerySet[Invoice]:
    return Invoice.objects.filter(**period.within("issued_at"))


def notes(period: Period) -> QuerySet[CreditNote]:
    return CreditNote.objects.filter(**period.within("issued_at"))


def _payments(period: Period) -> Iterator[Entry]:
    rows = payments(period).select_related("order").order_by("captured_at", "pk")
    for row in rows.iterator(chunk_size=AT_ONCE):
        kind = EntryKind.PAYMENT if row.method == PaymentMethod.CARD else EntryKind.CHECK
        number = row.order.number
        yield Entry(row.captured_at, kind, row.check_number, number, "", None, None, row.captured, row.gateway_id)


def _refunds(rows: QuerySet[Refund], at: str, kind: EntryKind, sign: int) -> Iterator[Entry]:
    """Yield refunds in the order of one of their times. at: its column."""
    ordered = rows.select_related("payment__order").order_by(at, "pk")
    for row in ordered.iterator(chunk_size=AT_ONCE):
        number, order, cents = row.check_number, row.payment.order.number, sign * row.cents
        yield Entry(getattr(row, at), kind, number, order, row.state, None, None, cents, row.gateway_id)


def _documents(rows: "QuerySet[Invoice] | QuerySet[CreditNote]", kind: EntryKind, sign: int) -> Iterator[Entry]:
    """Yield invoices, or credit notes, which are below zero."""
    for row in rows.order_by("issued_at", "number").iterator(chunk_size=AT_ONCE):
        order = row.order if isinstance(row, Invoice) else row.invoice.order
        net, tax, total = sign * row.net, sign * row.tax, sign * row.total
        yield Entry(row.issued_at, kind, row.printed_number, order.number, "", net, tax, total)
