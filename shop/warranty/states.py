"""The lifecycle of warranty claims. The database knows the same steps (see `fusus_portal.ground.database.guards`)."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from audit.log.events import Event
from fusus_portal.ground.lifecycle import Lifecycle, Rule
from shop.rules import CLERK, TASK


class ClaimState(TextChoices):
    """How far a warranty claim has come."""

    OPENED = "opened", _("We look at it")
    APPROVED = "approved", _("You get another CORE")
    DECLINED = "declined", _("Declined")
    REPLACEMENT_SHIPPED = "replacement_shipped", _("Another CORE is on its way")
    OLD_UNIT_DUE = "old_unit_due", _("Please send the old one")
    CHARGED = "charged", _("The old one is billed")
    CLOSED = "closed", _("Closed")


_C = ClaimState
CLAIMS_OVER = (_C.DECLINED, _C.CLOSED)

CLAIM = Lifecycle(
    name="warranty claim",
    states=ClaimState,
    start=[_C.OPENED],
    transitions={
        (_C.OPENED, _C.APPROVED): Rule(who=CLERK, event=Event.CLAIM_APPROVED),
        (_C.OPENED, _C.DECLINED): Rule(who=CLERK, event=Event.CLAIM_DECLINED),
        (_C.APPROVED, _C.REPLACEMENT_SHIPPED): Rule(who=CLERK, event=Event.CLAIM_REPLACED),
        # The other one works, so the old one is not needed any more.
        (_C.REPLACEMENT_SHIPPED, _C.OLD_UNIT_DUE): Rule(who=TASK, event=Event.CLAIM_OLD_DUE),
        (_C.REPLACEMENT_SHIPPED, _C.CLOSED): Rule(who=CLERK, event=Event.CLAIM_CLOSED),
        (_C.OLD_UNIT_DUE, _C.CLOSED): Rule(who=CLERK, event=Event.CLAIM_CLOSED),
        (_C.OLD_UNIT_DUE, _C.CHARGED): Rule(who=CLERK, event=Event.CLAIM_CHARGED),
        # It came after all and the bill is taken back, or the bill is paid.
        (_C.CHARGED, _C.CLOSED): Rule(who=CLERK, event=Event.CLAIM_CLOSED),
    },
)
