from django.urls import path

from fusus_portal.oversight.figures.views import files, reviews

urlpatterns = [
    path("transparency/report.json", files.report_json, name="figures_json"),
    path("transparency/report.csv", files.report_csv, name="figures_csv"),
    path("console/admin/figures/", reviews.figures, name="figures"),
    path("console/admin/figures/delay/", reviews.delay, name="figures_delay"),
    path("console/admin/figures/note/", reviews.note, name="figures_note"),
]
