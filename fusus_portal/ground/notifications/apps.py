"""Configuration of the outbox."""

from importlib import import_module

from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    """The outbox. Other apps register the builders of their kinds in their own `ready`."""

    name = "fusus_portal.ground.notifications"
    label = "notifications"
    verbose_name = "Notifications"

    def ready(self) -> None:
        """Make the tasks known in the web process too, which hands messages to them by name; add our own message."""
        import_module("fusus_portal.ground.notifications.tasks")
        import_module("fusus_portal.ground.notifications.extensions").register()
