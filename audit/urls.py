"""Addresses of the auditors' pages."""

from django.urls import path

from audit.views import entries, log, taking

urlpatterns = [
    path("console/audit/", log.log, name="audit"),
    path("console/audit/searches/", log.filter_save, name="audit_filter_save"),
    path("console/audit/searches/<int:pk>/delete/", log.filter_delete, name="audit_filter_delete"),
    path("console/audit/take/", taking.take, name="audit_take"),
    path("console/audit/prints/<uuid:pk>/", taking.log_print, name="audit_print"),
    path("console/audit/prints/<uuid:pk>/progress/", taking.print_progress, name="audit_print_progress"),
    path("console/audit/prints/<uuid:pk>/file/", taking.print_file, name="audit_print_file"),
    path("console/audit/<int:pk>/", entries.entry, name="audit_entry"),
    path("console/audit/<int:pk>/check/", entries.entry_check, name="audit_entry_check"),
]
