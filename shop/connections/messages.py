"""What the messages about further years say."""

from collections.abc import Mapping

from django.urls import reverse

from fusus_portal.notifications import kinds
from fusus_portal.notifications.addresses import absolute
from fusus_portal.notifications.kinds import Context, MessageKind
from shop.models import Invoice, Order, Subscription
from shop.money import dollars
from shop.policies import renewals as policy
from shop.policies.subscriptions import a_year_after
from shop.selectors import renewals as known
from shop.words import why_not_charged


def register_builders() -> None:
    """Register the builder of each kind."""
    kinds.register(MessageKind.RENEWAL_ANNOUNCED, announced)
    kinds.register(MessageKind.RENEWAL_REMINDED, reminded)
    kinds.register(MessageKind.RENEWAL_PAID, paid)
    kinds.register(MessageKind.RENEWAL_FAILED, failed)
    kinds.register(MessageKind.RENEWAL_LAPSED, lapsed)


def announced(context: Context) -> Mapping[str, object]:
    """Context: order (id)."""
    order = _order(context)
    return {
        **_shared(order),
        **_ways_out(order),
        "amount": dollars(order.total),
        "day": known.charged_on(order),
        "until": a_year_after(order.year_from or known.charged_on(order)),
        "has_card": known.card_of(order) is not None,
    }


def reminded(context: Context) -> Mapping[str, object]:
    """Context: order (id)."""
    return announced(context)


def paid(context: Context) -> Mapping[str, object]:
    """Context: order (id)."""
    order = _order(context)
    invoice = Invoice.objects.get(order=order, reverses__isnull=True)
    return {
        **_shared(order),
        "amount": dollars(order.total),
        "until": order.lines.get().terms.get().ends_on,
        "invoice": invoice.printed_number,
        "invoice_link": absolute(reverse("order_invoice", args=[order.number, invoice.pk])),
        "due_on": invoice.due_on,
    }


def failed(context: Context) -> Mapping[str, object]:
    """Context: order (id), why (code of the payment service, or that there is no card)."""
    order = _order(context)
    subscription = _subscription(order)
    return {
        **_shared(order),
        **_ways_out(order),
        "amount": dollars(order.total),
        "why": why_not_charged(str(context["why"])),
        "next_try": policy.next_try(subscription) if known.card_of(order) else None,
        "stops_on": policy.stops_on(subscription),
    }


def lapsed(context: Context) -> Mapping[str, object]:
    """Context: order (id)."""
    order = _order(context)
    core = _subscription(order).core
    return {**_shared(order), "link": absolute(reverse("device", args=[core.pk]))}


def _order(context: Context) -> Order:
    return Order.objects.get(pk=str(context["order"]))


def _subscription(order: Order) -> Subscription:
    return Subscription.objects.select_related("core").get(renewals=order)


def _shared(order: Order) -> dict[str, object]:
    serial = _subscription(order).core.serial
    return {"number": order.number, "serial": serial, "link": absolute(reverse("order", args=[order.number]))}


def _ways_out(order: Order) -> dict[str, object]:
    core = _subscription(order).core_id
    return {
        "cancel_link": absolute(reverse("device_cancel", args=[core])),
        "card_link": absolute(reverse("payment_method")),
    }
