"""What declarations have in common: how one comes into force, ends, and is written down. Parts of the acts."""

from datetime import datetime, timedelta

from audit.actors import Actor
from audit.events import Event
from audit.services import record
from integration.models import Declaration, DeclarationEnd
from integration.policies import declaring as policy
from integration.rules import DECLARATION_LIFE
from integration.selectors import declaring as known
from integration.selectors import viewing
from integration.services import ending
from integration.states import DECLARATION, DeclarationState
from registry.models import Incident
from registry.services import locking


def locked(declaration: Declaration) -> tuple[Incident, Declaration]:
    """Lock an incident and its declaration, and return both as they are now."""
    incident = locking.incident(declaration.incident_id)
    found = Declaration.objects.select_for_update(of=("self",), no_key=True).get(pk=declaration.pk)
    found.incident = incident
    return incident, found


def come_into_force(
    declaration: Declaration, actor: Actor, now: datetime, *, life: timedelta = DECLARATION_LIFE
) -> None:
    """Let a declaration of a locked incident begin now, in the place of one in force. Saves it; writes no entry.

    It never lasts beyond the day of the incident's first one. Raises Stale when that is over.
    """
    incident = declaration.incident
    first = known.first_at(incident)
    latest = policy.last_moment(first, now, incident=incident)
    before = viewing.in_force(incident)
    if before is not None:
        finish(before, actor, how=DeclarationEnd.REPLACED, now=now)
    declaration.state = DeclarationState.IN_FORCE
    declaration.starts_at, declaration.first_at = now, first or now
    declaration.ends_at = min(now + life, latest)
    declaration.save()


def finish(declaration: Declaration, actor: Actor, *, how: DeclarationEnd, now: datetime) -> None:
    """End a declaration of a locked incident with its entry, and the views that the gate then refuses."""
    rule = DECLARATION.check(
        source=declaration.state, target=DeclarationState.ENDED, role=actor.role, subject=declaration.subject
    )
    declaration.state, declaration.end, declaration.ended_at = DeclarationState.ENDED, how, now
    declaration.save(update_fields=["state", "end", "ended_at", "ended_by"])
    ending.end_refused(actor=actor, incident=declaration.incident_id)
    note(Event(rule.event), declaration, actor, end=str(how))


def note(event: Event, declaration: Declaration, actor: Actor, *, reason: str = "", **facts: int | str) -> None:
    """Write the entry of an act on a declaration."""
    until = {"until": declaration.ends_at.isoformat(timespec="seconds")} if declaration.ends_at else {}
    incident = declaration.incident
    record(
        event=event,
        actor=actor,
        subject=declaration.subject,
        incident=str(incident.pk),
        offence_type=incident.type.code,
        reason=reason,
        facts={"kind": str(declaration.kind), "radius_m": round(declaration.radius_m), **until, **facts},
    )
