"""What the messages of the shop say. Built from ids when a message is rendered, so that no link is ever stored."""

from collections.abc import Mapping

from django.urls import reverse

from fusus_portal.notifications import kinds
from fusus_portal.notifications.addresses import absolute
from fusus_portal.notifications.kinds import Context, MessageKind
from shop.models import CreditNote, Invoice, Order, Refund, RefundSource, ReminderStep, Shipment, ShippingDelay
from shop.money import dollars


def register_builders() -> None:
    """Register the builder of each kind of the shop."""
    kinds.register(MessageKind.ORDER_CONFIRMED, order_confirmed)
    kinds.register(MessageKind.ORDER_REFUSED, order_refused)
    kinds.register(MessageKind.ORDER_REFUND, order_refund)
    kinds.register(MessageKind.ORDER_SHIPPED, order_shipped)
    kinds.register(MessageKind.ORDER_DELAYED, order_delayed)
    kinds.register(MessageKind.PAYMENT_FAILED, payment_failed)
    kinds.register(MessageKind.INVOICE_DUE, invoice_due)


def order_confirmed(context: Context) -> Mapping[str, object]:
    """Context: order (id)."""
    order = _order(context)
    invoice = Invoice.objects.get(order=order, reverses__isnull=True)
    return {
        **_shared(order),
        "lines": [
            f"{line.quantity} x {line.local_name}: {dollars(line.net)}" for line in order.lines.order_by("position")
        ],
        "total": dollars(order.total),
        **paper(invoice),
        "due_on": invoice.due_on,
        "consent": order.consent,
    }


def order_refused(context: Context) -> Mapping[str, object]:
    """Context: order (id)."""
    order = _order(context)
    return {**_shared(order), "reason": order.purchase_order.reason}


def order_refund(context: Context) -> Mapping[str, object]:
    """Context: order, refund (ids)."""
    order, refund = _order(context), Refund.objects.get(pk=str(context["refund"]))
    note = CreditNote.objects.filter(refund=refund).first()
    link = absolute(reverse("order_credit_note", args=[order.number, note.pk])) if note else ""
    # Of a further year nothing is ever left to send.
    is_late_year = order.renews_id is not None and refund.source == RefundSource.LATE
    return {
        **_shared(order),
        "amount": dollars(refund.cents),
        "source": "" if is_late_year else refund.source,
        "note": note.printed_number if note else "",
        "note_link": link,
    }


def order_shipped(context: Context) -> Mapping[str, object]:
    """Context: order, shipment (ids)."""
    shipment = Shipment.objects.get(pk=str(context["shipment"]))
    return {
        **_shared(_order(context)),
        "carrier": shipment.get_carrier_display(),
        "tracking": shipment.tracking,
        "has_core": shipment.items.filter(core__isnull=False, void_at__isnull=True).exists(),
    }


def order_delayed(context: Context) -> Mapping[str, object]:
    """Context: order, delay (ids)."""
    return {**_shared(_order(context)), "day": ShippingDelay.objects.get(pk=str(context["delay"])).sent_by_then}


def payment_failed(context: Context) -> Mapping[str, object]:
    """Context: order (id)."""
    return _shared(_order(context))


def invoice_due(context: Context) -> Mapping[str, object]:
    """Context: order, invoice (ids), cents (what is not paid), step (which reminder it is)."""
    order = _order(context)
    invoice = Invoice.objects.get(pk=str(context["invoice"]))
    return {
        **_shared(order),
        **paper(invoice),
        "amount": dollars(int(context["cents"])),
        "due_on": invoice.due_on,
        "is_late": context["step"] != ReminderStep.SOON,
    }


def paper(invoice: Invoice) -> Mapping[str, str]:
    """Return number and address of an invoice."""
    link = absolute(reverse("order_invoice", args=[invoice.order.number, invoice.pk]))
    return {"invoice": invoice.printed_number, "invoice_link": link}


def _order(context: Context) -> Order:
    return Order.objects.get(pk=str(context["order"]))


def _shared(order: Order) -> Mapping[str, object]:
    return {"number": order.number, "link": absolute(reverse("order", args=[order.number]))}
