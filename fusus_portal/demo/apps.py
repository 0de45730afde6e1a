from django.apps import AppConfig


class DemoConfig(AppConfig):
    """Commands of development; in no production settings."""

    name = "fusus_portal.demo"
    label = "demo"
