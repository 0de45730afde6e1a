"""A test's stand-in for the browser makers is refused wherever the portal does not run for tests or a demo."""

from collections.abc import Sequence
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register


@register(Tags.security)
def no_stand_in(app_configs: Sequence[Any] | None, **_named: Any) -> list[CheckMessage]:
    """Return an error for PUSH_TEST_PEER where the demo is not installed, as in production."""
    if not settings.PUSH_TEST_PEER or apps.is_installed("fusus_portal.demo"):
        return []
    return [Error("PUSH_TEST_PEER is for tests: notices would go to a server on this machine.", id="push.E001")]
