from django.urls import path

from shop.payments import views

urlpatterns = [
    path("orders/<slug:number>/pay/", views.order_pay, name="order_pay"),
    path("orders/<slug:number>/payment/", views.order_paid, name="order_paid"),
    path("orders/<slug:number>/payment/state/", views.order_paid_state, name="order_paid_state"),
    path("console/fulfilment/orders/<slug:number>/check/", views.order_check, name="order_check"),
    path("console/fulfilment/orders/<slug:number>/refund/", views.order_refund, name="order_refund"),
    path("console/refunds/<uuid:pk>/send/", views.refund_send, name="refund_send"),
    path("console/refunds/<uuid:pk>/cancel/", views.refund_cancel, name="refund_cancel"),
    path("console/refunds/<uuid:pk>/check/", views.refund_check, name="refund_check"),
    path("payments/webhook/", views.payments_webhook, name="payments_webhook"),
]
