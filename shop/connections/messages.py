from collections.abc import Mapping

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from fusus_portal.ground.notifications.addresses import absolute
from fusus_portal.ground.notifications.kinds import Context, MessageKind, PublicKind
from shop.catalogue.money import dollars
from shop.connections import policies, presenters, selectors
from shop.connections.models import Subscription
from shop.orders.messages import about_order, order_of, paper
from shop.orders.models.orders import Order
from shop.orders.policies import a_year_after
from shop.payments.cards import why_not_charged


class RenewalAnnouncedMessage(PublicKind, kind=MessageKind.RENEWAL_ANNOUNCED):
    purpose = _("Tells a business ahead of time what the next year of its CORE costs, when, and how to cancel.")
    subject = _("Order %(number)s: the next year of CORE %(serial)s")
    needs = "serial amount day until has_card how cancel_link card_link link"

    def build(self, context: Context) -> Mapping[str, object]:
        """Context: order (id)."""
        order = order_of(context)
        return {
            **_shared(order),
            **_ways_out(order),
            "amount": dollars(order.total),
            "day": selectors.charge_day_of(order),
            "until": a_year_after(order.year_from or selectors.charge_day_of(order)),
            "has_card": selectors.card_of_order(order) is not None,
            "how": presenters.card_payment_words(selectors.card_of_order(order)),
        }


class RenewalRemindedMessage(RenewalAnnouncedMessage, kind=MessageKind.RENEWAL_REMINDED):
    purpose = _("Tells a business once more, shortly before, what the next year of its CORE costs, and how to cancel.")
    subject = _("Order %(number)s: the next year of CORE %(serial)s begins soon")


class RenewalPaidMessage(PublicKind, kind=MessageKind.RENEWAL_PAID):
    purpose = _("Tells a business that the next year of its CORE is paid, with the invoice.")
    subject = _("Order %(number)s: another year of CORE %(serial)s")
    needs = "serial amount until invoice invoice_link due_on link"

    def build(self, context: Context) -> Mapping[str, object]:
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


class RenewalFailedMessage(PublicKind, kind=MessageKind.RENEWAL_FAILED):
    purpose = _("Tells a business why the next year of its CORE could not be charged, and how it can be paid.")
    subject = _("Order %(number)s: the year of CORE %(serial)s is not paid")
    needs = "serial amount why next_try stops_on cancel_link card_link link"

    def build(self, context: Context) -> Mapping[str, object]:
        """Context: order (id), why (code of the payment service, or that there is no card)."""
        order = order_of(context)
        subscription = _subscription(order)
        return {
            **_shared(order),
            **_ways_out(order),
            "amount": dollars(order.total),
            "why": why_not_charged(str(context["why"])),
            "next_try": policies.next_try(subscription) if selectors.card_of_order(order) else None,
            "stops_on": policies.stops_on(subscription),
        }


class RenewalLapsedMessage(PublicKind, kind=MessageKind.RENEWAL_LAPSED):
    purpose = _("Tells a business that its CORE was stopped because nobody paid its year, and how it works again.")
    subject = _("Order %(number)s: CORE %(serial)s has stopped")
    needs = "serial link"

    def build(self, context: Context) -> Mapping[str, object]:
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
