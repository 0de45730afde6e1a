"""The lifecycle of a parcel. The database has the same steps and refuses every other."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from audit.log.events import Event
from fusus_portal.ground.access.permissions import Permission
from fusus_portal.ground.lifecycle import Lifecycle, Rule


class ShipmentState(TextChoices):
    PACKING = "packing", _("Being packed")
    LABELLED = "labelled", _("Labeled")
    HANDED_OVER = "handed_over", _("On its way")
    DELIVERED = "delivered", _("Delivered")
    LOST = "lost", _("Lost")
    DROPPED = "dropped", _("Not sent")


OPEN = (ShipmentState.PACKING, ShipmentState.LABELLED)
"""States of a parcel that no carrier has yet."""

SENT = (ShipmentState.HANDED_OVER, ShipmentState.DELIVERED)
"""States of a parcel that a carrier has, or that arrived."""

_S = ShipmentState
SHIPMENT = Lifecycle(
    name="shipment",
    states=ShipmentState,
    start=[_S.PACKING],
    transitions={
        (_S.PACKING, _S.LABELLED): Rule(Event.SHIPMENT_LABELLED, Permission.FULFILMENT),
        **{(at, _S.DROPPED): Rule(Event.SHIPMENT_DROPPED, Permission.FULFILMENT) for at in (_S.PACKING, _S.LABELLED)},
        (_S.LABELLED, _S.HANDED_OVER): Rule(Event.SHIPMENT_HANDED_OVER, Permission.FULFILMENT),
        (_S.HANDED_OVER, _S.DELIVERED): Rule(Event.SHIPMENT_DELIVERED, Permission.OWN_ORDERS, Permission.FULFILMENT),
        (_S.HANDED_OVER, _S.LOST): Rule(Event.SHIPMENT_LOST, Permission.FULFILMENT),
    },
)
