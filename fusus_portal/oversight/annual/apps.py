from importlib import import_module

from django.apps import AppConfig


class AnnualConfig(AppConfig):
    name = "fusus_portal.oversight.annual"
    label = "annual"

    def ready(self) -> None:
        import_module("fusus_portal.oversight.annual.extensions").register()
