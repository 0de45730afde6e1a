from importlib import import_module

from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    name = "fusus_portal.ground.notifications"

    def ready(self) -> None:
        """Load the tasks, since the web process hands messages to them by name, and our own kinds of messages."""
        import_module("fusus_portal.ground.notifications.tasks")
        import_module("fusus_portal.ground.notifications.messages")
