"""Addresses of audit. Its pages are those of the console."""

from django.urls import include, path

urlpatterns = [path("", include("audit.console.urls"))]
