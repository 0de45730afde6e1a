"""Hooks of incidents: finder, numbers in the log, cards of the page Administration."""

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from audit import hooks
from audit.hooks import Meaning
from fusus_portal.ground.access.permissions import Permission
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.agency import sections
from fusus_portal.ground.agency.sections import Section
from fusus_portal.ground.lookup.finders import Finder, Found, finders
from fusus_portal.ground.lookup.typed import Typed
from fusus_portal.ground.worklist import sources
from registry.incidents import worklist
from registry.incidents.models.incidents import Incident
from registry.incidents.policies import incidents as incident_policies
from registry.incidents.presenters import marks
from registry.incidents.selectors import dispatch
from registry.incidents.selectors import incidents as incident_selectors


def register() -> None:
    sources.register(*worklist.SOURCES)
    hooks.understand(incidents_numbered)
    hooks.name_by("incident", hooks.field(Incident.objects.all(), "number"))
    finders.register(FINDER)
    sections.register(
        Section(
            url_name="incident_types",
            title=gettext_lazy("Crimes and emergencies"),
            text=gettext_lazy("What footage may be asked for, and how incident numbers are written."),
            place=40,
            label=gettext_lazy("See types and numbers"),
        )
    )
    sections.register(
        Section(
            url_name="dispatch_keys",
            title=gettext_lazy("Dispatch"),
            text=gettext_lazy("The keys of the dispatch system, whose incidents count as verified."),
            place=50,
            note=_keys_that_wait,
            label=gettext_lazy("See keys and deliveries"),
        )
    )


def incidents_numbered(text: str) -> Iterable[Meaning]:
    found = Incident.objects.filter(number=text.upper())
    return [
        Meaning(
            _("Incident %(number)s") % {"number": each.number},
            incidents=(str(each.pk),),
            subjects=(("incident", str(each.pk)),),
        )
        for each in found
    ]


def incidents_found(by: User, typed: Typed) -> Iterable[Found]:
    rows = list(incident_selectors.visible_to(by).filter(number__in=incident_policies.numbers_meant(typed)))
    found = marks.of_incidents(rows, by)
    return [
        Found(
            each.number,
            reverse("incident", args=[each.pk]),
            note=" ".join(mark.text for mark in found[each.pk]),
            page_says_it=True,
        )
        for each in rows
    ]


def numbers_found(typed: Typed) -> Iterable[str]:
    rows = Incident.objects.filter(number__in=incident_policies.numbers_meant(typed))
    return rows.values_list("number", flat=True)


FINDER = Finder(
    name="incidents",
    kind=gettext_lazy("Incident"),
    permission=Permission.OPEN_INCIDENT,
    example=incident_policies.example,
    find=incidents_found,
    logged=numbers_found,
)


def _keys_that_wait() -> str:
    number = dispatch.proposed_keys().count()
    if not number:
        return ""
    return ngettext("%(number)d key waits for approval.", "%(number)d keys wait for approval.", number) % {
        "number": number
    }
