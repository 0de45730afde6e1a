"""The audit app."""

from importlib import import_module

from django.apps import AppConfig


class AuditConfig(AppConfig):
    """The log, the ledger over it, and the auditors' console."""

    name = "audit"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the system checks."""
        import_module("audit.log.checks")
