from fusus_portal.ground.accounts.models import User
from registry.access_log import services as access_log
from shop.orders.models.orders import Order


def see(*, order: Order, by: User) -> None:
    """Record that a person is about to read the buyer and the addresses of an order.

    The buyer reads each such look, also at a parcel, refund or return of the order. See
    `registry.access_log.services.see_owner`.
    """
    access_log.see_owner(owner=order.registrant_id, by=by, subject=order.subject, number=order.number)
