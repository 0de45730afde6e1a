"""Addresses of the shop."""

from django.urls import path

from shop import claim_urls, renewal_urls, return_urls
from shop.views import webhook
from shop.views.console import books, catalogue, deciding, differences, fulfilment, limits, parcels, refunds, tax_rates
from shop.views.public import carts, checkout, orders, paying, shop

urlpatterns = [
    path("shop/", shop.shop, name="shop"),
    path("shop/cart/", carts.cart, name="cart"),
    path("shop/cart/accept/", carts.cart_accept, name="cart_accept"),
    path("shop/cart/<slug:slug>/change/", carts.cart_change, name="cart_change"),
    path("shop/cart/<slug:slug>/remove/", carts.cart_remove, name="cart_remove"),
    path("shop/checkout/", checkout.checkout, name="checkout"),
    path("shop/checkout/addresses/", checkout.checkout_addresses, name="checkout_addresses"),
    path("shop/checkout/tax/", checkout.checkout_tax, name="checkout_tax"),
    path("shop/checkout/payment/", checkout.checkout_payment, name="checkout_payment"),
    path("shop/checkout/card/", checkout.checkout_card, name="checkout_card"),
    path("shop/checkout/purchase-order/", checkout.checkout_purchase_order, name="checkout_purchase_order"),
    path("shop/pictures/<uuid:pk>/<slug:size>.webp", shop.product_picture, name="product_picture"),
    path("shop/<slug:slug>/", shop.product, name="product"),
    path("shop/<slug:slug>/add/", shop.add, name="product_add"),
]

urlpatterns += [
    path("orders/", orders.order_list, name="orders"),
    path("orders/<slug:number>/", orders.order, name="order"),
    path("orders/<slug:number>/cancel/", orders.order_cancel, name="order_cancel"),
    path("orders/<slug:number>/wait/", orders.order_agree, name="order_agree"),
    path("orders/<slug:number>/pay/", paying.order_pay, name="order_pay"),
    path("orders/<slug:number>/payment/", paying.order_paid, name="order_paid"),
    path("orders/<slug:number>/payment/state/", paying.order_paid_state, name="order_paid_state"),
    path("orders/<slug:number>/parcels/<uuid:pk>/arrived/", orders.order_arrived, name="order_arrived"),
    path("orders/<slug:number>/cores/<uuid:pk>/code/", orders.order_code, name="order_code"),
    path("orders/<slug:number>/invoices/<uuid:pk>/", orders.order_invoice, name="order_invoice"),
    path("orders/<slug:number>/credit-notes/<uuid:pk>/", orders.order_credit_note, name="order_credit_note"),
]

