"""The lifecycle of a parcel. The database knows the same steps and refuses every other."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from audit.log.events import Event
from fusus_portal.ground.lifecycle import Lifecycle, Rule
from shop.rules import CLERK, EITHER


class ShipmentState(TextChoices):
    """How far a parcel has come."""

    PACKING = "packing", _("Being packed")
    LABELLED = "labelled", _("Labeled")
    HANDED_OVER = "handed_over", _("On its way")
    DELIVERED = "delivered", _("Delivered")
    LOST = "lost", _("Lost")
    DROPPED = "dropped", _("Not sent")


_S = ShipmentState
SHIPMENT = Lifecycle(
    name="shipment",
    states=ShipmentState,
    start=[_S.PACKING],
    transitions={
        (_S.PACKING, _S.LABELLED): Rule(who=CLERK, event=Event.SHIPMENT_LABELLED),
        **{(at, _S.DROPPED): Rule(who=CLERK, event=Event.SHIPMENT_DROPPED) for at in (_S.PACKING, _S.LABELLED)},
        (_S.LABELLED, _S.HANDED_OVER): Rule(who=CLERK, event=Event.SHIPMENT_HANDED_OVER),
        (_S.HANDED_OVER, _S.DELIVERED): Rule(who=EITHER, event=Event.SHIPMENT_DELIVERED),
        (_S.HANDED_OVER, _S.LOST): Rule(who=CLERK, event=Event.SHIPMENT_LOST),
    },
)
