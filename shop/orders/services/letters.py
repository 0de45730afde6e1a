"""What businesses are written about what is theirs, inside the transaction of the act."""

from fusus_portal.ground.notifications import services as notifications
from fusus_portal.ground.notifications.kinds import MessageKind
from fusus_portal.ground.rows import Recorded
from registry.people.models import Registrant
from shop.orders.models.orders import Order
from shop.payments.models.refunds import Refund


def tell(
    owner: Registrant | None, kind: MessageKind, about: Recorded, *, language: str = "", **context: str | int
) -> None:
    """Write to a business, in its language where no other is said. One that has left is told by the office itself."""
    if owner is not None:
        notifications.enqueue(
            kind=kind,
            to=owner.user.email,
            language=language or owner.language,
            subject=about.subject,
            context=context,
        )


def of_order(order: Order, kind: MessageKind, **more: str | int) -> None:
    """Write to a buyer about an order, in the language in which it was placed."""
    tell(order.registrant, kind, order, language=order.language, order=str(order.pk), **more)


def of_refund(*, order: Order, refund: Refund) -> None:
    """Tell that money goes back by itself, and why."""
    of_order(order, MessageKind.ORDER_REFUND, refund=str(refund.pk))
