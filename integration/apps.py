from importlib import import_module

from django.apps import AppConfig

NOUNS = ("cores", "sharing", "critical", "live", "clips", "watch_hours")


class IntegrationConfig(AppConfig):
    name = "integration"

    def ready(self) -> None:
        """Register each noun's extensions once models are loaded, and check that the required hooks are answered."""
        for noun in NOUNS:
            import_module(f"integration.{noun}.extensions").register()
        import_module("integration.hooks").must_be_answered()
