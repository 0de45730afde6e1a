"""The shop app."""

from importlib import import_module

from django.apps import AppConfig

from shop.gateway import client, current


class ShopConfig(AppConfig):
    """Catalog, cart, orders, payments, refunds, returns, subscriptions, warranty."""

    name = "shop"

    def ready(self) -> None:
        """Name the payment service; register messages, cards, tables and words of the log, once models are there."""
        current.use(client.make)
        import_module("shop.messages").register_builders()
        import_module("shop.sections").register()
        import_module("shop.cards").register()
        import_module("shop.leaving").register()
        import_module("shop.own_tables").register()
        import_module("shop.log_words").register()
        import_module("shop.return_messages").register_builders()
        import_module("shop.renewal_messages").register_builders()
        import_module("shop.return_parts").register()
        import_module("shop.use_parts").register()
        import_module("shop.claim_parts").register()
        import_module("shop.followers").register()
