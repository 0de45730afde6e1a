"""The integration app."""

from importlib import import_module

from django.apps import AppConfig


class IntegrationConfig(AppConfig):
    """COREs, device cameras, sharing, the view gate, live view, the device API."""

    name = "integration"

    def ready(self) -> None:
        """Register messages, cards and words of the log. Models can be imported only now."""
        import_module("integration.messages").register_builders()
        import_module("integration.sharing_messages").register_builders()
        import_module("integration.view_messages").register_builders()
        import_module("integration.clip_offers").register()
        import_module("integration.cards").register()
        import_module("integration.leaving").register()
        import_module("integration.own_tables").register()
        import_module("integration.device_tables").register()
        import_module("integration.log_words").register()
        import_module("integration.sections").register()
        import_module("integration.following").register()
        import_module("integration.incident_following").register()
        import_module("integration.console_parts").register()
