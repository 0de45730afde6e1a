"""What incidents add to the apps below: their numbers in the log, and cards of the page Administration."""

from collections.abc import Iterable

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from audit import hooks
from audit.hooks import Meaning
from fusus_portal.ground.agency import sections
from fusus_portal.ground.agency.sections import Section
from registry.incidents.models.incidents import Incident
from registry.incidents.selectors import dispatch


def register() -> None:
    """Add them."""
    hooks.understand(incidents_numbered)
    hooks.name_by("incident", hooks.field(Incident.objects.all(), "number"))
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
    """Return the incident of this number."""
    found = Incident.objects.filter(number=text.upper())
    return [
        Meaning(
            _("Incident %(number)s") % {"number": each.number},
            incidents=(str(each.pk),),
            subjects=(("incident", str(each.pk)),),
        )
        for each in found
    ]


def _keys_that_wait() -> str:
    number = dispatch.waiting_keys()
    if not number:
        return ""
    return ngettext("%(number)d key waits for approval.", "%(number)d keys wait for approval.", number) % {
        "number": number
    }
