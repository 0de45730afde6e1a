from django.apps import AppConfig


class StreetsConfig(AppConfig):
    name = "fusus_portal.ground.streets"
    label = "streets"
    default_auto_field = "django.db.models.BigAutoField"
