"""The shop app."""

from importlib import import_module

from django.apps import AppConfig

from shop.gateway import client, current


class ShopConfig(AppConfig):
    """Catalog, cart, orders, payments, refunds, returns, subscriptions, warranty."""

    name = "shop"

    def ready(self) -> None:
        """Register messages, tables, words of the log and the payment service. Models can be imported only now."""
        import_module("shop.messages").register_builders()
        import_module("shop.leaving").register()
        import_module("shop.own_tables").register()
        import_module("shop.log_words").register()
        current.use(client.make)
