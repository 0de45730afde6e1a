from importlib import import_module

from django.apps import AppConfig

from fusus_portal.ground.notifications import kinds

NOUNS = ("orders", "catalogue", "payments", "parcels", "connections", "returns", "warranty", "books", "limits")


class ShopConfig(AppConfig):
    name = "shop"

    def ready(self) -> None:
        """Register the messages of each noun, and what it adds to the apps below and to the contracts of the shop."""
        for noun in NOUNS:
            import_module(f"shop.{noun}.extensions").register()
            kinds.discover(f"shop.{noun}")
        import_module("shop.hooks").must_be_answered()
