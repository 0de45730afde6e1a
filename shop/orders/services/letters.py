from fusus_portal.ground.notifications.kinds import MessageKind
from fusus_portal.ground.notifications.services import outbox as notifications
from shop.orders.models.orders import Order
from shop.payments.models.refunds import Refund


def of_order(order: Order, kind: MessageKind, **more: str | int) -> None:
    """Write to a buyer in the language of the order, in the act's transaction. The office tells one who has left."""
    notifications.send(
        kind=kind,
        to=order.registrant,
        language=order.language,
        about=order.subject,
        context={"order": str(order.pk), **more},
    )


def of_refund(*, order: Order, refund: Refund) -> None:
    of_order(order, MessageKind.ORDER_REFUND, refund=str(refund.pk))
