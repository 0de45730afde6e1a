"""Lifecycle of a CORE. The database knows the same steps and refuses every other."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from audit.log.events import Event
from fusus_portal.ground.access.permissions import Permission
from fusus_portal.ground.lifecycle import Lifecycle, Other, Rule


class CoreState(TextChoices):
    IN_STOCK = "in_stock", _("In stock")
    ALLOCATED = "allocated", _("Set aside")
    SHIPPED = "shipped", _("On its way")
    ACTIVE = "active", _("Active")
    SUSPENDED = "suspended", _("Suspended")
    RETURNING = "returning", _("Coming back")
    WIPED = "wiped", _("Wiped")
    RETIRED = "retired", _("Retired")


class Whereabouts(TextChoices):
    """Place of a CORE that its state does not show: in a parcel here or in one that arrived, or back from its owner."""

    PACKED = "packed", _("Packed")
    ARRIVED = "arrived", _("Arrived, not yet activated")
    BACK = "back", _("Back at the office")


STATE_BEFORE = {
    Whereabouts.PACKED: CoreState.IN_STOCK,
    Whereabouts.ARRIVED: CoreState.SHIPPED,
    Whereabouts.BACK: CoreState.RETURNING,
}
"""State that a CORE has at each of the whereabouts; tallies of that state leave such COREs out."""

HELD = (CoreState.ALLOCATED, CoreState.SHIPPED, CoreState.ACTIVE, CoreState.SUSPENDED)

SOMEBODYS = (*HELD, CoreState.RETURNING)
"""States of a CORE that may belong to a business. A CORE on its way back can outlive its owner's registration."""

CODED = (CoreState.ALLOCATED, CoreState.SHIPPED)

IN_USE = (CoreState.ACTIVE, CoreState.SUSPENDED)
SENT_BACK = (CoreState.SHIPPED, *IN_USE)
"""States in which a business has the CORE, and returns it when its place or its registration ends."""

_EITHER = (Permission.OWN_DEVICES, Permission.FULFILMENT)

CORE = Lifecycle(
    name="CORE",
    states=CoreState,
    start=[CoreState.IN_STOCK],
    transitions={
        (CoreState.IN_STOCK, CoreState.ALLOCATED): Rule(Event.CORE_ALLOCATED, Permission.FULFILMENT),
        (CoreState.ALLOCATED, CoreState.IN_STOCK): Rule(Event.CORE_TAKEN_BACK, *_EITHER),
        (CoreState.ALLOCATED, CoreState.SHIPPED): Rule(Event.CORE_SHIPPED, Permission.FULFILMENT),
        (CoreState.ALLOCATED, CoreState.ACTIVE): Rule(Event.CORE_ACTIVATED, Other.DEVICE),
        (CoreState.SHIPPED, CoreState.ACTIVE): Rule(Event.CORE_ACTIVATED, Other.DEVICE),
        (CoreState.ACTIVE, CoreState.SUSPENDED): Rule(Event.CORE_SUSPENDED, *_EITHER, Other.TASK),
        (CoreState.SUSPENDED, CoreState.ACTIVE): Rule(Event.CORE_RESUMED, Permission.FULFILMENT, Other.TASK),
        **{(at, CoreState.RETURNING): Rule(Event.CORE_RETURNING, *_EITHER) for at in (CoreState.SHIPPED, *IN_USE)},
        # Its owner kept it after all: it waits for a new code.
        (CoreState.RETURNING, CoreState.SHIPPED): Rule(Event.CORE_KEPT, Permission.OWN_DEVICES),
        (CoreState.RETURNING, CoreState.WIPED): Rule(Event.CORE_WIPED, Permission.FULFILMENT),
        (CoreState.WIPED, CoreState.IN_STOCK): Rule(Event.CORE_RESTOCKED, Permission.FULFILMENT),
        (CoreState.WIPED, CoreState.RETIRED): Rule(Event.CORE_RETIRED, Permission.FULFILMENT),
        (CoreState.IN_STOCK, CoreState.RETIRED): Rule(Event.CORE_RETIRED, Permission.FULFILMENT),
    },
)
