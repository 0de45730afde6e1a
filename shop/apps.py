from importlib import import_module

from django.apps import AppConfig

from fusus_portal.ground.notifications import kinds

NOUNS = ("orders", "catalogue", "payments", "parcels", "connections", "returns", "warranty", "books", "limits")


class ShopConfig(AppConfig):
    name = "shop"

    def ready(self) -> None:
        """Let each noun add messages, and to the apps below and the contracts of the shop."""
        for noun in NOUNS:
            import_module(f"shop.{noun}.extensions").register()
            kinds.discover(f"shop.{noun}")
        import_module("shop.hooks").must_be_answered()
