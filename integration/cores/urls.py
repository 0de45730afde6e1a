from django.urls import path

from integration.cores.views import core_models, cores, devices

urlpatterns = [
    path("console/admin/core-models/", core_models.core_models, name="core_models"),
    path("console/admin/core-models/<uuid:pk>/", core_models.core_model, name="core_model"),
    path("console/admin/core-models/<uuid:pk>/retire/", core_models.core_model_retire, name="core_model_retire"),
    path("console/fulfilment/cores/", cores.core_list, name="cores"),
    path("console/fulfilment/cores/receive/", cores.core_receive, name="core_receive"),
    path("console/fulfilment/cores/<uuid:pk>/", cores.core, name="core"),
    path("console/fulfilment/cores/<uuid:pk>/allocate/", cores.core_allocate, name="core_allocate"),
    path("console/fulfilment/cores/<uuid:pk>/wipe/", cores.core_wipe, name="core_wipe"),
    path("console/fulfilment/cores/<uuid:pk>/place/", cores.core_place, name="core_place"),
    path("console/fulfilment/cores/<uuid:pk>/replace/", cores.core_replace, name="core_replace"),
    path("console/fulfilment/cores/<uuid:pk>/<slug:act>/", cores.core_act, name="core_act"),
    path("profile/devices/", devices.devices, name="devices"),
    path("profile/devices/<uuid:pk>/", devices.device, name="device"),
    path("profile/devices/<uuid:pk>/connect/", devices.device_connect, name="device_connect"),
    path("profile/devices/<uuid:pk>/place/", devices.device_place, name="device_place"),
    path("profile/devices/<uuid:pk>/return/", devices.device_return, name="device_return"),
    path(
        "profile/devices/<uuid:pk>/cameras/<uuid:behind>/disconnect/",
        devices.device_disconnect,
        name="device_disconnect",
    ),
]
