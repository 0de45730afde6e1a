from datetime import timedelta

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, ngettext_lazy

from fusus_portal.ground.access.permissions import Permission
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.worklist.sources import Source, Telling, WorkItem
from registry.imports import selectors
from registry.rules import EXPORT_WAITS

TOLD_BEFORE = timedelta(hours=3)


def copies(user: User) -> list[WorkItem]:
    return [
        WorkItem(
            _("To approve"),
            "warn",
            _("A copy of the whole registry"),
            reverse("registry_exports"),
            due=each.proposed_at + EXPORT_WAITS,
            at_due=_("ends in %(time)s"),
            about=each.subject,
        )
        for each in selectors.proposed_exports().exclude(proposed_by=user)
    ]


def stopped(_user: User) -> list[WorkItem]:
    number = selectors.stopped_imports()
    if not number:
        return []
    text = ngettext("%(number)d import was stopped by a fault.", "%(number)d imports were stopped by a fault.", number)
    return [WorkItem(_("Import"), "warn", text % {"number": number}, reverse("import_list"), number=number)]


SOURCES = (
    Source(
        name="registry_copies",
        permission=Permission.ADMINISTER,
        find=copies,
        telling=Telling(
            words=ngettext_lazy(
                "A copy of the whole registry waits for a second administrator.",
                "%(number)d copies of the whole registry wait for a second administrator.",
                "number",
            ),
            waits=lambda: selectors.proposed_exports().exists(),
            before=TOLD_BEFORE,
        ),
    ),
    Source(name="imports_stopped", permission=Permission.ADMINISTER, find=stopped),
)
