"""Which payment service is used: whatever was registered last. `AppConfig.ready` registers the client."""

from collections.abc import Callable

from django.core.exceptions import ImproperlyConfigured

from shop.payments.gateway.protocol import Gateway

_makers: list[Callable[[], Gateway]] = []


def use(make: Callable[[], Gateway]) -> None:
    """Use the gateway that `make` returns, asked anew each time."""
    _makers[:] = [make]


def gateway() -> Gateway:
    """Return the payment service. Raises ImproperlyConfigured when there is none."""
    if not _makers:
        raise ImproperlyConfigured("no payment service is registered (shop.payments.gateway.current.use)")
    return _makers[0]()
