"""Integration follows incidents and accounts: what is critical, and who sees what, ends with what it stood on."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from audit.actors import Actor
from fusus_portal.accounts import followers as account_followers
from fusus_portal.accounts.models import User
from integration.models import DeclarationEnd
from integration.selectors import declaring, viewing
from integration.services import declarations, ending
from registry import incident_followers
from registry.incident_followers import IncidentFollower
from registry.models import Incident


def register() -> None:
    """Follow."""
    incident_followers.register(
        IncidentFollower(
            name="integration",
            confirmed=confirmed,
            changed=changed,
            closed=closed,
            unassigned=unassigned,
            closing=closing,
        )
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


def closing(incident: Incident) -> list[str]:
    """Say which views end with it, that it is critical no more, and what nobody can confirm any more."""
    views = viewing.running().filter(incident=incident).count()
    said = []
    if views:
        said.append(
            ngettext("%(views)d live view ends at once.", "%(views)d live views end at once.", views) % {"views": views}
        )
    if viewing.in_force(incident):
        said.append(_("It is not critical any more: no camera can be seen live for it."))
    if declaring.waiting(incident):
        said.append(_("The question whether it is critical, which waits for a second person, is dropped."))
    return said


def unassigned(incident: Incident, user: User, actor: Actor) -> None:
    """End what this person sees for the incident."""
    ending.end_refused(actor=actor, incident=incident.pk, deputy=user.pk)


def account_does_less(account: User, actor: Actor) -> None:
    """End what this person sees."""
    ending.end_refused(actor=actor, deputy=account.pk)
