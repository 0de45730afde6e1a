from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext_lazy

from fusus_portal.ground.access.permissions import Permission
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.worklist.sources import Source, Telling, WorkItem
from shop.warranty import selectors


def to_decide(_user: User) -> list[WorkItem]:
    text = _("Warranty claim · %(number)s")
    return [
        WorkItem(
            _("To approve"),
            "warn",
            text % {"number": each.number},
            reverse("claim_case", args=[each.pk]),
            about=each.subject,
        )
        for each in selectors.to_decide()
    ]


SOURCES = (
    Source(
        name="claims_to_decide",
        permission=Permission.FULFILMENT,
        find=to_decide,
        telling=Telling(
            words=ngettext_lazy(
                "A warranty claim waits to be decided.", "%(number)d warranty claims wait to be decided.", "number"
            ),
            waits=lambda: selectors.to_decide().exists(),
        ),
    ),
)
