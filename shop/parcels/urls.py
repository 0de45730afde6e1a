from django.urls import path

from shop.parcels.views import batches, board, parcels

urlpatterns = [
    path("console/fulfilment/", board.fulfilment, name="fulfilment"),
    path("console/fulfilment/orders/", board.fulfilment_orders, name="fulfilment_orders"),
    path("console/fulfilment/orders/pack/", batches.orders_pack, name="orders_pack"),
    path("console/fulfilment/parcels/labels/", batches.parcel_sheets, name="parcel_sheets"),
    path("console/fulfilment/orders/<slug:number>/", board.fulfilment_order, name="fulfilment_order"),
    path("console/fulfilment/orders/<slug:number>/pack/", board.order_pack, name="order_pack"),
    path("console/fulfilment/orders/<slug:number>/delay/", board.order_delay, name="order_delay"),
    path("console/fulfilment/orders/<slug:number>/cancel/", board.fulfilment_cancel, name="fulfilment_cancel"),
    path("console/fulfilment/parcels/<uuid:pk>/", parcels.parcel, name="parcel"),
    path("console/fulfilment/parcels/<uuid:pk>/scan/", parcels.parcel_scan, name="parcel_scan"),
    path("console/fulfilment/parcels/<uuid:pk>/put/", parcels.parcel_put, name="parcel_put"),
    path("console/fulfilment/parcels/<uuid:pk>/label/", parcels.parcel_label, name="parcel_label"),
    path("console/fulfilment/parcels/<uuid:pk>/sheet/", batches.parcel_sheet, name="parcel_sheet"),
    path("console/fulfilment/parcels/<uuid:pk>/hand-over/", parcels.parcel_hand_over, name="parcel_hand_over"),
    path(
        "console/fulfilment/parcels/<uuid:pk>/items/<uuid:item>/take-out/",
        parcels.parcel_take_out,
        name="parcel_take_out",
    ),
    path("console/fulfilment/parcels/<uuid:pk>/<slug:act>/", parcels.parcel_act, name="parcel_act"),
]
