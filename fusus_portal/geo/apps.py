from django.apps import AppConfig


class GeoConfig(AppConfig):
    name = "fusus_portal.geo"
    label = "geo"
