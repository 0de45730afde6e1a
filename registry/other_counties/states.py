from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from audit.log.events import Event
from fusus_portal.ground.access.permissions import Permission
from fusus_portal.ground.lifecycle import Lifecycle, Other, Rule


class LeadState(TextChoices):
    OPEN = "open", _("Open")
    CONTACTED = "contacted", _("Agency contacted")
    ANSWERED = "answered", _("Agency answered")
    JOINED = "joined", _("Agency joined")
    DECLINED = "declined", _("Agency declined")
    CLOSED = "closed", _("Closed")


_LEAD_ENDS = Rule(Event.LEAD_CLOSED, Permission.ADMINISTER, Permission.OWN_REGISTRATION, Other.TASK)
"""An administrator closes the lead, its person withdraws it, or its 90 days are over."""

LEAD = Lifecycle(
    name="outreach lead",
    states=LeadState,
    start=[LeadState.OPEN],
    transitions={
        (LeadState.OPEN, LeadState.CONTACTED): Rule(Event.LEAD_CONTACTED, Permission.ADMINISTER),
        (LeadState.CONTACTED, LeadState.ANSWERED): Rule(Event.LEAD_ANSWERED, Permission.ADMINISTER),
        (LeadState.CONTACTED, LeadState.JOINED): Rule(Event.LEAD_JOINED, Permission.ADMINISTER),
        (LeadState.CONTACTED, LeadState.DECLINED): Rule(Event.LEAD_DECLINED, Permission.ADMINISTER),
        (LeadState.ANSWERED, LeadState.JOINED): Rule(Event.LEAD_JOINED, Permission.ADMINISTER),
        (LeadState.ANSWERED, LeadState.DECLINED): Rule(Event.LEAD_DECLINED, Permission.ADMINISTER),
        **{(state, LeadState.CLOSED): _LEAD_ENDS for state in LeadState if state != LeadState.CLOSED},
    },
)
