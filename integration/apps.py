"""The integration app."""

from importlib import import_module

from django.apps import AppConfig

NOUNS = ("cores", "sharing", "critical", "live", "clips", "watch_hours")


class IntegrationConfig(AppConfig):
    """COREs, sharing, critical incidents, live view, clips, watch-hours, the device API."""

    name = "integration"

    def ready(self) -> None:
        """Let each noun add to the apps below and to the contracts of integration, once models are there."""
        for noun in NOUNS:
            import_module(f"integration.{noun}.extensions").register()
        import_module("integration.hooks").must_be_answered()
