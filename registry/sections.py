"""The registry's cards on the page "Administration"."""

from django.utils.translation import gettext_lazy as _

from fusus_portal.agency import sections
from fusus_portal.agency.sections import Section


def register() -> None:
    """Add them."""
    sections.register(
        Section(
            url_name="incident_types",
            title=_("Crimes and emergencies"),
            text=_("What footage may be asked for, and how incident numbers are written."),
            place=40,
            label=_("See types and numbers"),
        ),
    )
