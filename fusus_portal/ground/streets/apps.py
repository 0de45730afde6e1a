"""The app of the county's streets and addresses."""

from django.apps import AppConfig


class StreetsConfig(AppConfig):
    """Streets and addresses: loading them, finding them, drawing them."""

    name = "fusus_portal.ground.streets"
    label = "streets"
    default_auto_field = "django.db.models.BigAutoField"
