"""Addresses of files on their way (tus 1.0)."""

from django.urls import path

from registry.views import uploads

urlpatterns = [
    path("uploads/", uploads.upload_create, name="upload_create"),
    path("uploads/<str:key>/", uploads.upload, name="upload"),
    path("uploads/<str:key>/status/", uploads.upload_status, name="upload_status"),
]
