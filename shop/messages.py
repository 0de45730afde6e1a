"""What the messages of the shop say. Built from ids when a message is rendered, so that no link is ever stored."""

from collections.abc import Mapping

from django.urls import reverse

from fusus_portal.notifications import kinds
from fusus_portal.notifications.addresses import absolute
from fusus_portal.notifications.kinds import Context, MessageKind
from shop.models import Order, Refund, Shipment, ShippingDelay
from shop.money import dollars


def register_builders() -> None:
    """Register the builder of each kind of the shop."""
    kinds.register(MessageKind.ORDER_CONFIRMED, confirmed)
    kinds.register(MessageKind.PAYMENT_FAILED, about_order)
    kinds.register(MessageKind.ORDER_SHIPPED, shipped)
    kinds.register(MessageKind.ORDER_DELAYED, delayed)
    kinds.register(MessageKind.REFUND_MADE, refunded)


def about_order(context: Context) -> Mapping[str, object]:
    """Context: order (id)."""
    return _said(_order(context))


def confirmed(context: Context) -> Mapping[str, object]:
    """Context: order (id)."""
    order = _order(context)
    invoice = order.invoices.filter(reverses__isnull=True).first()
    lines = [f"{line.quantity} × {line.local_name}" for line in order.lines.order_by("position")]
    return {
        **_said(order),
        "lines": lines,
        "total": dollars(order.total),
        "invoice": invoice.printed_number if invoice else "",
        "invoice_link": absolute(reverse("order_invoice", args=[order.number, invoice.pk])) if invoice else "",
        "due_on": invoice.due_on if invoice else None,
    }


def shipped(context: Context) -> Mapping[str, object]:
    """Context: order, shipment (ids)."""
    shipment = Shipment.objects.get(pk=str(context["shipment"]))
    return {
        **_said(_order(context)),
        "carrier": shipment.get_carrier_display(),
        "tracking": shipment.tracking,
        "has_core": shipment.items.filter(core__isnull=False, void_at__isnull=True).exists(),
    }


def delayed(context: Context) -> Mapping[str, object]:
    """Context: order, delay (ids)."""
    return {**_said(_order(context)), "day": ShippingDelay.objects.get(pk=str(context["delay"])).sent_by_then}


def refunded(context: Context) -> Mapping[str, object]:
    """Context: order, refund (ids)."""
    refund = Refund.objects.get(pk=str(context["refund"]))
    return {**_said(_order(context)), "amount": dollars(refund.cents), "source": refund.source}


def _order(context: Context) -> Order:
    return Order.objects.get(pk=str(context["order"]))


def _said(order: Order) -> dict[str, object]:
    return {"number": order.number, "link": absolute(reverse("order", args=[order.number]))}
