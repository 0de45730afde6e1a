"""Addresses about dispatch: where its system delivers, and the console's."""

from django.urls import path

from registry.views import dispatch as machine
from registry.views.console import dispatch

urlpatterns = [
    path("dispatch/v1/incidents/", machine.incidents, name="dispatch_incidents"),
    path("console/dispatch/", dispatch.dispatch_file, name="dispatch_file"),
    path("console/incidents/<uuid:pk>/dispatch/settle/", dispatch.dispatch_settle, name="dispatch_settle"),
    path("console/admin/dispatch/", dispatch.dispatch_keys_page, name="dispatch_keys"),
    path("console/admin/dispatch/<uuid:pk>/approve/", dispatch.dispatch_key_approve, name="dispatch_key_approve"),
    path("console/admin/dispatch/<uuid:pk>/retire/", dispatch.dispatch_key_retire, name="dispatch_key_retire"),
]
