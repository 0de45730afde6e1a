from django.urls import path

from audit.console.views import alarms, copies, entries, ledger, search

urlpatterns = [
    path("ledger/checkpoint", ledger.checkpoint, name="ledger_checkpoint"),
    path("ledger/key", ledger.key, name="ledger_key"),
    path("ledger/verifier.py", ledger.verifier, name="ledger_verifier"),
    path("ledger/tile/entries/<path:address>", ledger.entries, name="ledger_entries"),
    path("ledger/tile/<path:address>", ledger.tile, name="ledger_tile"),
    path("console/audit/<int:entry>/receipt", ledger.receipt, name="audit_receipt"),
    path("console/audit/alarms/", alarms.alarms, name="audit_alarms"),
    path("console/audit/alarms/<int:alarm>/", alarms.settle, name="audit_alarm"),
    path("console/audit/", search.log, name="audit"),
    path("console/audit/searches/", search.filter_save, name="audit_filter_save"),
    path("console/audit/searches/<int:pk>/", search.filter_open, name="audit_filter"),
    path("console/audit/searches/<int:pk>/mail/", search.filter_mail, name="audit_filter_mail"),
    path("console/audit/searches/<int:pk>/delete/", search.filter_delete, name="audit_filter_delete"),
    path("console/audit/take/", copies.take, name="audit_take"),
    path("console/audit/prints/<uuid:pk>/", copies.log_print, name="audit_print"),
    path("console/audit/prints/<uuid:pk>/progress/", copies.print_progress, name="audit_print_progress"),
    path("console/audit/prints/<uuid:pk>/file/", copies.print_file, name="audit_print_file"),
    path("console/audit/<int:pk>/", entries.entry, name="audit_entry"),
    path("console/audit/<int:pk>/check/", entries.entry_check, name="audit_entry_check"),
]
