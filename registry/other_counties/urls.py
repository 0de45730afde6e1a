from django.urls import path

from registry.other_counties.views import agencies, leads

urlpatterns = [
    path("profile/other-counties/<uuid:pk>/withdraw/", leads.withdraw, name="lead_withdraw"),
    path("console/admin/county-agencies/", agencies.agencies, name="county_agencies"),
    path("console/admin/county-agencies/new/", agencies.agency_new, name="county_agency_new"),
    path("console/admin/county-agencies/import/", agencies.agencies_import, name="county_agencies_import"),
    path("console/admin/county-agencies/export/", agencies.agencies_export, name="county_agencies_export"),
    path("console/admin/county-agencies/<uuid:pk>/", agencies.agency, name="county_agency"),
    path("console/admin/county-agencies/<uuid:pk>/remove/", agencies.agency_remove, name="county_agency_remove"),
    path("console/admin/outreach/", leads.leads, name="leads"),
    path("console/admin/outreach/counties/<slug:county_fips>/", leads.leads_of_county, name="leads_of_county"),
    path("console/admin/outreach/<uuid:pk>/", leads.lead, name="lead"),
    path("console/admin/outreach/<uuid:pk>/step/", leads.lead_step, name="lead_step"),
    path("console/admin/outreach/<uuid:pk>/note/", leads.lead_note, name="lead_note"),
    path("console/admin/outreach/<uuid:pk>/person/", leads.lead_person, name="lead_person"),
]
