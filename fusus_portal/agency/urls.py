"""Addresses of the agency's data."""

from django.urls import path

from fusus_portal.agency.views import console, public

urlpatterns = [
    path("seal/<slug:digest>.png", public.seal, name="seal"),
    path("console/admin/", console.administration, name="admin"),
]
