from importlib import import_module

from django.apps import AppConfig


class FiguresConfig(AppConfig):
    name = "fusus_portal.oversight.figures"
    label = "figures"

    def ready(self) -> None:
        import_module("fusus_portal.oversight.figures.extensions").register()
