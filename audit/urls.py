"""Addresses of the auditors' pages."""

from django.urls import path

from audit import views

urlpatterns = [path("console/audit/", views.log, name="audit")]
