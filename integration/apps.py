from django.apps import AppConfig


class IntegrationConfig(AppConfig):
    """COREs, device cameras, sharing, the view gate, live view, the device API."""

    name = "integration"
