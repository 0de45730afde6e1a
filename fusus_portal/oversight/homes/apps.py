from importlib import import_module

from django.apps import AppConfig


class HomesConfig(AppConfig):
    name = "fusus_portal.oversight.homes"
    label = "homes"

    def ready(self) -> None:
        import_module("fusus_portal.oversight.homes.extensions").register()
