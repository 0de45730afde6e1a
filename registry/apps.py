"""The registry app."""

from importlib import import_module

from django.apps import AppConfig


class RegistryConfig(AppConfig):
    """Registrants, premises, cameras, incidents, canvasses, requests, evidence."""

    name = "registry"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register messages, cards and words of the log, and listen to allauth. Models can be imported only now."""
        import_module("registry.messages").register_builders()
        import_module("registry.sections").register()
        import_module("registry.log_words").register()
        import_module("registry.receivers").connect()
