from django.apps import AppConfig


class GeoConfig(AppConfig):
    """Counties, points and addresses."""

    name = "fusus_portal.ground.geo"
    label = "geo"
