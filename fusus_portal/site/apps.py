"""The pages and commands that belong to no other app."""

from importlib import import_module

from django.apps import AppConfig


class SiteConfig(AppConfig):
    """Home, questions, health, and `manage.py states`."""

    name = "fusus_portal.site"
    label = "portal_site"

    def ready(self) -> None:
        """Have `check --deploy` ask whether uploads can be kept."""
        import_module("fusus_portal.uploads")
