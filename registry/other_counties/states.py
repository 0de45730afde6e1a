"""The lifecycle of an outreach lead."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from audit.log.events import Event
from fusus_portal.ground.lifecycle import Lifecycle, Rule
from registry.rules import ADMINISTRATOR, LEAVING, TASK


class LeadState(TextChoices):
    """How far the agency of another county has been asked to join."""

    OPEN = "open", _("Open")
    CONTACTED = "contacted", _("Agency contacted")
    ANSWERED = "answered", _("Agency answered")
    JOINED = "joined", _("Agency joined")
    DECLINED = "declined", _("Agency declined")
    CLOSED = "closed", _("Closed")


_LEAD_ENDS = Rule(who=[*ADMINISTRATOR, *LEAVING, *TASK], event=Event.LEAD_CLOSED)
"""An administrator is done with it, the person takes it back, or its 90 days are over."""

LEAD = Lifecycle(
    name="outreach lead",
    states=LeadState,
    start=[LeadState.OPEN],
    transitions={
        (LeadState.OPEN, LeadState.CONTACTED): Rule(who=ADMINISTRATOR, event=Event.LEAD_CONTACTED),
        (LeadState.CONTACTED, LeadState.ANSWERED): Rule(who=ADMINISTRATOR, event=Event.LEAD_ANSWERED),
        (LeadState.CONTACTED, LeadState.JOINED): Rule(who=ADMINISTRATOR, event=Event.LEAD_JOINED),
        (LeadState.CONTACTED, LeadState.DECLINED): Rule(who=ADMINISTRATOR, event=Event.LEAD_DECLINED),
        (LeadState.ANSWERED, LeadState.JOINED): Rule(who=ADMINISTRATOR, event=Event.LEAD_JOINED),
        (LeadState.ANSWERED, LeadState.DECLINED): Rule(who=ADMINISTRATOR, event=Event.LEAD_DECLINED),
        **{(state, LeadState.CLOSED): _LEAD_ENDS for state in LeadState if state != LeadState.CLOSED},
    },
)
