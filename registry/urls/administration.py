"""Addresses of what administrators keep about incidents."""

from django.urls import path

from registry.views.console import incident_types

urlpatterns = [
    path("console/admin/incident-types/", incident_types.type_list, name="incident_types"),
    path("console/admin/incident-types/new/", incident_types.type_new, name="incident_type_new"),
    path("console/admin/incident-types/<uuid:pk>/", incident_types.type_change, name="incident_type"),
    path("console/admin/incident-types/<uuid:pk>/retire/", incident_types.type_retire, name="incident_type_retire"),
    path("console/admin/incident-types/<uuid:pk>/restore/", incident_types.type_restore, name="incident_type_restore"),
    path("console/admin/incident-numbers/", incident_types.number_format, name="number_format"),
    path("console/admin/incident-numbers/examples/", incident_types.number_examples, name="number_examples"),
]
