"""The agency app."""

from django.apps import AppConfig


class AgencyConfig(AppConfig):
    """The agency's row, and the page from which administrators keep it."""

    name = "fusus_portal.agency"
    label = "agency"
    verbose_name = "Agency data"
    default_auto_field = "django.db.models.BigAutoField"
