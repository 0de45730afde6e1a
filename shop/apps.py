"""The shop app."""

from importlib import import_module

from django.apps import AppConfig

NOUNS = ("orders", "catalogue", "payments", "parcels", "connections", "returns", "warranty", "books", "limits")


class ShopConfig(AppConfig):
    """The shop, in the order in which its nouns register."""

    name = "shop"

    def ready(self) -> None:
        """Let each noun add to the apps below and to the contracts of the shop."""
        for noun in NOUNS:
            import_module(f"shop.{noun}.extensions").register()
        import_module("shop.hooks").must_be_answered()
