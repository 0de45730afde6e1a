"""Invoices and credit notes. Neither is ever changed: a wrong invoice is credited, and another one is issued.

Everything here runs inside the transaction of the act that causes it, with the order locked.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from uuid import UUID

from django.db.models import Sum
from django.utils.translation import gettext as _, override

from audit.log.actors import Actor
from audit.log.events import Event
from audit.log.services import record
from fusus_portal.ground.accounts.models import User
from shop.catalogue.money import share
from shop.orders.models.invoices import CreditLine, CreditNote, Invoice, InvoiceLine
from shop.orders.models.orders import Order, OrderLine
from shop.orders.selectors.money import split_of
from shop.payments.models import Refund, RefundSource

NOT_ABOUT_GOODS = (RefundSource.LATE, RefundSource.TWICE)
"""Sources of refunds whose money no invoice asked for, so that no credit note follows."""


def issue(*, order: Order, actor: Actor, due_on: date | None = None) -> Invoice:
    """Issue the invoice of an order that was just bought. due_on: None if the order is paid."""
    purchase = getattr(order, "purchase_order", None)
    lines = list(order.lines.order_by("position"))
    invoice = _create(
        order,
        actor,
        purchase_order=purchase.number if purchase else "",
        net=order.goods - order.discount,
        tax=order.tax,
        total=order.total,
        due_on=due_on,
    )
    InvoiceLine.objects.bulk_create(
        InvoiceLine(
            invoice=invoice,
            line=line,
            position=line.position,
            name=line.name_es if order.language == "es" else line.name,
            unit_cents=line.unit_cents + line.first_fee,
            **{name: getattr(line, name) for name in ("quantity", "discount", "net", "tax", "total")},
        )
        for line in lines
    )
    return invoice


def _invoice_of(order: Order) -> Invoice | None:
    """Return the invoice of an order, read anew; None if the order was never bought."""
    return Invoice.objects.filter(order=order, reverses__isnull=True).first()


def credit(*, refund: Refund, order: Order, actor: Actor) -> CreditNote | None:
    """Issue the credit note of a refund that was paid out; None if it has one, or no invoice asked for the money."""
    invoice = _invoice_of(order)
    if invoice is None or refund.source in NOT_ABOUT_GOODS:
        return None
    amount = min(refund.cents, invoice.total - invoice.credited)
    if amount == 0 or CreditNote.objects.filter(refund=refund).exists():
        return None
    shared = refund.lines.aggregate(tax=Sum("tax"))["tax"]
    return _credit(invoice, amount, shared, reason=refund.why, refund=refund, actor=actor)


def credit_unpaid(*, order: Order, actor: Actor) -> CreditNote | None:
    """Credit the unpaid part of a canceled order's invoice; the paid part is credited once it is refunded."""
    invoice = _invoice_of(order)
    if invoice is None:
        return None
    unpaid = split_of(order).off
    if not unpaid:
        return None
    with override(order.language):
        reason = _("The order was canceled.")
    return _credit(invoice, unpaid, None, reason=reason, refund=None, actor=actor)


def credit_part(*, order: Order, line: OrderLine, cents: int, reason: str, actor: Actor) -> CreditNote | None:
    """Credit `cents` of a line of an order, at most what is unpaid and left of the line; None if that is nothing."""
    invoice = _invoice_of(order)
    if invoice is None:
        return None
    line.refresh_from_db(fields=["held"])
    amount = min(split_of(order, cents, line=line).off, invoice.total - invoice.credited)
    if amount <= 0:
        return None
    note = _credit_lines(invoice, [(line, amount, 0)], reason=reason, actor=actor)
    line.refresh_from_db(fields=["held"])
    return note


def take_off(
    *,
    order: Order,
    clerk: User,
    parts: Iterable[tuple[OrderLine, int, int]],
    alone: int,
    reason: str,
    key: UUID,
) -> CreditNote:
    """Credit unpaid cents of lines of a locked order, as a clerk. parts: lines with cents, and pieces that don't ship.

    alone: cents of them for which nobody else answers.
    """
    invoice = Invoice.objects.get(order=order, reverses__isnull=True)
    columns = {"pk": key, "clerk": clerk, "alone": alone}
    return _credit_lines(invoice, list(parts), reason=reason, actor=clerk.actor, **columns)


def _tax_of_next(line: OrderLine, cents: int) -> int:
    """Return how many of the next `cents` given back of a line are tax. All parts of a line add up to its tax."""
    return share(line.held + cents, line.total, line.tax) - share(line.held, line.total, line.tax)


def reverse(*, refund: Refund, order: Order, actor: Actor) -> Invoice | None:
    """Reverse the credit note of a refund that failed later, by a new invoice over the same amount."""
    note = CreditNote.objects.filter(refund=refund, reversed_by__isnull=True).first()
    if note is None:
        return None
    invoice = _create(order, actor, reverses=note, net=note.net, tax=note.tax, total=note.total)
    with override(order.language):
        name = _("Credit note %(number)s reversed: the refund failed") % {"number": note.printed_number}
    InvoiceLine.objects.create(
        invoice=invoice,
        position=1,
        name=name[:80],
        quantity=1,
        unit_cents=note.total,
        discount=0,
        net=note.net,
        tax=note.tax,
        total=note.total,
    )
    return invoice


def _create(order: Order, actor: Actor, **columns: object) -> Invoice:
    invoice = Invoice.objects.create(
        order=order,
        party=order.party,
        street=order.bill_street,
        city=order.bill_city,
        state_code=order.bill_state,
        zip_code=order.bill_zip,
        language=order.language,
        **columns,
    )
    invoice.refresh_from_db(fields=["number"])
    _record(Event.INVOICE_ISSUED, invoice, actor)
    return invoice


def _credit_lines(
    invoice: Invoice, parts: Sequence[tuple[OrderLine, int, int]], *, reason: str, actor: Actor, **columns: object
) -> CreditNote:
    """Insert a credit note over unpaid cents of lines; a trigger adds them to what is held of each line.

    Its tax is the share of tax in the cents of each line.
    """
    tax = sum(_tax_of_next(line, cents) for line, cents, _pieces in parts)
    total = sum(cents for _line, cents, _pieces in parts)
    note = _credit(invoice, total, tax, reason=reason, refund=None, actor=actor, **columns)
    for line, cents, pieces in parts:
        CreditLine.objects.create(note=note, line=line, cents=cents, pieces=pieces)
    return note


def _credit(
    invoice: Invoice,
    amount: int,
    tax: int | None,
    *,
    reason: str,
    refund: Refund | None,
    actor: Actor,
    **columns: object,
) -> CreditNote:
    """Insert a credit note. The last one of an invoice takes the tax that is left, so that they add up to the cent."""
    left = invoice.total - invoice.credited
    taken = CreditNote.objects.filter(invoice=invoice, reversed_by__isnull=True).aggregate(tax=Sum("tax"))["tax"] or 0
    tax_left = max(invoice.tax - taken, 0)
    if amount == left:
        tax = tax_left
    elif tax is None:
        tax = share(amount, left, tax_left)
    part = min(tax, tax_left, amount)
    note = CreditNote.objects.create(
        invoice=invoice, refund=refund, net=amount - part, tax=part, total=amount, reason=reason[:200], **columns
    )
    note.refresh_from_db(fields=["number"])
    _record(Event.CREDIT_NOTE_ISSUED, note, actor)
    return note


def _record(event: Event, document: Invoice | CreditNote, actor: Actor) -> None:
    facts: dict[str, int | str] = {"number": document.printed_number, "total": document.total}
    record(event=event, actor=actor, subject=document.subject, facts=facts)
