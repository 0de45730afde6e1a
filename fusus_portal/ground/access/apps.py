from django.apps import AppConfig


class AccessConfig(AppConfig):
    name = "fusus_portal.ground.access"
