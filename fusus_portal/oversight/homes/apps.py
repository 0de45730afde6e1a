"""The app of home areas: one table, and one page for administrators."""

from importlib import import_module

from django.apps import AppConfig


class HomesConfig(AppConfig):
    """Where people of the office live, by ZIP code."""

    name = "fusus_portal.oversight.homes"
    label = "homes"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Follow accounts, once models are there."""
        import_module("fusus_portal.oversight.homes.extensions").register()
