"""The shop."""

from django.apps import AppConfig

from shop.gateway import client, current


class ShopConfig(AppConfig):
    """Catalog, cart, orders, payments, refunds, returns, subscriptions, warranty."""

    name = "shop"

    def ready(self) -> None:
        """Say which payment service is used."""
        current.use(client.make)
