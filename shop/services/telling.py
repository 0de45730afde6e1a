"""What buyers are told by mail. Each inside the caller's transaction, so that no mail tells of what did not happen."""

from audit.actors import Subject
from fusus_portal.notifications import services as notifications
from fusus_portal.notifications.kinds import MessageKind
from shop.models import Order, Refund, Shipment, ShippingDelay


def order_confirmed(*, order: Order) -> None:
    """Confirm that an order is bought, with the invoice by its link."""
    _tell(MessageKind.ORDER_CONFIRMED, order, order.subject)


def payment_failed(*, order: Order) -> None:
    """Say that a payment did not go through, and that nothing is lost."""
    _tell(MessageKind.PAYMENT_FAILED, order, order.subject)


def order_shipped(*, shipment: Shipment) -> None:
    """Say that a parcel is on its way."""
    _tell(MessageKind.ORDER_SHIPPED, shipment.order, shipment.subject, shipment=str(shipment.pk))


def order_delayed(*, delay: ShippingDelay) -> None:
    """Ask whether the buyer waits, or wants the money back."""
    _tell(MessageKind.ORDER_DELAYED, delay.order, delay.subject, delay=str(delay.pk))


def refund_made(*, order: Order, refund: Refund) -> None:
    """Say that money goes back, how much and why."""
    _tell(MessageKind.REFUND_MADE, order, refund.subject, refund=str(refund.pk))


def _tell(kind: MessageKind, order: Order, subject: Subject, **context: str) -> None:
    if order.registrant is None:
        return
    notifications.enqueue(
        kind=kind,
        to=order.registrant.user.email,
        language=order.language,
        subject=subject,
        context={"order": str(order.pk), **context},
    )
