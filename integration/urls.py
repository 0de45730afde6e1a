"""Addresses of the device API, of clerks' pages about COREs, and of a business's own."""

from django.urls import path

from integration.views import device

urlpatterns = [
    path("core/v1/activate", device.activate, name="core_activate"),
    path("core/v1/token", device.token, name="core_token"),
    path("core/v1/poll", device.poll, name="core_poll"),
    path("core/v1/health", device.report_health, name="core_health"),
    path("core/v1/cameras", device.cameras, name="core_cameras"),
    path("core/v1/openapi.json", device.openapi, name="core_openapi"),
    path("core/v1/", device.nothing_here, name="device_api"),
    path("core/v1/<path:rest>", device.nothing_here, name="device_api_call"),
]
