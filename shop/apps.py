"""The shop app."""

from importlib import import_module

from django.apps import AppConfig

from shop.payments.gateway import client, current

NOUNS = ("orders", "catalogue", "payments", "parcels", "connections", "returns", "warranty", "books", "limits")


class ShopConfig(AppConfig):
    """Catalogue, orders, payments, parcels, connections, returns, warranty, books."""

    name = "shop"

    def ready(self) -> None:
        """Name the payment service, and let each noun add to the apps below, once models are there."""
        current.use(client.make)
        for noun in NOUNS:
            import_module(f"shop.{noun}.extensions").register()
