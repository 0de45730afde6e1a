"""What parcels add to the apps below: messages, and numbers for the log."""

from audit import hooks
from fusus_portal.ground.notifications import kinds
from fusus_portal.ground.notifications.kinds import MessageKind
from shop.parcels import messages
from shop.parcels.models import Shipment


def register() -> None:
    """Add them."""
    hooks.name_by("shipment", hooks.field(Shipment.objects.all(), "number"))
    kinds.register(MessageKind.ORDER_SHIPPED, messages.order_shipped)
    kinds.register(MessageKind.ORDER_DELAYED, messages.order_delayed)
