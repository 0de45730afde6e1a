"""Live views in tests, by the real services: an incident declared critical, and a deputy who views a camera in it."""

from dataclasses import dataclass
from datetime import timedelta

import time_machine
from django.utils import timezone

from fusus_portal.accounts.models import User
from fusus_portal.accounts.roles import Role
from integration.models import DeviceCamera, ViewGrant
from integration.services import declarations, views
from registry.models import Incident, Registrant
from tests.factories import REASON, incident_at, person
from tests.integration.consent import connected, owner_of, signed
from tests.integration.devices import business_at

NETWORK, SESSION = "203.0.113.7", b"\x01" * 32
CRITICAL = "Shots were fired in the park, and people hide there."


@dataclass(frozen=True, slots=True)
class Scene:
    """A critical incident, a camera that its owner shares, and a deputy who works on it."""

    incident: Incident
    camera: DeviceCamera
    deputy: User

    @property
    def owner(self) -> Registrant:
        """Return whose camera it is."""
        return owner_of(self.camera)


def scene(owner: Registrant | None = None) -> Scene:
    """Return a critical incident beside a shared camera, with nobody viewing yet."""
    business, deputy = owner or business_at(), person(Role.DEPUTY)
    camera = connected(business, mode="incident")
    signed(business)
    incident = incident_at(by=deputy)
    declarations.declare(incident=incident, by=person(Role.SUPERVISOR), reason=CRITICAL)
    return Scene(incident, camera, deputy)


def begun(there: Scene) -> ViewGrant:
    """Return a view that begins now."""
    return views.start(
        incident=there.incident,
        camera=there.camera,
        by=there.deputy,
        reason=REASON,
        network=NETWORK,
        session=SESSION,
    )


def viewed(there: Scene, *, minutes: int) -> ViewGrant:
    """Return a view that was watched for so many minutes and has ended."""
    grant = begun(there)
    for minute in range(minutes):
        with time_machine.travel(timezone.now() + timedelta(minutes=minute)):
            views.watch(grant=grant)
    return views.end(grant=grant, by=there.deputy)
