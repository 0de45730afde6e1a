from importlib import import_module

from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    name = "fusus_portal.ground.notifications"
    label = "notifications"
    verbose_name = "Notifications"

    def ready(self) -> None:
        """Import the tasks in the web process too, which queues them by name."""
        import_module("fusus_portal.ground.notifications.tasks")
        import_module("fusus_portal.ground.notifications.extensions").register()
