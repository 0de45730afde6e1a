from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from fusus_portal.ground.notifications.kinds import Context, MessageKind, PublicKind, Sentence
from shop.books.models import ReminderStep
from shop.catalogue.money import dollars
from shop.orders.messages import about_order, order_of, paper
from shop.orders.models.invoices import Invoice


class InvoiceDueMessage(PublicKind, kind=MessageKind.INVOICE_DUE):
    purpose = _("Reminds a business of an invoice on account: once before its day, and three times after it.")
    subject = _("Order %(number)s: invoice %(invoice)s is due soon")
    late = _("Order %(number)s: invoice %(invoice)s is not paid yet")
    needs = "invoice invoice_link amount due_on is_late link"

    def subject_of(self, variables: Mapping[str, object]) -> Sentence:
        return self.late if variables["is_late"] else self.subject

    def build(self, context: Context) -> Mapping[str, object]:
        """Context: order, invoice (ids), cents (not paid yet), step (value of ReminderStep)."""
        order = order_of(context)
        invoice = Invoice.objects.get(pk=str(context["invoice"]))
        return {
            **about_order(order),
            **paper(invoice),
            "amount": dollars(int(context["cents"])),
            "due_on": invoice.due_on,
            "is_late": context["step"] != ReminderStep.SOON,
        }
