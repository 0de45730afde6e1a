"""The app of the public figures."""

from importlib import import_module

from django.apps import AppConfig


class FiguresConfig(AppConfig):
    """Figures by day, month and all time, their checks, and the page from which they are released."""

    name = "fusus_portal.oversight.figures"
    label = "figures"

    def ready(self) -> None:
        """Add the card on the page "Administration", once models are there."""
        import_module("fusus_portal.oversight.figures.extensions").register()
