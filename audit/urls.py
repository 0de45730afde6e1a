"""Addresses of the ledger, and of the auditors' pages."""

from django.urls import path

from audit.views import alarms, ledger, log

urlpatterns = [
    path("ledger/checkpoint", ledger.checkpoint, name="ledger_checkpoint"),
    path("ledger/key", ledger.key, name="ledger_key"),
    path("ledger/verifier.py", ledger.verifier, name="ledger_verifier"),
    path("ledger/tile/entries/<path:address>", ledger.entries, name="ledger_entries"),
    path("ledger/tile/<path:address>", ledger.tile, name="ledger_tile"),
    path("console/audit/", log.log, name="audit"),
    path("console/audit/<int:entry>/receipt", ledger.receipt, name="audit_receipt"),
    path("console/audit/alarms/", alarms.alarms, name="audit_alarms"),
    path("console/audit/alarms/<int:alarm>/", alarms.settle, name="audit_alarm"),
]
