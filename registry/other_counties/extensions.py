from django.utils.translation import gettext_lazy

from fusus_portal.ground.agency import sections
from fusus_portal.ground.agency.sections import Section
from fusus_portal.ground.worklist import sources
from registry.other_counties import selectors, worklist


def register() -> None:
    sources.register(*worklist.SOURCES)
    sections.register(
        Section(
            url_name="county_agencies",
            title=gettext_lazy("Agencies by county"),
            text=gettext_lazy("Whom people are told to ask who move to another county."),
            place=60,
            label=gettext_lazy("See the agencies"),
        )
    )
    sections.register(
        Section(
            url_name="leads",
            title=gettext_lazy("Outreach to other counties"),
            text=gettext_lazy("People who moved away and agreed that the agency there be asked to join."),
            place=61,
            note=_leads,
            label=gettext_lazy("See the counties"),
        )
    )


def _leads() -> str:
    return worklist.note(selectors.waiting_leads())
