from importlib import import_module

from django.apps import AppConfig


class PushConfig(AppConfig):
    name = "fusus_portal.ground.push"

    def ready(self) -> None:
        import_module("fusus_portal.ground.push.extensions").register()
