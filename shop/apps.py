from django.apps import AppConfig


class ShopConfig(AppConfig):
    """Catalog, cart, orders, payments, refunds, returns, subscriptions, warranty."""

    name = "shop"
