from django.utils.translation import gettext_lazy

from fusus_portal.ground.agency import hooks as agency


def register() -> None:
    agency.register_sections(
        agency.Section(
            url_name="coverage",
            title=gettext_lazy("Coverage"),
            text=gettext_lazy("How far the registry reaches, how it grows, and what comes of requests."),
            group=agency.Group.REGISTRY,
            place=60,
            words=gettext_lazy("statistics, map, growth, ZIP codes"),
        )
    )
