"""An app for the worker of a test: every kind of message is rendered from samples."""

from django.apps import AppConfig

from fusus_portal.ground.notifications.kinds import all_kinds
from tests.notifications import samples


class SampleConfig(AppConfig):
    """Stands last in INSTALLED_APPS, after the apps whose kinds these are."""

    name = "tests.notifications"
    label = "sample_messages"

    def ready(self) -> None:
        """Replace what they build."""
        for kind in all_kinds():
            kind.build = samples.builder(kind.name)  # type: ignore[assignment, method-assign]
