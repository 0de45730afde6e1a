from collections.abc import Mapping

from fusus_portal.ground.notifications.kinds import Context
from shop.books.models import ReminderStep
from shop.catalogue.money import dollars
from shop.orders.messages import about_order, order_of, paper
from shop.orders.models.invoices import Invoice


def invoice_due(context: Context) -> Mapping[str, object]:
    """Context: order, invoice (ids), cents (unpaid), step (of `ReminderStep`)."""
    order = order_of(context)
    invoice = Invoice.objects.get(pk=str(context["invoice"]))
    return {
        **about_order(order),
        **paper(invoice),
        "amount": dollars(int(context["cents"])),
        "due_on": invoice.due_on,
        "is_late": context["step"] != ReminderStep.SOON,
    }
