from django.apps import AppConfig


class DatabaseConfig(AppConfig):
    """Commands of the deploy step: `bootstrapdb` and `migrate`."""

    name = "fusus_portal.ground.database"
    label = "database"
