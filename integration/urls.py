"""Addresses of the device API."""

from django.urls import path

from integration import views

urlpatterns = [
    path("core/v1/", views.device_api, name="device_api"),
    path("core/v1/<path:rest>", views.device_api, name="device_api_call"),
]
