"""The shop app."""

from importlib import import_module

from django.apps import AppConfig

from shop.payments.gateway import client, current

NOUNS = ("orders", "catalogue", "payments", "parcels", "connections", "returns", "warranty", "books", "limits")


class ShopConfig(AppConfig):
    """Catalogue, orders, payments, parcels, connections, returns, warranty, books."""

    name = "shop"

    def ready(self) -> None:
        """Name the payment service, and let each noun add to the apps below and to the contracts of the shop."""
        current.use(client.make)
        for noun in NOUNS:
            import_module(f"shop.{noun}.extensions").register()
        import_module("shop.hooks").must_be_answered()
