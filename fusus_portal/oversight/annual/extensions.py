from django.utils.translation import gettext as _, gettext_lazy

from fusus_portal.ground.agency import hooks as agency
from fusus_portal.ground.agency.hooks import Group, Section
from fusus_portal.oversight.annual import selectors


def register() -> None:
    text = gettext_lazy("The report that ordinances on surveillance technology ask for each year.")
    words = gettext_lazy("ordinance, council, year")
    title = gettext_lazy("Annual report")
    agency.register_sections(Section("annual_years", title, text, Group.REPORTS, 46, _due, words))


def _due() -> str:
    waiting = [year for year in selectors.reportable_years() if year not in selectors.newest_versions()]
    return _("The report of %(year)d is not released.") % {"year": waiting[0]} if waiting else ""
