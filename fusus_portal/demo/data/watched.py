"""A live view of an incident that was critical. It begins and ends now: no entry can be dated back."""

from datetime import timedelta

from django.utils import timezone

from fusus_portal.demo.data import places, story
from fusus_portal.ground.accounts.models import User
from integration.cores.models import DeviceCamera
from integration.critical import services as critical
from integration.live.services import view_notices, views
from integration.live.video.safety import is_safe
from integration.sharing.models import SharingMode
from registry.incidents.models import Incident

NUMBER = "2026-000100"
NOWHERE = "192.0.2.1"
"""An address that nobody has (RFC 5737)."""


def view(*, deputy: User, supervisor: User) -> None:
    """Add the view, once. It needs a Valkey for live video."""
    camera = DeviceCamera.objects.filter(removed_at__isnull=True, rule__mode=SharingMode.INCIDENT).first()
    if camera is None or not is_safe() or Incident.objects.filter(number=NUMBER).exists():
        return
    incident = story.opened(
        number=NUMBER,
        code="robbery",
        spot=places.block("20th St S", 1100),
        starts_at=timezone.localtime() - timedelta(hours=2),
        by=deputy,
        verified_by=supervisor,
    )
    declared = critical.declare_critical(
        incident=incident, by=supervisor, reason="Two armed men hold the clerk of a shop; the street is closed"
    )
    grant = views.start(
        incident=incident,
        camera=camera,
        by=deputy,
        reason="See which door they watch before anybody goes closer",
        network=NOWHERE,
        session=bytes(32),
    )
    views.watch(grant=grant)
    views.end(grant=grant, by=deputy)
    critical.end_declaration(declaration=declared, by=supervisor)
    view_notices.tell()
