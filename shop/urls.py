"""Addresses of the shop."""

from django.urls import path

from shop.views import webhook
from shop.views.console import differences, fulfilment
from shop.views.public import shop

urlpatterns = [
    path("shop/", shop.shop, name="shop"),
    path("orders/", shop.orders, name="orders"),
    path("console/fulfilment/", fulfilment.fulfilment, name="fulfilment"),
    path("console/fulfilment/differences/", differences.differences, name="differences"),
    path("console/fulfilment/differences/compare/", differences.compare, name="differences_compare"),
    path("console/fulfilment/differences/<uuid:pk>/", differences.difference, name="difference"),
    path("payments/webhook/", webhook.payments_webhook, name="payments_webhook"),
]
