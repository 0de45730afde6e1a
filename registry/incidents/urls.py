from django.urls import path

from registry.incidents.views import dispatch_api, dispatch_console, incidents, start_page, types

urlpatterns = [
    path("console/", start_page.console, name="console"),
    path("console/work/", start_page.console_work, name="console_work"),
    path("console/incidents/", incidents.incident_search, name="incidents"),
    path("console/incidents/<uuid:pk>/", incidents.incident, name="incident"),
    path("console/incidents/<uuid:pk>/change/", incidents.incident_change, name="incident_change"),
    path("console/incidents/<uuid:pk>/story/", incidents.incident_story, name="incident_story"),
    path("console/incidents/<uuid:pk>/verify/", incidents.incident_verify, name="incident_verify"),
    path("console/incidents/<uuid:pk>/close/", incidents.incident_close, name="incident_close"),
    path("console/incidents/<uuid:pk>/reopen/", incidents.incident_reopen, name="incident_reopen"),
    path("console/incidents/<uuid:pk>/assign/", incidents.incident_assign, name="incident_assign"),
    path(
        "console/incidents/<uuid:pk>/people/<uuid:person>/remove/",
        incidents.incident_unassign,
        name="incident_unassign",
    ),
    path("console/admin/incident-types/", types.type_list, name="incident_types"),
    path("console/admin/incident-types/new/", types.type_new, name="incident_type_new"),
    path("console/admin/incident-types/<uuid:pk>/", types.type_change, name="incident_type"),
    path("console/admin/incident-types/<uuid:pk>/retire/", types.type_retire, name="incident_type_retire"),
    path("console/admin/incident-types/<uuid:pk>/restore/", types.type_restore, name="incident_type_restore"),
    path("console/admin/incident-numbers/", types.number_format, name="number_format"),
    path("console/admin/incident-numbers/examples/", types.number_examples, name="number_examples"),
    path("dispatch/v1/incidents/", dispatch_api.incidents, name="dispatch_incidents"),
    path("console/dispatch/", dispatch_console.dispatch_file, name="dispatch_file"),
    path("console/incidents/<uuid:pk>/dispatch/settle/", dispatch_console.dispatch_settle, name="dispatch_settle"),
    path("console/admin/dispatch/", dispatch_console.dispatch_keys_page, name="dispatch_keys"),
    path(
        "console/admin/dispatch/<uuid:pk>/approve/", dispatch_console.dispatch_key_approve, name="dispatch_key_approve"
    ),
    path("console/admin/dispatch/<uuid:pk>/retire/", dispatch_console.dispatch_key_retire, name="dispatch_key_retire"),
]
