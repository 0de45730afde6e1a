"""The app of the weekly review."""

from importlib import import_module

from django.apps import AppConfig


class ReviewConfig(AppConfig):
    """Weeks, cards, questions, findings, and who hears when a review is overdue."""

    name = "fusus_portal.oversight.review"
    label = "review"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Add to the apps below, once models are there."""
        import_module("fusus_portal.oversight.review.extensions").register()
        import_module("fusus_portal.oversight.review.messages")
