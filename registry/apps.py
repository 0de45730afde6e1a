from django.apps import AppConfig


class RegistryConfig(AppConfig):
    """Registrants, premises, cameras, incidents, canvasses, requests, evidence."""

    name = "registry"
