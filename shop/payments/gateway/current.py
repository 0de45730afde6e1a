"""The payment service in use: Stripe, unless another one is named."""

from collections.abc import Callable

from shop.payments.gateway import client
from shop.payments.gateway.client import StripeGateway

_makers: list[Callable[[], StripeGateway]] = [client.make]


def use(make: Callable[[], StripeGateway]) -> None:
    """Use the service that `make` returns. It is called each time."""
    _makers[:] = [make]


def gateway() -> StripeGateway:
    return _makers[0]()
