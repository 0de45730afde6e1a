from django.utils.translation import gettext_lazy

from fusus_portal.ground.agency import sections
from fusus_portal.ground.agency.sections import Section


def register() -> None:
    sections.register(
        Section(
            url_name="coverage",
            title=gettext_lazy("Coverage"),
            text=gettext_lazy("How far the registry reaches, how it grows, and what comes of requests."),
            place=60,
            label=gettext_lazy("See the numbers"),
        )
    )
