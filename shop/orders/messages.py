"""Messages about an order. Each is built from ids when it is rendered: no link is stored."""

from collections.abc import Mapping

from django.urls import reverse
from django.utils.translation import gettext as _now, gettext_lazy as _

from fusus_portal.ground.notifications.addresses import absolute
from fusus_portal.ground.notifications.kinds import Context, MessageKind, PublicKind
from shop.catalogue.money import dollars
from shop.orders.hooks import year_pages
from shop.orders.models.invoices import Invoice
from shop.orders.models.orders import Order
from shop.orders.policies import has_goods, services_of
from shop.orders.presenters.money import due_words
from shop.orders.presenters.orders import canceled_words
from shop.orders.states import WAITING


class OrderConfirmedMessage(PublicKind, kind=MessageKind.ORDER_CONFIRMED):
    purpose = _("Confirms an order, with what it costs and what was agreed to.")
    subject = _("Your order %(number)s is confirmed")
    needs = "has_goods lines total invoice invoice_link due_on consent card link"
    urgent = True

    def build(self, context: Context) -> Mapping[str, object]:
        """Context: order (id)."""
        order = order_of(context)
        invoice = Invoice.objects.get(order=order, reverses__isnull=True)
        return {
            **about_order(order),
            "has_goods": has_goods(order.lines.all()),
            "lines": [
                f"{line.quantity} x {line.local_name}: {dollars(line.net)}" for line in order.lines.order_by("position")
            ],
            "total": dollars(order.total),
            **paper(invoice),
            "due_on": invoice.due_on,
            "consent": order.consent,
            "card": card_words(order),
        }


class OrderRefusedMessage(PublicKind, kind=MessageKind.ORDER_REFUSED):
    purpose = _("Tells a business why its purchase order was declined.")
    subject = _("Your purchase order was declined, order %(number)s")
    needs = "reason money again link"

    def build(self, context: Context) -> Mapping[str, object]:
        """Context: order (id). A further year is announced again with a new order: the mail links to the new one."""
        order = order_of(context)
        again = order.renews.renewals.filter(state__in=WAITING).first() if order.renews is not None else None
        return {
            **about_order(again or order),
            "number": order.number,
            "reason": order.purchase_order.reason,
            "money": canceled_words(order),
            "again": again is not None,
        }


class OrderCanceledMessage(PublicKind, kind=MessageKind.ORDER_CANCELED):
    purpose = _("Tells a business that an order is canceled for which no money goes back, and what it owes.")
    subject = _("Your order %(number)s is canceled")
    needs = "has_goods money link"

    def build(self, context: Context) -> Mapping[str, object]:
        """Context: order (id)."""
        order = order_of(context)
        goods = has_goods(order.lines.all())
        return {**about_order(order), "has_goods": goods, "money": canceled_words(order)}


class OrderDoneMessage(PublicKind, kind=MessageKind.ORDER_DONE):
    purpose = _("Tells a business that the services it ordered are done.")
    subject = _("Your order %(number)s is done")
    needs = "due lines link"

    def build(self, context: Context) -> Mapping[str, object]:
        """Context: order (id)."""
        order = order_of(context)
        lines = [f"{number} x {line.local_name}" for line, number in services_of(order)]
        return {**about_order(order), "due": due_words(order), "lines": lines}


def card_words(order: Order) -> str:
    pays = year_pages.answer.pays_words(order)
    return _now("Your card is kept. %(pays)s") % {"pays": pays} if pays else ""


def paper(invoice: Invoice) -> Mapping[str, str]:
    link = absolute(reverse("order_invoice", args=[invoice.order.number, invoice.pk]))
    return {"invoice": invoice.printed_number, "invoice_link": link}


def order_of(context: Context) -> Order:
    return Order.objects.get(pk=str(context["order"]))


def about_order(order: Order) -> Mapping[str, object]:
    return {"number": order.number, "link": absolute(reverse("order", args=[order.number]))}
