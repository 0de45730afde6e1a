from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fusus_portal.ground.agency import hooks as agency
from fusus_portal.ground.agency.hooks import Section
from fusus_portal.ground.worklist import sources
from fusus_portal.oversight.review import worklist
from fusus_portal.oversight.review.selectors import weeks


def register() -> None:
    sources.register(*worklist.SOURCES)
    agency.register_sections(
        Section(
            url_name="review_addresses",
            title=gettext_lazy("Overdue reviews"),
            text=gettext_lazy("Who hears when nobody signed the weekly review in time. Each change takes two of you."),
            place=45,
            note=_note,
        )
    )


def _note() -> str:
    return "" if weeks.address_in_use() else _("No address is set: administrators hear of it.")
