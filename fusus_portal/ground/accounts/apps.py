"""The accounts app."""

from importlib import import_module

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Accounts, their lifecycle and the rules of signing in."""

    name = "fusus_portal.ground.accounts"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Listen to allauth, and add to what is below, once models are there."""
        import_module("fusus_portal.ground.accounts.sign_in.receivers").connect()
        import_module("fusus_portal.ground.accounts.extensions").register()
        import_module("fusus_portal.ground.accounts.messages")
