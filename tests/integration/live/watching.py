"""Live views in tests that were watched, minute by minute."""

from datetime import timedelta

import time_machine
from django.utils import timezone

from integration.live.models import ViewGrant
from integration.live.services import views
from tests.integration.critical.scenes import Scene


def viewed(there: Scene, *, minutes: int) -> ViewGrant:
    """Return a view that was watched for so many minutes and has ended."""
    grant = there.view()
    for minute in range(minutes):
        with time_machine.travel(timezone.now() + timedelta(minutes=minute)):
            views.watch(grant=grant)
    return views.end(grant=grant, by=there.deputy)
