from django.utils.translation import gettext_lazy

from fusus_portal.ground.agency import hooks as agency


def register() -> None:
    agency.register_sections(
        agency.Section(
            url_name="limits",
            title=gettext_lazy("Limits"),
            text=gettext_lazy("How much a request may ask for, and how it is followed up."),
            group=agency.Group.REQUESTS,
            place=50,
            words=gettext_lazy("reminders, owners, radius, days, approval"),
        )
    )
