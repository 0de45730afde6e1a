from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from fusus_portal.ground.access.permissions import Permission
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.worklist.sources import Source, WorkItem
from registry.other_counties import selectors


def leads(_user: User) -> list[WorkItem]:
    number = selectors.waiting_leads()
    return [WorkItem(_("Outreach"), "warn", note(number), reverse("leads"), number=number)] if number else []


def note(number: int) -> str:
    return ngettext("One lead waits.", "%(number)d leads wait.", number) % {"number": number} if number else ""


SOURCES = (Source(name="leads", permission=Permission.ADMINISTER, find=leads),)
