"""An incident that is critical now, around the shop whose CORE runs: a deputy can watch its cameras at once."""

from datetime import timedelta

from django.utils import timezone

from fusus_portal.demo.data import places
from fusus_portal.demo.data.neighborhood import place_of
from fusus_portal.demo.data.story import opened
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.lifecycle import Stale
from integration.critical import selectors
from integration.critical import services as critical
from registry.incidents.models import Incident
from registry.incidents.services import incidents
from registry.incidents.states import IncidentState
from registry.people.models import Registrant

NUMBERS = "2026-0002"
REASON = "Two men with guns are in the pharmacy next door; we must see the street before anybody goes in."


def keep(*, deputy: User, supervisor: User, owner: Registrant) -> None:
    """Declare the latest incident critical again while that is allowed; after its 24 hours open another one."""
    critical.end_due_declarations()
    latest = Incident.objects.filter(number__startswith=NUMBERS, state=IncidentState.OPEN).order_by("number").last()
    if latest is not None and (selectors.in_force(latest) or _declared(latest, supervisor)):
        return
    if latest is not None:
        incidents.close(incident=latest, by=supervisor)
    critical.declare_critical(incident=_begun(deputy, supervisor, owner), by=supervisor, reason=REASON)


def _begun(deputy: User, supervisor: User, owner: Registrant) -> Incident:
    number = Incident.objects.filter(number__startswith=NUMBERS).count() + 1
    return opened(
        number=f"{NUMBERS}{number:02}",
        code="robbery",
        spot=places.block_at(place_of(owner).point),
        starts_at=(timezone.now() - timedelta(hours=1, minutes=1)).replace(second=0, microsecond=0),
        by=deputy,
        verified_by=supervisor,
    )


def _declared(incident: Incident, supervisor: User) -> bool:
    try:
        critical.declare_critical(incident=incident, by=supervisor, reason=REASON)
    except Stale:
        return False
    return True
