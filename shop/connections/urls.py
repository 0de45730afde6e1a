from django.urls import path

from shop.connections.views import cards, renewals

urlpatterns = [
    path("payment-method/", cards.payment_method, name="payment_method"),
    path("payment-method/change/", cards.payment_method_change, name="payment_method_change"),
    path("payment-method/saved/", cards.payment_method_saved, name="payment_method_saved"),
    path("payment-method/remove/", cards.payment_method_remove, name="payment_method_remove"),
    path("orders/<slug:number>/purchase-order/", renewals.order_purchase_order, name="order_purchase_order"),
    path("console/fulfilment/years/", renewals.years_owing, name="years_owing"),
    path("profile/devices/<uuid:pk>/reconnect/", renewals.device_reconnect, name="device_reconnect"),
    path("profile/devices/<uuid:pk>/cancel/", renewals.device_cancel, name="device_cancel"),
    path("profile/devices/<uuid:pk>/uncancel/", renewals.device_uncancel, name="device_uncancel"),
]
