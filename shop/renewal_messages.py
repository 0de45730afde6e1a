"""What the messages about further years say."""

from collections.abc import Mapping
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _

from fusus_portal.notifications import kinds
from fusus_portal.notifications.addresses import absolute
from fusus_portal.notifications.kinds import Context, MessageKind
from shop.models import Invoice, Order, Subscription
from shop.money import dollars
from shop.policies import renewals as policy
from shop.policies.subscriptions import a_year_after
from shop.selectors import renewals as known
from shop.services.renewing import NO_CARD

ASKS = ("authentication_required", "authentication_not_handled", "payment_intent_authentication_failure")
"""Codes by which the bank wants its customer, who was not there."""

EXPIRED = ("expired_card", "resource_missing", "payment_method_unexpected_state")
EMPTY = ("insufficient_funds", "withdrawal_count_limit_exceeded", "card_velocity_exceeded")


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
    begin = order.year_from or date.today()  # noqa: DTZ011  (a further year always has its first day)
    return {
        **_shared(order),
        **_ways_out(order),
        "amount": dollars(order.total),
        "day": known.charged_on(order),
        "until": a_year_after(begin),
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
        "why": why_words(str(context["why"])),
        "next_try": policy.next_try(subscription) if known.card_of(order) else None,
        "stops_on": policy.stops_on(subscription),
    }


def lapsed(context: Context) -> Mapping[str, object]:
    """Context: order (id)."""
    order = _order(context)
    core = _subscription(order).core
    return {**_shared(order), "link": absolute(reverse("device", args=[core.pk]))}


def why_words(code: str) -> str:
    """Return why a charge did not go through, in plain words."""
    if code == NO_CARD:
        return _("There is no card on file.")
    if code in ASKS:
        return _("Your bank wants you to confirm the payment yourself.")
    if code in EXPIRED:
        return _("The card that you left is not valid any more.")
    if code in EMPTY:
        return _("Your bank says that there is not enough money on the account of the card.")
    return _("Your bank declined the card.")


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
