"""Pages of an order, and of what is sent, refunded or returned of it: they name its buyer, who reads of each look."""

from fusus_portal.ground.accounts.models import User
from registry.access_log.services import named
from shop.orders.models.orders import Order


def see(*, order: Order, by: User) -> None:
    """Record that somebody is about to read who bought an order and where it goes. See `named.see`."""
    named.see(owner=order.registrant_id, by=by, subject=order.subject, number=order.number)
