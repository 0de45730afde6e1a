from django.urls import path

from audit.console import views

urlpatterns = [
    path("ledger/checkpoint", views.checkpoint, name="ledger_checkpoint"),
    path("ledger/key", views.key, name="ledger_key"),
    path("ledger/verifier.py", views.verifier, name="ledger_verifier"),
    path("ledger/tile/entries/<path:address>", views.ledger_entries, name="ledger_entries"),
    path("ledger/tile/<path:address>", views.tile, name="ledger_tile"),
    path("console/audit/<int:entry>/receipt", views.receipt, name="audit_receipt"),
    path("console/audit/alarms/", views.alarms, name="audit_alarms"),
    path("console/audit/alarms/<int:alarm>/", views.settle_alarm, name="audit_alarm"),
    path("console/audit/", views.audit_log, name="audit"),
    path("console/audit/searches/", views.filter_save, name="audit_filter_save"),
    path("console/audit/searches/<int:pk>/", views.filter_open, name="audit_filter"),
    path("console/audit/searches/<int:pk>/mail/", views.filter_mail, name="audit_filter_mail"),
    path("console/audit/searches/<int:pk>/delete/", views.filter_delete, name="audit_filter_delete"),
    path("console/audit/take/", views.take_copy, name="audit_take"),
    path("console/audit/prints/<uuid:pk>/", views.log_print, name="audit_print"),
    path("console/audit/prints/<uuid:pk>/progress/", views.print_progress, name="audit_print_progress"),
    path("console/audit/prints/<uuid:pk>/file/", views.print_file, name="audit_print_file"),
    path("console/audit/<int:pk>/", views.entry, name="audit_entry"),
    path("console/audit/<int:pk>/check/", views.entry_check, name="audit_entry_check"),
]
