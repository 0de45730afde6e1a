from django.urls import reverse
from django.utils.translation import gettext as _, gettext_lazy, ngettext

from fusus_portal.ground.access.permissions import Permission
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.agency import hooks as agency
from fusus_portal.ground.pages import times
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
            note=lambda: waiting_sentence(selectors.waiting_leads().count()),
        ),
    )


def leads_to_contact(_user: User) -> list[sources.WorkItem]:
    waiting = selectors.waiting_leads()
    first = waiting.first()
    if first is None:
        return []
    number, about = waiting.count(), f"{first.reference} · {first.county_name}"
    return [
        sources.WorkItem(
            _("Outreach"),
            "warn",
            waiting_sentence(number),
            reverse("leads"),
            number=number,
            where=times.oldest(about, first.opened_at, number),
            act=sources.link_act(_("Open it"), reverse("lead", args=[first.pk]), first.reference),
        )
    ]


def waiting_sentence(number: int) -> str:
    return ngettext("One lead waits.", "%(number)d leads wait.", number) % {"number": number} if number else ""


SOURCES = (sources.Source(name="leads", permission=Permission.ADMINISTER, find=leads_to_contact),)
