from django.apps import AppConfig


class DatabaseConfig(AppConfig):
    """Commands of the deploy step: `bootstrapdb` and `migrate`."""

    name = "fusus_portal.database"
    label = "database"