urlpatterns += [
    path("console/fulfilment/", fulfilment.fulfilment, name="fulfilment"),
    path("console/fulfilment/differences/", differences.differences, name="differences"),
    path("console/fulfilment/differences/compare/", differences.compare, name="differences_compare"),
    path("console/fulfilment/differences/<uuid:pk>/", differences.difference, name="difference"),
    path("console/fulfilment/orders/", fulfilment.fulfilment_orders, name="fulfilment_orders"),
    path("console/fulfilment/orders/<slug:number>/", fulfilment.fulfilment_order, name="fulfilment_order"),
    path("console/fulfilment/orders/<slug:number>/pack/", fulfilment.order_pack, name="order_pack"),
    path("console/fulfilment/orders/<slug:number>/delay/", fulfilment.order_delay, name="order_delay"),
    path("console/fulfilment/orders/<slug:number>/check/", fulfilment.order_check, name="order_check"),
    path("console/fulfilment/orders/<slug:number>/refund/", refunds.order_refund, name="order_refund"),
    path("console/refunds/", refunds.refunds_waiting, name="refunds_waiting"),
    path("console/refunds/<uuid:pk>/send/", refunds.refund_send, name="refund_send"),
    path("console/refunds/<uuid:pk>/cancel/", refunds.refund_cancel, name="refund_cancel"),
    path("console/refunds/<uuid:pk>/check/", refunds.refund_check, name="refund_check"),
    path("console/fulfilment/orders/<slug:number>/cancel/", fulfilment.fulfilment_cancel, name="fulfilment_cancel"),
    path("console/fulfilment/parcels/<uuid:pk>/", parcels.parcel, name="parcel"),
    path("console/fulfilment/parcels/<uuid:pk>/scan/", parcels.parcel_scan, name="parcel_scan"),
    path("console/fulfilment/parcels/<uuid:pk>/put/", parcels.parcel_put, name="parcel_put"),
    path("console/fulfilment/parcels/<uuid:pk>/label/", parcels.parcel_label, name="parcel_label"),
    path("console/fulfilment/parcels/<uuid:pk>/sheet/", parcels.parcel_sheet, name="parcel_sheet"),
    path("console/fulfilment/parcels/<uuid:pk>/hand-over/", parcels.parcel_hand_over, name="parcel_hand_over"),
    path(
        "console/fulfilment/parcels/<uuid:pk>/items/<uuid:item>/take-out/",
        parcels.parcel_take_out,
        name="parcel_take_out",
    ),
    path("console/fulfilment/parcels/<uuid:pk>/<slug:act>/", parcels.parcel_act, name="parcel_act"),
    path("console/fulfilment/purchase-orders/<uuid:pk>/", deciding.purchase_order, name="purchase_order"),
    path(
        "console/fulfilment/purchase-orders/<uuid:pk>/approve/",
        deciding.purchase_order_approve,
        name="purchase_order_approve",
    ),
    path(
        "console/fulfilment/purchase-orders/<uuid:pk>/paper/",
        deciding.purchase_order_paper,
        name="purchase_order_paper",
    ),
    path("console/fulfilment/certificates/<uuid:pk>/", deciding.exemption, name="exemption"),
    path("console/fulfilment/certificates/<uuid:pk>/approve/", deciding.exemption_approve, name="exemption_approve"),
    path("console/fulfilment/certificates/<uuid:pk>/paper/", deciding.exemption_paper, name="exemption_paper"),
]

urlpatterns += [
    path("console/admin/catalogue/", catalogue.catalogue_list, name="catalogue"),
    path("console/admin/catalogue/new/", catalogue.product_new, name="catalogue_new"),
    path("console/admin/catalogue/<uuid:pk>/", catalogue.product_page, name="catalogue_product"),
    path("console/admin/catalogue/<uuid:pk>/change/", catalogue.product_change, name="catalogue_change"),
    path("console/admin/catalogue/<uuid:pk>/price/", catalogue.product_price, name="catalogue_price"),
    path("console/admin/catalogue/<uuid:pk>/stock/", catalogue.product_stock, name="catalogue_stock"),
    path("console/admin/catalogue/<uuid:pk>/discounts/", catalogue.product_discount, name="catalogue_discount"),
    path(
        "console/admin/catalogue/<uuid:pk>/discounts/<uuid:discount>/end/",
        catalogue.product_discount_end,
        name="catalogue_discount_end",
    ),
    path("console/admin/catalogue/<uuid:pk>/pictures/", catalogue.product_picture_add, name="catalogue_picture"),
    path(
        "console/admin/catalogue/<uuid:pk>/pictures/<uuid:picture>/remove/",
        catalogue.product_picture_remove,
        name="catalogue_picture_remove",
    ),
    path("console/admin/catalogue/<uuid:pk>/<slug:act>/", catalogue.product_act, name="catalogue_act"),
    path("console/admin/shop-limits/", limits.shop_limits, name="shop_limits"),
    path("console/admin/shop-limits/history/", limits.shop_limits_history, name="shop_limits_history"),
    path("console/admin/tax-rates/", tax_rates.tax_rates, name="tax_rates"),
    path("console/admin/tax-rates/<uuid:pk>/end/", tax_rates.tax_rate_end, name="tax_rate_end"),
]

urlpatterns += [
    path("console/books/", books.books, name="books"),
    path("console/books/file/", books.books_file, name="books_file"),
    path("console/books/compare/", books.books_compare, name="books_compare"),
    path("payments/webhook/", webhook.payments_webhook, name="payments_webhook"),
]

urlpatterns += return_urls.urlpatterns + claim_urls.urlpatterns + renewal_urls.urlpatterns
