from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from fusus_portal.ground.notifications.kinds import AgencyKind, Context, MessageKind
from registry.other_counties import selectors
from registry.other_counties.models import county_name


class OutreachReportMessage(AgencyKind, kind=MessageKind.OUTREACH_REPORT):
    purpose = _(
        "Tells the platform's contact every week how many people asked for a registry in each county. Names nobody."
    )
    subject = _("Other counties where people asked for a registry, %(short_name)s, report %(number)s")
    needs = "counties total"

    def build(self, context: Context) -> Mapping[str, object]:
        """Context: empty. Counts leads when the mail is sent; reads nobody's name."""
        counts = selectors.counts()
        return {
            "counties": [
                {"name": county_name(count.county_fips), "total": count.total, "new": count.new} for count in counts
            ],
            "total": sum(count.total for count in counts),
        }
