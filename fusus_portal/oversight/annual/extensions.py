from django.utils.translation import gettext as _, gettext_lazy

from fusus_portal.ground.agency import hooks as agency
from fusus_portal.ground.agency.hooks import Section
from fusus_portal.oversight.annual import selectors


def register() -> None:
    text = gettext_lazy("The report that ordinances on surveillance technology ask for each year.")
    agency.register_sections(Section("annual_years", gettext_lazy("Annual report"), text, 46, _due))


def _due() -> str:
    waiting = [year for year in selectors.reportable_years() if year not in selectors.newest_versions()]
    return _("The report of %(year)d is not released.") % {"year": waiting[0]} if waiting else ""
