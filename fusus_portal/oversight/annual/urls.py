from django.urls import path

from fusus_portal.oversight.annual.views import public, staff

urlpatterns = [
    path("transparency/annual-report/<int:year>/", public.annual_report, name="annual_report"),
    path("transparency/annual-report/<int:year>/<int:number>/", public.annual_version, name="annual_version"),
    path("transparency/annual-report/<int:year>/<int:number>/pdf/", public.annual_paper, name="annual_paper"),
    path("console/annual-report/", staff.annual_years, name="annual_years"),
    path("console/annual-report/<int:year>/", staff.annual_draft, name="annual_draft"),
    path("console/annual-report/<int:year>/release/", staff.annual_release, name="annual_release"),
    path("console/annual-report/<int:year>/parts/<slug:name>/", staff.annual_part, name="annual_part"),
]
