"""Messages about payments and refunds. Each is built from ids when it is rendered: no link is stored."""

from collections.abc import Mapping

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from fusus_portal.ground.notifications.addresses import absolute
from fusus_portal.ground.notifications.kinds import Context, MessageKind, PublicKind, Sentence
from shop.catalogue.money import dollars
from shop.orders.hooks import year_pages
from shop.orders.messages import about_order, order_of
from shop.orders.models.invoices import CreditLine, CreditNote
from shop.orders.models.orders import Order
from shop.orders.presenters.money import due_words, to_buyer
from shop.orders.presenters.orders import canceled_words, held_words, less_words
from shop.orders.selectors.money import done_split
from shop.orders.states import OrderState
from shop.payments.models import PaymentMethod, Refund, RefundLine, RefundSource
from shop.payments.selectors import dropped_by

GIVEN = (RefundSource.STAFF, RefundSource.RETURN, RefundSource.FEE)
"""Sources of refunds of a part of an order: the mail says for what."""


class OrderRefundMessage(PublicKind, kind=MessageKind.ORDER_REFUND):
    purpose = _("Tells a business that money goes back, or comes off an invoice, and why.")
    subject = _("We refund %(amount)s, order %(number)s")
    subject_off = _("%(amount)s comes off your invoice, order %(number)s")
    needs = "is_off amount to_card check source is_canceled note note_link money lines reason ended due link"

    def subject_of(self, variables: Mapping[str, object]) -> Sentence:
        return self.subject_off if variables["is_off"] else self.subject

    def build(self, context: Context) -> Mapping[str, object]:
        """Context: order (id), and refund or note (ids). note: a credit note by a clerk, of unpaid cents.

        less: pieces that then don't ship any more, by line (id), as "id:number id:number".
        """
        order = order_of(context)
        if "note" in context:
            less = dict(part.split(":") for part in str(context.get("less", "")).split())
            return _off_invoice(order, CreditNote.objects.get(pk=str(context["note"])), less)
        refund = Refund.objects.get(pk=str(context["refund"]))
        note = CreditNote.objects.filter(refund=refund).first()
        parts, is_given = refund.lines.select_related("line").order_by("line__position"), refund.source in GIVEN
        dropped, is_ended = dropped_by(refund), refund.source in (RefundSource.RETURN, RefundSource.FEE)
        # Of a further year nothing is ever left to send.
        is_late_year = order.renews_id is not None and refund.source == RefundSource.LATE
        return {
            **about_order(order),
            **_paper(order, note),
            "is_off": False,
            "amount": dollars(refund.cents),
            "to_card": refund.payment.method == PaymentMethod.CARD,
            "source": "" if is_late_year else refund.source,
            "is_canceled": order.state == OrderState.CANCELLED,
            "money": canceled_words(order) if refund.source == RefundSource.CANCELLATION else "",
            "lines": [_line(part, dropped.get(part.line_id, 0)) for part in parts if is_given],
            "reason": refund.why if is_given else "",
            "check": refund.check_number,
            "ended": year_pages.answer.ended_words(order, refund.requested_at) if is_ended or dropped else "",
            "due": "",
        }


def _off_invoice(order: Order, note: CreditNote, less: Mapping[str, str]) -> Mapping[str, object]:
    """Return the variables of a mail about a credit note of unpaid cents: how much, for what, and what is still due.

    less: by line id how many pieces don't ship any more.
    """
    lines = note.lines.select_related("line").order_by("line__position")
    return {
        **about_order(order),
        **_paper(order, note),
        "is_off": True,
        "amount": dollars(note.total),
        "to_card": False,
        "source": "",
        "is_canceled": False,
        "money": to_buyer(done_split(order, off=note.total, back=0)),
        "lines": [_line(part, int(less.get(str(part.line_id), 0))) for part in lines],
        "reason": note.reason,
        "check": "",
        "ended": year_pages.answer.ended_words(order, note.issued_at) if note.clerk_id is None or less else "",
        "due": due_words(order),
    }


def _line(part: CreditLine | RefundLine, less: int) -> str:
    words = f"{part.line.local_name}: {dollars(part.cents)}"
    return f"{words}. {less_words(part.line, less)}" if less else words


def _paper(order: Order, note: CreditNote | None) -> Mapping[str, str]:
    if note is None:
        return {"note": "", "note_link": ""}
    link = absolute(reverse("order_credit_note", args=[order.number, note.pk]))
    return {"note": note.printed_number, "note_link": link}


class PaymentFailedMessage(PublicKind, kind=MessageKind.PAYMENT_FAILED):
    purpose = _("Tells a business that a payment did not go through, and how to try again.")
    subject = _("The payment for your order %(number)s did not go through")
    needs = "held is_year link"

    def build(self, context: Context) -> Mapping[str, object]:
        """Context: order (id)."""
        order = order_of(context)
        return {**about_order(order), "held": held_words(order), "is_year": order.renews_id is not None}
