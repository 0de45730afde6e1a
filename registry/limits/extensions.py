from django.utils.translation import gettext_lazy

from fusus_portal.ground.agency import sections
from fusus_portal.ground.agency.sections import Section


def register() -> None:
    sections.register(
        Section(
            url_name="limits",
            title=gettext_lazy("Limits"),
            text=gettext_lazy("How much a request may ask for, and how it is followed up."),
            place=50,
        )
    )
