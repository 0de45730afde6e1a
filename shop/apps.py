from importlib import import_module

from django.apps import AppConfig

NOUNS = ("orders", "catalogue", "payments", "parcels", "connections", "returns", "warranty", "books", "limits")


class ShopConfig(AppConfig):
    name = "shop"

    def ready(self) -> None:
        for noun in NOUNS:
            import_module(f"shop.{noun}.extensions").register()
        import_module("shop.hooks").must_be_answered()
