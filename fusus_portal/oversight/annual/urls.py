from django.urls import path

from fusus_portal.oversight.annual import views

urlpatterns = [
    path("transparency/annual-report/<int:year>/", views.annual_report, name="annual_report"),
    path("transparency/annual-report/<int:year>/<int:number>/", views.annual_report, name="annual_version"),
    path("transparency/annual-report/<int:year>/<int:number>/pdf/", views.annual_paper, name="annual_paper"),
    path("console/annual-report/", views.annual_years, name="annual_years"),
    path("console/annual-report/<int:year>/", views.annual_draft, name="annual_draft"),
    path("console/annual-report/<int:year>/release/", views.annual_release, name="annual_release"),
    path("console/annual-report/<int:year>/parts/<slug:name>/", views.annual_part, name="annual_part"),
]
