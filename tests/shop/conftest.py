"""What the tests of the shop share."""

from tests.shop.orders.orders import paper

__all__ = ["paper"]
