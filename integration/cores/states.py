"""The lifecycle of a CORE. The database knows the same steps and refuses every other."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from audit.log.events import Event
from fusus_portal.ground.lifecycle import Lifecycle, Rule
from integration.rules import CLERK, DEVICE, OWNER, TASK


class CoreState(TextChoices):
    """Where a CORE is in its life."""

    IN_STOCK = "in_stock", _("In stock")
    ALLOCATED = "allocated", _("Set aside")
    SHIPPED = "shipped", _("On its way")
    ACTIVE = "active", _("Active")
    SUSPENDED = "suspended", _("Suspended")
    RETURNING = "returning", _("Coming back")
    WIPED = "wiped", _("Wiped")
    RETIRED = "retired", _("Retired")


HELD = (CoreState.ALLOCATED, CoreState.SHIPPED, CoreState.ACTIVE, CoreState.SUSPENDED)
"""It is set aside for a business, or with it."""

SOMEBODYS = (*HELD, CoreState.RETURNING)
"""It may be a business's. One that comes back can outlive the registration of whoever had it."""

CODED = (CoreState.ALLOCATED, CoreState.SHIPPED)
"""It waits to be activated, so it has a code."""

IN_USE = (CoreState.ACTIVE, CoreState.SUSPENDED)
"""It knows its key and stands at a place."""

CORE = Lifecycle(
    name="CORE",
    states=CoreState,
    start=[CoreState.IN_STOCK],
    transitions={
        (CoreState.IN_STOCK, CoreState.ALLOCATED): Rule(who=CLERK, event=Event.CORE_ALLOCATED),
        (CoreState.ALLOCATED, CoreState.IN_STOCK): Rule(who=(*OWNER, *CLERK), event=Event.CORE_TAKEN_BACK),
        (CoreState.ALLOCATED, CoreState.SHIPPED): Rule(who=CLERK, event=Event.CORE_SHIPPED),
        (CoreState.ALLOCATED, CoreState.ACTIVE): Rule(who=DEVICE, event=Event.CORE_ACTIVATED),
        (CoreState.SHIPPED, CoreState.ACTIVE): Rule(who=DEVICE, event=Event.CORE_ACTIVATED),
        (CoreState.ACTIVE, CoreState.SUSPENDED): Rule(who=(*OWNER, *CLERK, *TASK), event=Event.CORE_SUSPENDED),
        (CoreState.SUSPENDED, CoreState.ACTIVE): Rule(who=(*CLERK, *TASK), event=Event.CORE_RESUMED),
        (CoreState.SHIPPED, CoreState.RETURNING): Rule(who=(*OWNER, *CLERK), event=Event.CORE_RETURNING),
        (CoreState.ACTIVE, CoreState.RETURNING): Rule(who=(*OWNER, *CLERK), event=Event.CORE_RETURNING),
        (CoreState.SUSPENDED, CoreState.RETURNING): Rule(who=(*OWNER, *CLERK), event=Event.CORE_RETURNING),
        # Its owner kept it after all: it waits for a new code.
        (CoreState.RETURNING, CoreState.SHIPPED): Rule(who=OWNER, event=Event.CORE_KEPT),
        (CoreState.RETURNING, CoreState.WIPED): Rule(who=CLERK, event=Event.CORE_WIPED),
        (CoreState.WIPED, CoreState.IN_STOCK): Rule(who=CLERK, event=Event.CORE_RESTOCKED),
        (CoreState.WIPED, CoreState.RETIRED): Rule(who=CLERK, event=Event.CORE_RETIRED),
        (CoreState.IN_STOCK, CoreState.RETIRED): Rule(who=CLERK, event=Event.CORE_RETIRED),
    },
)
