"""What the tests of the shop share."""

from tests.shop.payments.orders import paper

__all__ = ["paper"]
