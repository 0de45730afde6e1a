from django.apps import AppConfig


class DemoConfig(AppConfig):
    name = "fusus_portal.demo"
    label = "demo"
