from django.urls import path

from fusus_portal.oversight.figures import views

urlpatterns = [
    path("transparency/report.json", views.report_json, name="figures_json"),
    path("transparency/report.csv", views.report_csv, name="figures_csv"),
    path("console/admin/figures/", views.figures, name="figures"),
    path("console/admin/figures/delay/", views.figures_delay, name="figures_delay"),
    path("console/admin/figures/note/", views.figures_note, name="figures_note"),
]
