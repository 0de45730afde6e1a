from django.urls import path

from registry.other_counties import views

urlpatterns = [
    path("profile/other-counties/<uuid:pk>/withdraw/", views.lead_withdraw, name="lead_withdraw"),
    path("console/admin/county-agencies/", views.agencies, name="county_agencies"),
    path("console/admin/county-agencies/new/", views.agency_new, name="county_agency_new"),
    path("console/admin/county-agencies/import/", views.agencies_import, name="county_agencies_import"),
    path("console/admin/county-agencies/export/", views.agencies_export, name="county_agencies_export"),
    path("console/admin/county-agencies/<uuid:pk>/", views.agency, name="county_agency"),
    path("console/admin/county-agencies/<uuid:pk>/remove/", views.agency_remove, name="county_agency_remove"),
    path("console/admin/outreach/", views.leads, name="leads"),
    path("console/admin/outreach/counties/<slug:county_fips>/", views.leads_of_county, name="leads_of_county"),
    path("console/admin/outreach/<uuid:pk>/", views.lead, name="lead"),
    path("console/admin/outreach/<uuid:pk>/step/", views.lead_step, name="lead_step"),
    path("console/admin/outreach/<uuid:pk>/note/", views.lead_note, name="lead_note"),
    path("console/admin/outreach/<uuid:pk>/person/", views.lead_person, name="lead_person"),
]
