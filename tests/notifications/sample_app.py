"""An app for the worker of a test: every kind of message is rendered from samples."""

from django.apps import AppConfig

from fusus_portal.ground.notifications import kinds
from tests.notifications import samples


class SampleConfig(AppConfig):
    """Stands last in INSTALLED_APPS, after the apps that register the real builders."""

    name = "tests.notifications"
    label = "sample_messages"

    def ready(self) -> None:
        """Replace the builders."""
        kinds._builders.update(samples.builders())
