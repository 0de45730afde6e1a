from collections.abc import Iterable

from django.utils.translation import gettext as _

from fusus_portal.ground.pages import times
from fusus_portal.ground.pages.components import Cell, ListPage, Table, link, number
from registry.other_counties import selectors
from registry.other_counties.models import CountyAgency, OutreachLead, county_name
from registry.other_counties.states import LEAD, LeadState


def counties() -> ListPage:
    counts = selectors.counts()
    agencies = CountyAgency.objects.in_bulk([count.county_fips for count in counts], field_name="county_fips")
    columns = [
        *(_("County"), number(_("Leads")), number(_("Nobody has asked yet"))),
        *(number(_("New this week")), _("Agency")),
    ]
    rows = [
        [
            link(county_name(count.county_fips), "leads_of_county", count.county_fips),
            *(count.total, count.waiting, count.new),
            agencies[count.county_fips].name if count.county_fips in agencies else _("not in the table"),
        ]
        for count in counts
    ]
    return ListPage(
        _("Outreach to other counties"),
        Table(_("Counties with leads that are not closed"), columns, rows, says_caption=True),
        (_("No lead yet"), _("When somebody moves to another county and agrees, the county appears here.")),
        back=link(_("Administration"), "admin"),
        intro=_(
            "People who moved away agreed that the agency there be asked to join. Each Monday the platform's contact "
            "gets these numbers, and nobody's name."
        ),
    )


def lead_table(leads: Iterable[OutreachLead]) -> Table:
    columns = [_("Number"), _("State"), _("Opened"), _("Deleted at the latest"), _("May be written to")]
    return Table(_("Leads, the oldest first"), columns, [_lead(each) for each in leads], says_caption=True)


def _lead(lead: OutreachLead) -> list[object]:
    state = Cell(tags=[("quiet", lead.get_state_display())])
    days = [times.day(lead.opened_at), times.day(lead.delete_after)]
    return [link(lead.reference, "lead", lead.pk), state, *days, _("yes") if lead.names_somebody else _("no")]


def steps(lead: OutreachLead) -> list[tuple[str, str]]:
    return [(target, LEAD.label(target)) for target in LEAD.targets(lead.state) if target != LeadState.CLOSED]
