"""What buyers are written about their orders, inside the transaction of the act. A business that has left gets none."""

from fusus_portal.notifications import services as notifications
from fusus_portal.notifications.kinds import MessageKind
from shop.orders.models.invoices import Invoice
from shop.orders.models.orders import Order
from shop.parcels.models import Shipment, ShippingDelay
from shop.payments.models.refunds import Refund


def confirm(*, order: Order) -> None:
    """Confirm an order that was bought."""
    _write(order, MessageKind.ORDER_CONFIRMED)


def decline(*, order: Order) -> None:
    """Tell why a purchase order was declined."""
    _write(order, MessageKind.ORDER_REFUSED)


def of_refund(*, order: Order, refund: Refund) -> None:
    """Tell that money goes back by itself, and why."""
    _write(order, MessageKind.ORDER_REFUND, refund=str(refund.pk))


def payment_failed(*, order: Order) -> None:
    """Tell that a payment did not go through, and that nothing is lost."""
    _write(order, MessageKind.PAYMENT_FAILED)


def shipped(*, shipment: Shipment) -> None:
    """Tell that a parcel is on its way."""
    _write(shipment.order, MessageKind.ORDER_SHIPPED, shipment=str(shipment.pk))


def delayed(*, delay: ShippingDelay) -> None:
    """Ask whether the buyer waits, or wants the money back."""
    _write(delay.order, MessageKind.ORDER_DELAYED, delay=str(delay.pk))


def remind(*, order: Order, invoice: Invoice, cents: int, step: str) -> None:
    """Remind of an invoice on account of which so much is not paid. step: as of `ReminderStep`."""
    _write(order, MessageKind.INVOICE_DUE, invoice=str(invoice.pk), cents=cents, step=step)


def _write(order: Order, kind: MessageKind, **more: str | int) -> None:
    if order.registrant is not None:
        notifications.enqueue(
            kind=kind,
            to=order.registrant.user.email,
            language=order.language,
            subject=order.subject,
            context={"order": str(order.pk), **more},
        )
