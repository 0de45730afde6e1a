from importlib import import_module

from django.apps import AppConfig

from fusus_portal.ground.notifications import kinds

NOUNS = ("cores", "sharing", "critical", "live", "clips", "watch_hours")


class IntegrationConfig(AppConfig):
    name = "integration"

    def ready(self) -> None:
        for noun in NOUNS:
            import_module(f"integration.{noun}.extensions").register()
            kinds.discover(f"integration.{noun}")
        import_module("integration.hooks").must_be_answered()
