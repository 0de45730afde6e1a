"""The app of the annual report."""

from importlib import import_module

from django.apps import AppConfig


class AnnualConfig(AppConfig):
    """Reports of a year: numbers from the public figures, texts of the office, versions that stay."""

    name = "fusus_portal.oversight.annual"
    label = "annual"

    def ready(self) -> None:
        """Add the card on the page "Administration", once models are there."""
        import_module("fusus_portal.oversight.annual.extensions").register()
