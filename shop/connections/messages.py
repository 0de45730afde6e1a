from collections.abc import Mapping

from django.urls import reverse

from fusus_portal.ground.notifications.addresses import absolute
from fusus_portal.ground.notifications.kinds import Context
from shop.catalogue.money import dollars
from shop.connections import policies
from shop.connections.models import Subscription
from shop.connections.policies import a_year_after
from shop.connections.presenters.renewals import by_card
from shop.connections.selectors import kept_cards, renewals
from shop.orders.messages import about_order, order_of, paper
from shop.orders.models.orders import Order
from shop.payments.declines import why_not_charged


def announced(context: Context) -> Mapping[str, object]:
    """Context: order (id)."""
    order = order_of(context)
    return {
        **_shared(order),
        **_ways_out(order),
        "amount": dollars(order.total),
        "day": renewals.charged_on(order),
        "until": a_year_after(order.year_from or renewals.charged_on(order)),
        "has_card": kept_cards.card_of(order) is not None,
        "how": by_card(kept_cards.card_of(order)),
    }


def paid(context: Context) -> Mapping[str, object]:
    """Context: order (id)."""
    order = order_of(context)
    invoice = order.invoices.get(reverses__isnull=True)
    return {
        **_shared(order),
        **paper(invoice),
        "amount": dollars(order.total),
        "until": order.lines.get().terms.get().ends_on,
        "due_on": invoice.due_on,
    }


def failed(context: Context) -> Mapping[str, object]:
    """Context: order (id), why (code of the payment service, or that there is no card)."""
    order = order_of(context)
    subscription = _subscription(order)
    return {
        **_shared(order),
        **_ways_out(order),
        "amount": dollars(order.total),
        "why": why_not_charged(str(context["why"])),
        "next_try": policies.next_try(subscription) if kept_cards.card_of(order) else None,
        "stops_on": policies.stops_on(subscription),
    }


def lapsed(context: Context) -> Mapping[str, object]:
    """Context: order (id)."""
    order = order_of(context)
    core = _subscription(order).core
    return {**_shared(order), "link": absolute(reverse("device", args=[core.pk]))}


def _subscription(order: Order) -> Subscription:
    return Subscription.objects.select_related("core").get(renewals=order)


def _shared(order: Order) -> dict[str, object]:
    return {**about_order(order), "serial": _subscription(order).core.serial}


def _ways_out(order: Order) -> dict[str, object]:
    core = _subscription(order).core_id
    return {
        "cancel_link": absolute(reverse("device_cancel", args=[core])),
        "card_link": absolute(reverse("payment_method")),
    }
