"""What the messages of the shop say. Built from ids when a message is rendered, so that no link is ever stored."""

from collections.abc import Mapping

from django.urls import reverse

from fusus_portal.notifications import kinds
from fusus_portal.notifications.addresses import absolute
from fusus_portal.notifications.kinds import Context, MessageKind
from shop.models import Invoice, Order, Refund
from shop.money import dollars


def register_builders() -> None:
    """Register the builder of each kind of the shop."""
    kinds.register(MessageKind.ORDER_CONFIRMED, order_confirmed)
    kinds.register(MessageKind.ORDER_REFUSED, order_refused)
    kinds.register(MessageKind.ORDER_REFUND, order_refund)


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
        "invoice": invoice.printed_number,
        "due_on": invoice.due_on,
        "consent": order.consent,
    }


def order_refused(context: Context) -> Mapping[str, object]:
    """Context: order (id)."""
    order = _order(context)
    return {**_shared(order), "reason": order.purchase_order.reason}


def order_refund(context: Context) -> Mapping[str, object]:
    """Context: order, refund (ids)."""
    refund = Refund.objects.get(pk=str(context["refund"]))
    return {**_shared(_order(context)), "amount": dollars(refund.cents), "source": refund.source}


def _order(context: Context) -> Order:
    return Order.objects.get(pk=str(context["order"]))


def _shared(order: Order) -> Mapping[str, object]:
    return {"number": order.number, "link": absolute(reverse("orders"))}
