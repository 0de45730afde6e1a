"""Integration follows incidents and accounts: what is critical, and who sees what, ends with what it stood on."""

from audit.actors import Actor
from fusus_portal.accounts import followers as account_followers
from fusus_portal.accounts.models import User
from integration.models import DeclarationEnd
from integration.services import declarations, ending
from registry import incident_followers
from registry.incident_followers import IncidentFollower
from registry.models import Incident


def register() -> None:
    """Follow."""
    incident_followers.register(
        IncidentFollower(name="integration", confirmed=confirmed, changed=changed, closed=closed, unassigned=unassigned)
    )
    account_followers.register("integration", account_does_less)


def confirmed(incident: Incident, actor: Actor) -> None:
    """Declare it critical where its type says so."""
    declarations.declare_by_type(incident, actor)


def changed(incident: Incident, actor: Actor) -> None:
    """End what was declared of what it was before."""
    declarations.incident_ends(incident, actor, DeclarationEnd.CHANGED)


def closed(incident: Incident, actor: Actor) -> None:
    """End what was declared, and what waits to be."""
    declarations.incident_ends(incident, actor, DeclarationEnd.CLOSED)


def unassigned(incident: Incident, user: User, actor: Actor) -> None:
    """End what this person sees for the incident."""
    ending.end_refused(actor=actor, incident=incident.pk, deputy=user.pk)


def account_does_less(account: User, actor: Actor) -> None:
    """End what this person sees."""
    ending.end_refused(actor=actor, deputy=account.pk)
