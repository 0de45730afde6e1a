from django.urls import path

from shop.connections import views

urlpatterns = [
    path("payment-method/", views.payment_method, name="payment_method"),
    path("payment-method/change/", views.payment_method_change, name="payment_method_change"),
    path("payment-method/saved/", views.payment_method_saved, name="payment_method_saved"),
    path("payment-method/remove/", views.payment_method_remove, name="payment_method_remove"),
    path("orders/<slug:number>/purchase-order/", views.order_purchase_order, name="order_purchase_order"),
    path("console/fulfilment/years/", views.years_owing, name="years_owing"),
    path("profile/devices/<uuid:pk>/reconnect/", views.device_reconnect, name="device_reconnect"),
    path("profile/devices/<uuid:pk>/cancel/", views.device_cancel, name="device_cancel"),
    path("profile/devices/<uuid:pk>/uncancel/", views.device_uncancel, name="device_uncancel"),
]
