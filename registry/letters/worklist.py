from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from fusus_portal.ground.access.permissions import Permission
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.worklist.sources import Source, WorkItem
from registry.letters import selectors


def to_print(_user: User) -> list[WorkItem]:
    number = selectors.unopened().count()
    if not number:
        return []
    text = ngettext("%(number)d batch of letters", "%(number)d batches of letters", number) % {"number": number}
    return [WorkItem(_("Print"), "warn", text, reverse("letter_batches"), number=number)]


SOURCES = (Source(name="letters_to_print", permission=Permission.SEND_LETTERS, find=to_print),)
