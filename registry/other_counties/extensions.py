from django.urls import reverse
from django.utils.translation import gettext as _, gettext_lazy, ngettext

from fusus_portal.ground.access.permissions import Permission
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.agency import hooks as agency
from fusus_portal.ground.worklist import sources
from registry.other_counties import selectors


def register() -> None:
    sources.register(*SOURCES)
    agency.register_sections(
        agency.Section(
            url_name="county_agencies",
            title=gettext_lazy("Agencies by county"),
            text=gettext_lazy("Whom people are told to ask who move to another county."),
            group=agency.Group.PLACES,
            place=60,
            words=gettext_lazy("sheriffs, other counties, moving"),
        ),
        agency.Section(
            url_name="leads",
            title=gettext_lazy("Outreach to other counties"),
            text=gettext_lazy("People who moved away and agreed that the agency there be asked to join."),
            group=agency.Group.PLACES,
            place=61,
            words=gettext_lazy("leads, people who moved"),
            note=lambda: waiting_sentence(selectors.waiting_leads()),
        ),
    )


def leads_to_contact(_user: User) -> list[sources.WorkItem]:
    number = selectors.waiting_leads()
    text = waiting_sentence(number)
    return [sources.WorkItem(_("Outreach"), "warn", text, reverse("leads"), number=number)] if text else []


def waiting_sentence(number: int) -> str:
    return ngettext("One lead waits.", "%(number)d leads wait.", number) % {"number": number} if number else ""


SOURCES = (sources.Source(name="leads", permission=Permission.ADMINISTER, find=leads_to_contact),)
