"""Addresses of the shop."""

from django.urls import path

from shop import views

urlpatterns = [
    path("shop/", views.shop, name="shop"),
    path("orders/", views.orders, name="orders"),
    path("console/fulfilment/", views.fulfilment, name="fulfilment"),
    path("payments/webhook/", views.payments_webhook, name="payments_webhook"),
]
