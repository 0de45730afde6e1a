from django.apps import AppConfig


class DatabaseConfig(AppConfig):
    name = "fusus_portal.ground.database"
    label = "database"
