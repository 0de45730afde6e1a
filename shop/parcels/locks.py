"""COREs locked for the parcels of many orders, in one order for all: stock, then CORE."""

from django.db.models import Exists, OuterRef

from integration.cores.models import Core
from integration.cores.states import CoreState
from shop.orders.models.orders import OrderLine
from shop.parcels.models import ShipmentItem


def cores_to_take(line: OrderLine, number: int) -> list[Core]:
    """Lock so many COREs in stock that fit a line and are in no parcel, by serial number; fewer where there are fewer.

    One that somebody else is about to take is passed over, so nobody waits for it.
    """
    packed = ShipmentItem.objects.filter(core=OuterRef("pk"), void_at__isnull=True, back_at__isnull=True)
    rows = Core.objects.select_for_update(skip_locked=True, of=("self",), no_key=True)
    free = rows.filter(model=line.product.core_model_id, state=CoreState.IN_STOCK, registrant__isnull=True)
    return list(free.exclude(Exists(packed.filter(shipment__handed_over_at__isnull=True))).order_by("serial")[:number])
