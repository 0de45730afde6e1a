from django.utils import timezone
from django.utils.translation import gettext as _, gettext_lazy

from fusus_portal.ground.agency import hooks as agency
from fusus_portal.ground.agency.hooks import Group, Section
from fusus_portal.oversight.figures import selectors
from fusus_portal.oversight.figures.policies import last_of_quarter_before


def register() -> None:
    text = gettext_lazy("Review and release what the public reads of the log, each quarter.")
    words = gettext_lazy("transparency, statistics, quarter")
    title = gettext_lazy("Public figures")
    agency.register_sections(Section("figures", title, text, Group.REPORTS, 45, _due, words))


def _due() -> str:
    if selectors.is_review_due(last_of_quarter_before(timezone.localdate())):
        return _("The review of the last quarter is due.")
    return ""
