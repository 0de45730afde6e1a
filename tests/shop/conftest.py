"""Fixtures that the tests of the shop share."""

from tests.shop.orders.orders import paper, ready

__all__ = ["paper", "ready"]
