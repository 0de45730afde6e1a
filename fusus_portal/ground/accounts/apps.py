"""The accounts app."""

from importlib import import_module

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Accounts, their lifecycle and the rules of signing in."""

    name = "fusus_portal.ground.accounts"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Listen to allauth, register messages, card and words of the log, and who hears of its alarms."""
        import_module("fusus_portal.ground.accounts.sign_in.receivers").connect()
        import_module("fusus_portal.ground.accounts.sections").register_sections()
        import_module("fusus_portal.ground.accounts.log_words").register()
        tell = import_module("fusus_portal.ground.accounts.services.alarms").tell
        import_module("audit.hooks").teller.register(tell)
