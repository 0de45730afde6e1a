"""The audit app."""

from importlib import import_module

from django.apps import AppConfig


class AuditConfig(AppConfig):
    """The ledger and its checks of the database."""

    name = "audit"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the system checks."""
        import_module("audit.checks")
