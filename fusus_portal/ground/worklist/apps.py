from importlib import import_module

from django.apps import AppConfig


class WorklistConfig(AppConfig):
    name = "fusus_portal.ground.worklist"

    def ready(self) -> None:
        import_module("fusus_portal.ground.worklist.extensions").register()
        import_module("fusus_portal.ground.worklist.messages")
