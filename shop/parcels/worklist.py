from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from fusus_portal.ground.access.permissions import Permission
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.worklist.sources import Source, WorkItem
from shop.parcels import policies, selectors


def to_send(_user: User) -> list[WorkItem]:
    orders = selectors.to_send()
    if not orders:
        return []
    number = len(orders)
    text = ngettext("%(number)d order to send", "%(number)d orders to send", number) % {"number": number}
    due = min((policies.must_be_sent_by(each) for each in orders), default=None)
    url, at_due = reverse("fulfilment"), _("due in %(time)s")
    return [WorkItem(_("To send"), "warn", text, url, due=due, at_due=at_due, number=number)]


SOURCES = (Source(name="orders_to_send", permission=Permission.FULFILMENT, find=to_send),)
