from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, ngettext_lazy

from fusus_portal.ground.access.permissions import Permission
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.worklist.sources import Source, Telling, WorkItem
from shop.returns.selectors import returns
from shop.returns.states import ReturnState


def to_check(_user: User) -> list[WorkItem]:
    text = _("Return · %(number)s")
    return [
        WorkItem(
            _("To check"),
            "warn",
            text % {"number": each.number},
            reverse("return_case", args=[each.pk]),
            about=each.subject,
        )
        for each in returns.board(state=ReturnState.REQUESTED, text="")
    ]


def here(_user: User) -> list[WorkItem]:
    counts = returns.counts()
    number = counts.get(ReturnState.RECEIVED, 0) + counts.get(ReturnState.INSPECTED, 0)
    if not number:
        return []
    text = ngettext("%(number)d CORE that came back", "%(number)d COREs that came back", number) % {"number": number}
    return [WorkItem(_("To inspect"), "warn", text, reverse("returns_board"), number=number)]


SOURCES = (
    Source(
        name="returns_to_check",
        permission=Permission.FULFILMENT,
        find=to_check,
        telling=Telling(
            words=ngettext_lazy("A return waits to be checked.", "%(number)d returns wait to be checked.", "number"),
            waits=lambda: returns.board(state=ReturnState.REQUESTED, text="").exists(),
        ),
    ),
    Source(name="returns_here", permission=Permission.FULFILMENT, find=here),
)
