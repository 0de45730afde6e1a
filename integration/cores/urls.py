from django.urls import path

from integration.cores import views

urlpatterns = [
    path("console/admin/core-models/", views.core_models, name="core_models"),
    path("console/admin/core-models/<uuid:pk>/", views.core_model, name="core_model"),
    path("console/admin/core-models/<uuid:pk>/retire/", views.core_model_retire, name="core_model_retire"),
    path("console/fulfilment/cores/", views.core_list, name="cores"),
    path("console/fulfilment/cores/receive/", views.core_receive, name="core_receive"),
    path("console/fulfilment/cores/<uuid:pk>/", views.core, name="core"),
    path("console/fulfilment/cores/<uuid:pk>/allocate/", views.core_allocate, name="core_allocate"),
    path("console/fulfilment/cores/<uuid:pk>/wipe/", views.core_wipe, name="core_wipe"),
    path("console/fulfilment/cores/<uuid:pk>/place/", views.core_place, name="core_place"),
    path("console/fulfilment/cores/<uuid:pk>/replace/", views.core_replace, name="core_replace"),
    path("console/fulfilment/cores/<uuid:pk>/<slug:act>/", views.core_act, name="core_act"),
    path("profile/devices/", views.devices, name="devices"),
    path("profile/devices/<uuid:pk>/", views.device, name="device"),
    path("profile/devices/<uuid:pk>/connect/", views.device_connect, name="device_connect"),
    path("profile/devices/<uuid:pk>/place/", views.device_place, name="device_place"),
    path("profile/devices/<uuid:pk>/return/", views.device_return, name="device_return"),
    path(
        "profile/devices/<uuid:pk>/cameras/<uuid:behind>/disconnect/",
        views.device_disconnect,
        name="device_disconnect",
    ),
]
