"""The agency app."""

from importlib import import_module

from django.apps import AppConfig


class AgencyConfig(AppConfig):
    """The agency's row, its documents and sentences, and the page from which administrators keep them."""

    name = "fusus_portal.ground.agency"
    label = "agency"
    verbose_name = "Agency data"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register this app's cards. Models can be imported only now."""
        import_module("fusus_portal.ground.agency.extensions").register()
        import_module("fusus_portal.ground.agency.messages")
