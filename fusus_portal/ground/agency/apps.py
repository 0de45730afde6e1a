from importlib import import_module

from django.apps import AppConfig


class AgencyConfig(AppConfig):
    name = "fusus_portal.ground.agency"

    def ready(self) -> None:
        import_module("fusus_portal.ground.agency.extensions").register()
        import_module("fusus_portal.ground.agency.messages")
