from django.urls import path

from shop.parcels import views

urlpatterns = [
    path("console/fulfilment/", views.fulfilment, name="fulfilment"),
    path("console/fulfilment/orders/", views.fulfilment_orders, name="fulfilment_orders"),
    path("console/fulfilment/orders/pack/", views.orders_pack, name="orders_pack"),
    path("console/fulfilment/parcels/labels/", views.parcel_sheets, name="parcel_sheets"),
    path("console/fulfilment/orders/<slug:number>/", views.fulfilment_order, name="fulfilment_order"),
    path("console/fulfilment/orders/<slug:number>/pack/", views.order_pack, name="order_pack"),
    path("console/fulfilment/orders/<slug:number>/delay/", views.order_delay, name="order_delay"),
    path("console/fulfilment/orders/<slug:number>/cancel/", views.fulfilment_cancel, name="fulfilment_cancel"),
    path("console/fulfilment/orders/<slug:number>/done/", views.fulfilment_done, name="fulfilment_done"),
    path("console/fulfilment/parcels/<uuid:pk>/", views.parcel, name="parcel"),
    path("console/fulfilment/parcels/<uuid:pk>/scan/", views.parcel_scan, name="parcel_scan"),
    path("console/fulfilment/parcels/<uuid:pk>/put/", views.parcel_put, name="parcel_put"),
    path("console/fulfilment/parcels/<uuid:pk>/label/", views.parcel_label, name="parcel_label"),
    path("console/fulfilment/parcels/<uuid:pk>/sheet/", views.parcel_sheet, name="parcel_sheet"),
    path("console/fulfilment/parcels/<uuid:pk>/hand-over/", views.parcel_hand_over, name="parcel_hand_over"),
    path(
        "console/fulfilment/parcels/<uuid:pk>/items/<uuid:item>/take-out/",
        views.parcel_take_out,
        name="parcel_take_out",
    ),
    path("console/fulfilment/parcels/<uuid:pk>/<slug:act>/", views.parcel_act, name="parcel_act"),
]
