from datetime import timedelta

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext_lazy

from fusus_portal.ground.access.permissions import Permission
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.worklist.sources import Source, Telling, WorkItem
from registry.joins import selectors

TOLD_BEFORE = timedelta(hours=1)


def asked(user: User) -> list[WorkItem]:
    return [
        WorkItem(
            _("Asks to join"),
            "warn",
            f"{each.number} · {each.asked_by.name}",
            f"{reverse('incident', args=[each.incident_id])}#joins",
            due=each.ends_at,
            at_due=_("ends in %(time)s"),
            about=each.subject,
            of=each.incident,
        )
        for each in selectors.to_answer(user)
    ]


def joined(user: User) -> list[WorkItem]:
    return [
        WorkItem(_("You joined"), "good", each.number, reverse("incident", args=[each.incident_id]), of=each.incident)
        for each in selectors.own_admitted(user)
    ]


SOURCES = (
    Source(
        name="joins_to_answer",
        permission=Permission.OPEN_INCIDENT,
        find=asked,
        telling=Telling(
            words=ngettext_lazy(
                "Somebody asks to join an incident of yours.",
                "%(number)d people ask to join incidents of yours.",
                "number",
            ),
            waits=lambda: selectors.waiting().exists(),
            before=TOLD_BEFORE,
        ),
    ),
    Source(name="joins_admitted", permission=Permission.OPEN_INCIDENT, find=joined),
)
