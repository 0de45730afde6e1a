"""The shop."""

from importlib import import_module

from django.apps import AppConfig

from shop.gateway import client, current


class ShopConfig(AppConfig):
    """Catalog, cart, orders, payments, refunds, returns, subscriptions, warranty."""

    name = "shop"

    def ready(self) -> None:
        """Say which payment service is used, and register messages and parts of pages."""
        current.use(client.make)
        import_module("shop.return_messages").register_builders()
        import_module("shop.return_parts").register()
