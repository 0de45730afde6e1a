from importlib import import_module

from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    name = "fusus_portal.ground.notifications"
    label = "notifications"
    verbose_name = "Notifications"

    def ready(self) -> None:
        """Make the tasks known in the web process too, which hands messages to them by name, and our own kinds."""
        import_module("fusus_portal.ground.notifications.tasks")
        import_module("fusus_portal.ground.notifications.messages")
