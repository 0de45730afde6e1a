"""A supervisor's delay in tests: an owner who was found, and the supervisor to whom a canvass showed the camera."""

from dataclasses import dataclass

from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.accounts.roles import Role
from registry.access_log import services
from registry.access_log.models import LookDelay
from registry.canvasses.models import Canvass
from registry.canvasses.services import canvasses
from registry.incidents.models import Incident
from registry.incidents.services import incidents
from registry.places.models import Camera
from registry.registrants.models import Registrant
from tests.factories import draft_of, incident_at, person, registrant_at

DELAY_REASON = "The owner's grandson is suspected and lives at the house."


@dataclass(frozen=True, slots=True)
class Case:
    """An incident, an owner near it, and a supervisor who may delay what that owner reads."""

    incident: Incident
    canvass: Canvass
    registrant: Registrant
    camera: Camera
    supervisor: User


def supervisor_on(incident: Incident, canvass: Canvass) -> User:
    """Return a supervisor who works on an incident and was shown the cameras of a canvass."""
    supervisor = person(Role.SUPERVISOR)
    incidents.assign(incident=incident, user=supervisor, by=supervisor)
    canvasses.show(canvass=canvass, by=supervisor)
    return supervisor


def case_of(registrant: Registrant | None = None) -> Case:
    """Return a case in which nothing is delayed yet."""
    owner = registrant or registrant_at()
    incident = incident_at()
    canvass = draft_of(incident)
    camera = Camera.objects.select_related("premises").get(premises__registrant=owner)
    return Case(incident, canvass, owner, camera, supervisor_on(incident, canvass))


def delayed(case: Case, *, days: int = 30) -> LookDelay:
    """Return a delay that begins now."""
    return services.delay_looks(
        incident=case.incident, camera=case.camera, by=case.supervisor, days=days, reason=DELAY_REASON
    )
