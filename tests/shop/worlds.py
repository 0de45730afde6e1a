"""Worlds of modules: `make_world = partial(ready_with, cores=1)`, and tests that use `world` and `paper`."""

from shop.payments.gateway import client
from tests.integration.cores.devices import business_at
from tests.shop.orders.orders import paid, product, tax_rate
from tests.shop.ready import Ready
from tests.shop.returns.returned import core_of, published


def ready_with(*, businesses: int = 0, products: int = 0, payments: int = 0, cores: int = 0) -> Ready:
    """Return a world with so many of each, the rate of a tax, and for COREs what is deducted when they come back."""
    ready = Ready()
    client.use(lambda: ready.service)
    tax_rate()
    if cores:
        published()
    ready.cores = [core_of(paid().order) for _number in range(cores)]
    ready.payments = [paid() for _number in range(payments)]
    ready.businesses = [business_at() for _number in range(businesses)]
    ready.products = [product() for _number in range(products)]
    return ready
