"""The accounts app."""

from importlib import import_module

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Accounts, their lifecycle and the rules of signing in."""

    name = "fusus_portal.accounts"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Listen to allauth, and register this app's messages and its card, and who hears of the log's alarms."""
        import_module("fusus_portal.accounts.receivers").connect()
        import_module("fusus_portal.accounts.sections").register_sections()
        tell = import_module("fusus_portal.accounts.services.alarms").tell
        import_module("audit.ledger.telling").register(tell)
