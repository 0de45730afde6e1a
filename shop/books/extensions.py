from django.urls import reverse
from django.utils.translation import gettext as _, ngettext_lazy

from fusus_portal.ground.access.permissions import Permission
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.worklist import sources
from shop.books import selectors


def register() -> None:
    sources.register(SOURCE)


def tasks_to_look_into(_user: User) -> list[sources.WorkItem]:
    return [
        sources.WorkItem(
            _("To look into"),
            "warn",
            each.get_kind_display(),
            reverse("differences"),
            about=each.subject,
            act=sources.link_act(_("Settle"), reverse("difference", args=[each.pk]), each.get_kind_display()),
        )
        for each in selectors.open_tasks()
    ]


SOURCE = sources.Source(
    name="shop_tasks",
    permission=Permission.FULFILMENT,
    find=tasks_to_look_into,
    telling=sources.Telling(
        words=ngettext_lazy(
            "Something about a payment waits for somebody to look into it.",
            "%(number)d things about payments wait for somebody to look into them.",
            "number",
        ),
        waits=lambda: selectors.open_tasks().exists(),
    ),
)
