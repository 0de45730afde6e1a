"""Addresses of the agency's console."""

from django.urls import path

from registry.views import footage
from registry.views.console import approvals, canvasses, delays, evidence, incidents, purposes, start

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
    path("console/canvasses/<uuid:pk>/change/", canvasses.canvass_change, name="canvass_change"),
    path("console/canvasses/<uuid:pk>/leave-out/", canvasses.canvass_leave_out, name="canvass_leave_out"),
    path("console/canvasses/<uuid:pk>/put-back/", canvasses.canvass_put_back, name="canvass_put_back"),
    path("console/canvasses/<uuid:pk>/ask-approval/", approvals.canvass_ask_approval, name="canvass_ask_approval"),
    path("console/canvasses/<uuid:pk>/approval/", approvals.canvass_approval, name="canvass_approval"),
    path("console/canvasses/<uuid:pk>/withdraw/", canvasses.canvass_withdraw, name="canvass_withdraw"),
    path("console/canvasses/<uuid:pk>/send/", canvasses.canvass_send, name="canvass_send"),
    path("console/canvasses/<uuid:pk>/close/", canvasses.canvass_close, name="canvass_close"),
    path("console/canvasses/<uuid:pk>/replies/", canvasses.canvass_replies, name="canvass_replies"),
    path("console/admin/purposes/", purposes.purposes, name="purposes"),
    path("console/admin/purposes/<uuid:pk>/", purposes.purpose, name="purpose"),
    path("console/admin/purposes/<uuid:pk>/retire/", purposes.purpose_retire, name="purpose_retire"),
    path("console/admin/purposes/<uuid:pk>/restore/", purposes.purpose_restore, name="purpose_restore"),
    path("console/evidence/<uuid:pk>/", evidence.evidence, name="evidence"),
    path("console/evidence/<uuid:pk>/stream/", footage.evidence_stream, name="evidence_stream"),
    path("console/evidence/<uuid:pk>/download/", footage.evidence_download, name="evidence_download"),
]
