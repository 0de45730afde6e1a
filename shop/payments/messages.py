"""Messages about payments and refunds. Each is built from ids when it is rendered: no link is stored."""

from collections.abc import Mapping

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from fusus_portal.ground.notifications.addresses import absolute
from fusus_portal.ground.notifications.kinds import Context, MessageKind, PublicKind
from shop.catalogue.money import dollars
from shop.orders.messages import about_order, order_of
from shop.orders.models.invoices import CreditNote
from shop.orders.presenters.orders import canceled_words, held_words
from shop.orders.states import OrderState
from shop.payments.models import PaymentMethod, Refund, RefundSource


class OrderRefundMessage(PublicKind, kind=MessageKind.ORDER_REFUND):
    purpose = _("Tells a business that money goes back, and why.")
    subject = _("We refund %(amount)s, order %(number)s")
    needs = "amount to_card source is_canceled note note_link money link"

    def build(self, context: Context) -> Mapping[str, object]:
        """Context: order, refund (ids)."""
        order, refund = order_of(context), Refund.objects.get(pk=str(context["refund"]))
        note = CreditNote.objects.filter(refund=refund).first()
        link = absolute(reverse("order_credit_note", args=[order.number, note.pk])) if note else ""
        # Of a further year nothing is ever left to send.
        is_late_year = order.renews_id is not None and refund.source == RefundSource.LATE
        return {
            **about_order(order),
            "amount": dollars(refund.cents),
            "to_card": refund.payment.method == PaymentMethod.CARD,
            "source": "" if is_late_year else refund.source,
            "is_canceled": order.state == OrderState.CANCELLED,
            "money": canceled_words(order) if refund.source == RefundSource.CANCELLATION else "",
            "note": note.printed_number if note else "",
            "note_link": link,
        }


class PaymentFailedMessage(PublicKind, kind=MessageKind.PAYMENT_FAILED):
    purpose = _("Tells a business that a payment did not go through, and how to try again.")
    subject = _("The payment for your order %(number)s did not go through")
    needs = "held is_year link"

    def build(self, context: Context) -> Mapping[str, object]:
        """Context: order (id)."""
        order = order_of(context)
        return {**about_order(order), "held": held_words(order), "is_year": order.renews_id is not None}
