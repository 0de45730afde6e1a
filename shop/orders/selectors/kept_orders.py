"""The books of one business: what it ordered, and what of that outlives its registration."""

from django.db.models import Max, QuerySet

from registry.models import Registrant
from registry.outliving import Kept
from shop.orders.models.orders import Order
from shop.rules import BOOKS_KEPT

ORDERS = "orders"


def placed_by(registrant: Registrant) -> QuerySet[Order]:
    """Return the orders that a business has placed, newest first."""
    return Order.objects.filter(registrant=registrant, placed_at__isnull=False).order_by("-placed_at", "pk")


def kept_of(registrant: Registrant) -> Kept | None:
    """Return how many orders stay when a business leaves now, and until when."""
    placed = placed_by(registrant)
    last = placed.aggregate(last=Max("placed_at"))["last"]
    return Kept(ORDERS, placed.count(), last + BOOKS_KEPT) if last else None
