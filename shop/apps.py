"""The shop app."""

from importlib import import_module

from django.apps import AppConfig


class ShopConfig(AppConfig):
    """Catalog, cart, orders, payments, refunds, returns, subscriptions, warranty."""

    name = "shop"

    def ready(self) -> None:
        """Register messages, tables and words of the log. Models can be imported only now."""
        import_module("shop.messages").register_builders()
        import_module("shop.leaving").register()
        import_module("shop.own_tables").register()
        import_module("shop.log_words").register()
