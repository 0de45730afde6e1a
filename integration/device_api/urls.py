from django.urls import path

from integration.device_api import views

urlpatterns = [
    path("core/v1/activate", views.activate, name="core_activate"),
    path("core/v1/token", views.token, name="core_token"),
    path("core/v1/poll", views.poll, name="core_poll"),
    path("core/v1/orders", views.orders, name="core_orders"),
    path("core/v1/health", views.report_health, name="core_health"),
    path("core/v1/cameras", views.cameras, name="core_cameras"),
    path("core/v1/snapshots/<uuid:snapshot>", views.snapshot, name="core_snapshot"),
    path("core/v1/streams/<uuid:stream>/<str:name>", views.stream, name="core_stream"),
    path("core/v1/clips/<uuid:clip>", views.clip, name="core_clip"),
    path("core/v1/clips/<uuid:clip>/none", views.no_clip, name="core_no_clip"),
    path("core/v1/openapi.json", views.openapi, name="core_openapi"),
    path("core/v1/", views.nothing_here, name="device_api"),
    path("core/v1/<path:rest>", views.nothing_here, name="device_api_call"),
]
