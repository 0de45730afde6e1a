from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from fusus_portal.ground.notifications.kinds import Context, MessageKind, PublicKind
from shop.orders.messages import about_order, order_of
from shop.orders.policies import can_be_canceled
from shop.orders.presenters.orders import choice_words
from shop.parcels.models import Shipment, ShippingDelay


class OrderShippedMessage(PublicKind, kind=MessageKind.ORDER_SHIPPED):
    purpose = _("Tells a business that a parcel is on its way, with the number to follow it by.")
    subject = _("A parcel of your order %(number)s is on its way")
    needs = "carrier tracking has_core link"

    def build(self, context: Context) -> Mapping[str, object]:
        """Context: order, shipment (ids)."""
        shipment = Shipment.objects.get(pk=str(context["shipment"]))
        return {
            **about_order(order_of(context)),
            "carrier": shipment.get_carrier_display(),
            "tracking": shipment.tracking,
            "has_core": shipment.items.filter(core__isnull=False, void_at__isnull=True).exists(),
        }


class OrderDelayedMessage(PublicKind, kind=MessageKind.ORDER_DELAYED):
    purpose = _("Asks a business whether it waits for an order that is late, or wants its money back.")
    subject = _("Your order %(number)s will be late")
    needs = "day choice can_cancel link"

    def build(self, context: Context) -> Mapping[str, object]:
        """Context: order, delay (ids)."""
        order = order_of(context)
        day = ShippingDelay.objects.get(pk=str(context["delay"])).sent_by_then
        can_cancel = can_be_canceled(order)
        return {**about_order(order), "day": day, "choice": choice_words(order), "can_cancel": can_cancel}
