"""What parcels add to the apps below: messages, numbers for the log, the activation code on the page of its CORE."""

from audit import hooks
from fusus_portal.ground.notifications import kinds
from fusus_portal.ground.notifications.kinds import MessageKind
from integration import hooks as integration_hooks
from integration.cores.models import Core
from integration.cores.states import CODED
from integration.hooks import CoreFollower, Shown
from shop.orders.presenters.orders import Parcel
from shop.parcels import messages, selectors
from shop.parcels.models import Shipment

BLOCK = "shop/parcels/own/code.html"


def register() -> None:
    """Add them."""
    hooks.name_by("shipment", hooks.field(Shipment.objects.all(), "number"))
    kinds.register(MessageKind.ORDER_SHIPPED, messages.order_shipped)
    kinds.register(MessageKind.ORDER_DELAYED, messages.order_delayed)
    integration_hooks.core_followers.register(CoreFollower(name="parcels", shown=code_of))


def code_of(core: Core) -> Shown | None:
    """Return the block with the activation code on its owner's page, None for a CORE that waits for none."""
    parcel = selectors.parcel_of(core) if core.state in CODED else None
    return (BLOCK, {"card": Parcel(parcel)}) if parcel is not None else None
