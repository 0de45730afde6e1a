from django.utils.translation import gettext_lazy

from fusus_portal.ground.agency import sections
from fusus_portal.ground.agency.sections import Section


def register() -> None:
    sections.register(
        Section(
            url_name="shop_limits",
            title=gettext_lazy("Limits of the shop"),
            text=gettext_lazy("How much one order holds, and how much one person gives back alone."),
            place=73,
            label=gettext_lazy("See the limits"),
        )
    )
