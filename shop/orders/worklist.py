from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext_lazy

from fusus_portal.ground.access.permissions import Permission
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.worklist.sources import Source, Telling, WorkItem
from shop.orders.selectors import orders


def purchase_orders(_user: User) -> list[WorkItem]:
    """Return the purchase orders to decide, by number, so that no buyer is named."""
    text = _("Purchase order · %(number)s")
    return [
        WorkItem(
            _("To approve"),
            "warn",
            text % {"number": each.order.number},
            reverse("purchase_order", args=[each.pk]),
            about=each.subject,
        )
        for each in orders.purchase_orders_to_decide()
    ]


def certificates(_user: User) -> list[WorkItem]:
    text = _("Tax certificate for %(state)s")
    return [
        WorkItem(
            _("To approve"),
            "warn",
            text % {"state": each.state_code},
            reverse("exemption", args=[each.pk]),
            about=each.subject,
        )
        for each in orders.certificates_to_decide()
    ]


SOURCES = (
    Source(
        name="purchase_orders",
        permission=Permission.FULFILMENT,
        find=purchase_orders,
        telling=Telling(
            words=ngettext_lazy(
                "A purchase order waits for approval.", "%(number)d purchase orders wait for approval.", "number"
            ),
            waits=lambda: orders.purchase_orders_to_decide().exists(),
        ),
    ),
    Source(
        name="tax_certificates",
        permission=Permission.FULFILMENT,
        find=certificates,
        telling=Telling(
            words=ngettext_lazy(
                "A tax certificate waits for approval.", "%(number)d tax certificates wait for approval.", "number"
            ),
            waits=lambda: orders.certificates_to_decide().exists(),
        ),
    ),
)
