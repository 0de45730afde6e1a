from importlib import import_module

from django.apps import AppConfig


class ReviewConfig(AppConfig):
    name = "fusus_portal.oversight.review"
    label = "review"

    def ready(self) -> None:
        import_module("fusus_portal.oversight.review.extensions").register()
        import_module("fusus_portal.oversight.review.messages")
