from django.urls import path

from registry.incidents import views

urlpatterns = [
    path("console/join/", views.join, name="join"),
    path("console/incidents/<uuid:pk>/joins/<uuid:question>/admit/", views.join_admit, name="join_admit"),
    path("console/incidents/<uuid:pk>/joins/<uuid:question>/decline/", views.join_decline, name="join_decline"),
    path("console/", views.console, name="console"),
    path("console/work/", views.console_work, name="console_work"),
    path("console/work/<uuid:key>/", views.work_open, name="work_open"),
    path("console/incidents/<uuid:pk>/call/", views.incident_call, name="incident_call"),
    path("console/incidents/", views.incident_search, name="incidents"),
    path("console/incidents/<uuid:pk>/", views.incident, name="incident"),
    path("console/incidents/<uuid:pk>/change/", views.incident_change, name="incident_change"),
    path("console/incidents/<uuid:pk>/story/", views.incident_story, name="incident_story"),
    path("console/incidents/<uuid:pk>/verify/", views.incident_verify, name="incident_verify"),
    path("console/incidents/<uuid:pk>/close/", views.incident_close, name="incident_close"),
    path("console/incidents/<uuid:pk>/reopen/", views.incident_reopen, name="incident_reopen"),
    path("console/incidents/<uuid:pk>/assign/", views.incident_assign, name="incident_assign"),
    path(
        "console/incidents/<uuid:pk>/people/<uuid:person>/remove/",
        views.incident_unassign,
        name="incident_unassign",
    ),
    path("console/admin/incident-types/", views.type_list, name="incident_types"),
    path("console/admin/incident-types/new/", views.type_new, name="incident_type_new"),
    path("console/admin/incident-types/<uuid:pk>/", views.type_change, name="incident_type"),
    path("console/admin/incident-types/<uuid:pk>/retire/", views.type_retire, name="incident_type_retire"),
    path("console/admin/incident-types/<uuid:pk>/restore/", views.type_restore, name="incident_type_restore"),
    path("console/admin/incident-numbers/", views.number_format, name="number_format"),
    path("console/admin/incident-numbers/examples/", views.number_examples, name="number_examples"),
    path("dispatch/v1/incidents/", views.dispatch_incidents, name="dispatch_incidents"),
    path("console/dispatch/", views.dispatch_file, name="dispatch_file"),
    path("console/incidents/<uuid:pk>/dispatch/settle/", views.dispatch_settle, name="dispatch_settle"),
    path("console/admin/dispatch/", views.dispatch_keys_page, name="dispatch_keys"),
    path("console/admin/dispatch/<uuid:pk>/approve/", views.dispatch_key_approve, name="dispatch_key_approve"),
    path("console/admin/dispatch/<uuid:pk>/retire/", views.dispatch_key_retire, name="dispatch_key_retire"),
]
