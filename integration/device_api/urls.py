from django.urls import path

from integration.device_api.views import calls, orders

urlpatterns = [
    path("core/v1/activate", calls.activate, name="core_activate"),
    path("core/v1/token", calls.token, name="core_token"),
    path("core/v1/poll", orders.poll, name="core_poll"),
    path("core/v1/orders", orders.orders, name="core_orders"),
    path("core/v1/health", calls.report_health, name="core_health"),
    path("core/v1/cameras", calls.cameras, name="core_cameras"),
    path("core/v1/snapshots/<uuid:snapshot>", calls.snapshot, name="core_snapshot"),
    path("core/v1/streams/<uuid:stream>/<str:name>", calls.stream, name="core_stream"),
    path("core/v1/clips/<uuid:clip>", calls.clip, name="core_clip"),
    path("core/v1/clips/<uuid:clip>/none", calls.no_clip, name="core_no_clip"),
    path("core/v1/openapi.json", calls.openapi, name="core_openapi"),
    path("core/v1/", calls.nothing_here, name="device_api"),
    path("core/v1/<path:rest>", calls.nothing_here, name="device_api_call"),
]
