from django.urls import path

from shop.orders.views import approvals, checkout, orders

urlpatterns = [
    path("shop/cart/", checkout.cart, name="cart"),
    path("shop/cart/accept/", checkout.cart_accept, name="cart_accept"),
    path("shop/cart/<slug:slug>/change/", checkout.cart_change, name="cart_change"),
    path("shop/cart/<slug:slug>/remove/", checkout.cart_remove, name="cart_remove"),
    path("shop/checkout/", checkout.checkout, name="checkout"),
    path("shop/checkout/addresses/", checkout.checkout_addresses, name="checkout_addresses"),
    path("shop/checkout/tax/", checkout.checkout_tax, name="checkout_tax"),
    path("shop/checkout/payment/", checkout.checkout_payment, name="checkout_payment"),
    path("shop/checkout/card/", checkout.checkout_card, name="checkout_card"),
    path("shop/checkout/purchase-order/", checkout.checkout_purchase_order, name="checkout_purchase_order"),
    path("shop/<slug:slug>/add/", checkout.cart_add, name="product_add"),
    path("orders/", orders.order_list, name="orders"),
    path("orders/<slug:number>/", orders.order, name="order"),
    path("orders/<slug:number>/cancel/", orders.order_cancel, name="order_cancel"),
    path("orders/<slug:number>/wait/", orders.order_agree, name="order_agree"),
    path("orders/<slug:number>/parcels/<uuid:pk>/arrived/", orders.order_arrived, name="order_arrived"),
    path("orders/<slug:number>/cores/<uuid:pk>/code/", orders.order_code, name="order_code"),
    path("orders/<slug:number>/invoices/<uuid:pk>/", orders.order_invoice, name="order_invoice"),
    path("orders/<slug:number>/credit-notes/<uuid:pk>/", orders.order_credit_note, name="order_credit_note"),
    path(
        "console/fulfilment/orders/<slug:number>/invoices/<uuid:pk>/",
        orders.fulfilment_invoice,
        name="fulfilment_invoice",
    ),
    path(
        "console/fulfilment/orders/<slug:number>/credit-notes/<uuid:pk>/",
        orders.fulfilment_credit_note,
        name="fulfilment_credit_note",
    ),
    path("console/fulfilment/purchase-orders/<uuid:pk>/", approvals.purchase_order, name="purchase_order"),
    path(
        "console/fulfilment/purchase-orders/<uuid:pk>/approve/",
        approvals.purchase_order_approve,
        name="purchase_order_approve",
    ),
    path(
        "console/fulfilment/purchase-orders/<uuid:pk>/paper/",
        approvals.purchase_order_paper,
        name="purchase_order_paper",
    ),
    path("console/fulfilment/certificates/<uuid:pk>/", approvals.exemption, name="exemption"),
    path("console/fulfilment/certificates/<uuid:pk>/approve/", approvals.exemption_approve, name="exemption_approve"),
    path("console/fulfilment/certificates/<uuid:pk>/paper/", approvals.exemption_paper, name="exemption_paper"),
    path("console/admin/tax-rates/", approvals.tax_rates, name="tax_rates"),
    path("console/admin/tax-rates/<uuid:pk>/end/", approvals.tax_rate_end, name="tax_rate_end"),
]
