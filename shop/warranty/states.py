"""The lifecycle of warranty claims. The database has the same steps (see `fusus_portal.ground.database.guards`)."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from audit.log.events import Event
from fusus_portal.ground.access.permissions import Permission
from fusus_portal.ground.lifecycle import Lifecycle, Other, Rule


class ClaimState(TextChoices):
    OPENED = "opened", _("We look at it")
    APPROVED = "approved", _("You get another CORE")
    DECLINED = "declined", _("Declined")
    REPLACEMENT_SHIPPED = "replacement_shipped", _("Another CORE is on its way")
    OLD_UNIT_DUE = "old_unit_due", _("Please send the old one")
    CHARGED = "charged", _("The old one is billed")
    CLOSED = "closed", _("Closed")


_C = ClaimState
CLAIMS_OVER = (_C.DECLINED, _C.CLOSED)

DUE = (_C.REPLACEMENT_SHIPPED, _C.OLD_UNIT_DUE, _C.CHARGED)
"""States in which the office waits for the old CORE."""

CLAIM = Lifecycle(
    name="warranty claim",
    states=ClaimState,
    start=[_C.OPENED],
    transitions={
        (_C.OPENED, _C.APPROVED): Rule(Event.CLAIM_APPROVED, Permission.FULFILMENT),
        (_C.OPENED, _C.DECLINED): Rule(Event.CLAIM_DECLINED, Permission.FULFILMENT),
        (_C.APPROVED, _C.REPLACEMENT_SHIPPED): Rule(Event.CLAIM_REPLACED, Permission.FULFILMENT),
        # The new CORE works, so the old one is not needed any more.
        (_C.REPLACEMENT_SHIPPED, _C.OLD_UNIT_DUE): Rule(Event.CLAIM_OLD_DUE, Other.TASK),
        (_C.REPLACEMENT_SHIPPED, _C.CLOSED): Rule(Event.CLAIM_CLOSED, Permission.FULFILMENT),
        (_C.OLD_UNIT_DUE, _C.CLOSED): Rule(Event.CLAIM_CLOSED, Permission.FULFILMENT),
        (_C.OLD_UNIT_DUE, _C.CHARGED): Rule(Event.CLAIM_CHARGED, Permission.FULFILMENT),
        # The old CORE came after all and its bill is canceled, or the bill is paid.
        (_C.CHARGED, _C.CLOSED): Rule(Event.CLAIM_CLOSED, Permission.FULFILMENT),
    },
)
