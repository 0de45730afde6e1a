"""What parcels add to the apps below: messages, and numbers for the log."""

from audit.console import words
from fusus_portal.notifications import kinds
from fusus_portal.notifications.kinds import MessageKind
from shop.parcels import messages
from shop.parcels.models import Shipment


def register() -> None:
    """Add them."""
    words.call("shipment", words.field(Shipment.objects.all(), "number"))
    kinds.register(MessageKind.ORDER_SHIPPED, messages.order_shipped)
    kinds.register(MessageKind.ORDER_DELAYED, messages.order_delayed)
