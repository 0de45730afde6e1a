"""Configuration of the worklist."""

from importlib import import_module

from django.apps import AppConfig


class WorklistConfig(AppConfig):
    """What waits for people of the agency. Other apps register their sources in their own `ready`."""

    name = "fusus_portal.ground.worklist"
    label = "worklist"
    verbose_name = "Worklist"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Add our message, and what we do about an account."""
        import_module("fusus_portal.ground.worklist.extensions").register()
        import_module("fusus_portal.ground.worklist.messages")
