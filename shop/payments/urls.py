from django.urls import path

from shop.payments.views import payments, refunds

urlpatterns = [
    path("orders/<slug:number>/pay/", payments.order_pay, name="order_pay"),
    path("orders/<slug:number>/payment/", payments.order_paid, name="order_paid"),
    path("orders/<slug:number>/payment/state/", payments.order_paid_state, name="order_paid_state"),
    path("console/fulfilment/orders/<slug:number>/check/", refunds.order_check, name="order_check"),
    path("console/fulfilment/orders/<slug:number>/refund/", refunds.order_refund, name="order_refund"),
    path("console/refunds/<uuid:pk>/send/", refunds.refund_send, name="refund_send"),
    path("console/refunds/<uuid:pk>/cancel/", refunds.refund_cancel, name="refund_cancel"),
    path("console/refunds/<uuid:pk>/check/", refunds.refund_check, name="refund_check"),
    path("payments/webhook/", payments.payments_webhook, name="payments_webhook"),
]
