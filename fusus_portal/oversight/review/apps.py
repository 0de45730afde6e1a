from importlib import import_module

from django.apps import AppConfig


class ReviewConfig(AppConfig):
    name = "fusus_portal.oversight.review"
    label = "review"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        import_module("fusus_portal.oversight.review.extensions").register()
        import_module("fusus_portal.oversight.review.messages")
