from datetime import date
from typing import Any

from django.db.models import BigIntegerField, F, OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from shop.orders.models.invoices import CreditNote, Invoice
from shop.orders.models.orders import Order
from shop.payments.models.payments import Payment


def owed_of(order: Order) -> int:
    """Return the unpaid cents of a bought order, less credits without a refund; 0 before it is bought."""
    first = invoice_of(order)
    if first is None:
        return 0
    paid = sum(payment.captured for payment in order.payments.all())
    taken_off = sum(note.total for note in first.credit_notes.all() if note.refund_id is None)
    return max(first.total - paid - taken_off, 0)


def invoice_of(order: Order) -> Invoice | None:
    """Return the invoice of an order, from its loaded rows if there are any."""
    return next((invoice for invoice in order.invoices.all() if invoice.reverses_id is None), None)


def is_overdue(invoice: Invoice, *, owed: int, today: date) -> bool:
    return owed > 0 and invoice.due_on is not None and invoice.due_on < today


def open_invoices() -> QuerySet[Invoice]:
    """Return the invoices on account that are not paid in full, each with `owed`; what is due first comes first."""
    paid = Payment.objects.filter(order=OuterRef("order")).order_by().values("order").annotate(sum=Sum("captured"))
    notes = CreditNote.objects.filter(invoice=OuterRef("pk"), refund__isnull=True).order_by().values("invoice")
    taken_off = notes.annotate(sum=Sum("total"))
    owed = F("total") - _first(paid.values("sum")) - _first(taken_off.values("sum"))
    rows = Invoice.objects.filter(due_on__isnull=False, reverses__isnull=True).annotate(owed=owed)
    return rows.filter(owed__gt=0).select_related("order__registrant__user").order_by("due_on", "number")


def overdue(today: date) -> QuerySet[Invoice]:
    rows = open_invoices().filter(due_on__lt=today)
    return rows.prefetch_related("order__payments", "order__invoices__credit_notes")


def _first(rows: "QuerySet[Any, Any]") -> Coalesce:
    return Coalesce(Subquery(rows, output_field=BigIntegerField()), 0)
