"""Addresses of further years: the card that is charged for them, and the other ways to pay."""

from django.urls import path

from shop.views.console import owing
from shop.views.public import payment_methods, renewals

urlpatterns = [
    path("payment-method/", payment_methods.payment_method, name="payment_method"),
    path("payment-method/change/", payment_methods.payment_method_change, name="payment_method_change"),
    path("payment-method/saved/", payment_methods.payment_method_saved, name="payment_method_saved"),
    path("payment-method/remove/", payment_methods.payment_method_remove, name="payment_method_remove"),
    path("orders/<slug:number>/purchase-order/", renewals.order_purchase_order, name="order_purchase_order"),
    path("console/fulfilment/years/", owing.years_owing, name="years_owing"),
    path("profile/devices/<uuid:pk>/reconnect/", renewals.device_reconnect, name="device_reconnect"),
]
