"""Addresses of the agency's console."""

from django.urls import path

from registry.views import footage
from registry.views.console import canvasses, county_agencies, delays, evidence, incidents, outreach, start

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
    path("console/admin/county-agencies/", county_agencies.agencies, name="county_agencies"),
    path("console/admin/county-agencies/new/", county_agencies.agency_new, name="county_agency_new"),
    path("console/admin/county-agencies/import/", county_agencies.agencies_import, name="county_agencies_import"),
    path("console/admin/county-agencies/export/", county_agencies.agencies_export, name="county_agencies_export"),
    path("console/admin/county-agencies/<uuid:pk>/", county_agencies.agency, name="county_agency"),
    path("console/admin/county-agencies/<uuid:pk>/remove/", county_agencies.agency_remove, name="county_agency_remove"),
    path("console/admin/outreach/", outreach.leads, name="leads"),
    path("console/admin/outreach/counties/<str:county_fips>/", outreach.leads_of_county, name="leads_of_county"),
    path("console/admin/outreach/<uuid:pk>/", outreach.lead, name="lead"),
    path("console/admin/outreach/<uuid:pk>/step/", outreach.lead_step, name="lead_step"),
    path("console/admin/outreach/<uuid:pk>/note/", outreach.lead_note, name="lead_note"),
    path("console/admin/outreach/<uuid:pk>/person/", outreach.lead_person, name="lead_person"),
    path("console/evidence/<uuid:pk>/", evidence.evidence, name="evidence"),
    path("console/evidence/<uuid:pk>/stream/", footage.evidence_stream, name="evidence_stream"),
    path("console/evidence/<uuid:pk>/download/", footage.evidence_download, name="evidence_download"),
]
