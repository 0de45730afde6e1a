"""Addresses of the agency's console."""

from django.urls import path

from registry.views import footage
from registry.views.console import canvasses, delays, evidence, exports, imports, incidents, start

urlpatterns = [
    path("console/", start.console, name="console"),
    path("console/incidents/", incidents.incident_search, name="incidents"),
    path("console/incidents/new/", incidents.incident_new, name="incident_new"),
    path("console/incidents/<uuid:pk>/", incidents.incident, name="incident"),
    path("console/incidents/<uuid:pk>/change/", incidents.incident_change, name="incident_change"),
    path("console/incidents/<uuid:pk>/story/", incidents.incident_story, name="incident_story"),
    path("console/incidents/<uuid:pk>/verify/", incidents.incident_verify, name="incident_verify"),
    path("console/incidents/<uuid:pk>/close/", incidents.incident_close, name="incident_close"),
    path("console/incidents/<uuid:pk>/assign/", incidents.incident_assign, name="incident_assign"),
    path(
        "console/incidents/<uuid:pk>/people/<uuid:person>/remove/",
        incidents.incident_unassign,
        name="incident_unassign",
    ),
    path("console/incidents/<uuid:pk>/delays/", delays.look_delays, name="look_delays"),
    path("console/incidents/<uuid:pk>/cameras/<uuid:camera>/delay/", delays.look_delay_new, name="look_delay_new"),
    path("console/delays/<uuid:pk>/renew/", delays.look_delay_renew, name="look_delay_renew"),
    path("console/delays/<uuid:pk>/end/", delays.look_delay_end, name="look_delay_end"),
    path("console/incidents/<uuid:pk>/canvasses/new/", canvasses.canvass_new, name="canvass_new"),
    path("console/canvasses/<uuid:pk>/", canvasses.canvass, name="canvass"),
    path("console/canvasses/<uuid:pk>/sheet/", canvasses.canvass_sheet, name="canvass_sheet"),
    path("console/canvasses/<uuid:pk>/send/", canvasses.canvass_send, name="canvass_send"),
    path("console/canvasses/<uuid:pk>/close/", canvasses.canvass_close, name="canvass_close"),
    path("console/canvasses/<uuid:pk>/replies/", canvasses.canvass_replies, name="canvass_replies"),
    path("console/evidence/<uuid:pk>/", evidence.evidence, name="evidence"),
    path("console/evidence/<uuid:pk>/stream/", footage.evidence_stream, name="evidence_stream"),
    path("console/evidence/<uuid:pk>/download/", footage.evidence_download, name="evidence_download"),
    path("console/admin/imports/", imports.import_list, name="import_list"),
    path("console/admin/imports/counts/", imports.registry_counts, name="registry_counts"),
    path("console/admin/imports/<uuid:pk>/", imports.import_batch, name="import_batch"),
    path("console/admin/imports/<uuid:pk>/columns/", imports.import_columns, name="import_columns"),
    path("console/admin/imports/<uuid:pk>/progress/", imports.import_progress, name="import_progress"),
    path("console/admin/imports/<uuid:pk>/start/", imports.import_start, name="import_start"),
    path("console/admin/imports/<uuid:pk>/discard/", imports.import_discard, name="import_discard"),
    path("console/admin/imports/<uuid:pk>/undo/", imports.import_undo, name="import_undo"),
    path("console/admin/imports/<uuid:pk>/errors/", imports.import_faults, name="import_faults"),
    path("console/admin/imports/<uuid:pk>/write/", imports.import_write, name="import_write"),
    path("console/admin/exports/", exports.registry_exports, name="registry_exports"),
    path("console/admin/exports/<uuid:pk>/approve/", exports.export_approve, name="export_approve"),
    path("console/admin/exports/<uuid:pk>/cancel/", exports.export_cancel, name="export_cancel"),
    path("console/admin/exports/<uuid:pk>/take/", exports.export_take, name="export_take"),
]
