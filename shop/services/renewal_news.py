"""What a business is told of the years of its COREs. In the caller's transaction, as every message of an act."""

from fusus_portal.notifications import services as notifications
from fusus_portal.notifications.kinds import MessageKind
from shop.models import Order


def tell(order: Order, kind: MessageKind, **more: str) -> None:
    """Write about a locked order of a further year. Whoever has left is told by the office itself."""
    if order.registrant is not None:
        notifications.enqueue(
            kind=kind,
            to=order.registrant.user.email,
            language=order.registrant.language,
            subject=order.subject,
            context={"order": str(order.pk), **more},
        )
