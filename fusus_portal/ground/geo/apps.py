from django.apps import AppConfig


class GeoConfig(AppConfig):
    name = "fusus_portal.ground.geo"
    label = "geo"
