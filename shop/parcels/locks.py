"""Locks for packing many orders, in this order: stock, then CORE."""

from django.db.models import Exists, OuterRef

from integration.cores.models import Core
from integration.cores.states import CoreState
from shop.orders.models.orders import OrderLine
from shop.parcels.models import ShipmentItem


def cores_to_take(line: OrderLine, number: int) -> list[Core]:
    """Lock up to `number` free COREs in stock for a line, by serial number. COREs locked already are skipped."""
    packed = ShipmentItem.objects.filter(core=OuterRef("pk"), void_at__isnull=True, back_at__isnull=True)
    rows = Core.objects.select_for_update(skip_locked=True, of=("self",), no_key=True)
    free = rows.filter(model=line.product.core_model_id, state=CoreState.IN_STOCK, registrant__isnull=True)
    return list(free.exclude(Exists(packed.filter(shipment__handed_over_at__isnull=True))).order_by("serial")[:number])
