"""The shop."""

from importlib import import_module

from django.apps import AppConfig

from shop.gateway import client, current


class ShopConfig(AppConfig):
    """Catalog, cart, orders, payments, refunds, returns, subscriptions, warranty."""

    name = "shop"

    def ready(self) -> None:
        """Say which payment service is used; register messages, cards and words of the log, now that models are there."""
        current.use(client.make)
        import_module("shop.messages").register_builders()
        import_module("shop.sections").register()
        import_module("shop.cards").register()
        import_module("shop.log_words").register()
        import_module("shop.return_messages").register_builders()
        import_module("shop.return_parts").register()
