"""Parts of the acts on declarations, in their transactions: begin, end, entry, and messages."""

from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q

from audit.log.actors import Actor
from audit.log.events import Event
from audit.log.services import record
from fusus_portal.ground import steps
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.accounts.roles import Role
from fusus_portal.ground.geo.points import Point, Precision
from fusus_portal.ground.notifications.kinds import MessageKind
from fusus_portal.ground.notifications.services import outbox as notifications
from fusus_portal.ground.notifications.services.outbox import Letter
from integration import hooks
from integration.critical import selectors
from integration.critical.models import Declaration, DeclarationEnd
from integration.critical.policies import declarations
from integration.critical.states import DeclarationState
from integration.rules import DECLARATION_LIFE


def around(point: Point, radius_m: float) -> dict[str, Any]:
    place = {"latitude": point.latitude, "longitude": point.longitude, "precision": Precision.PINNED}
    return {**place, "radius_m": radius_m}


def come_into_force(
    declaration: Declaration, actor: Actor, now: datetime, *, life: timedelta = DECLARATION_LIFE
) -> None:
    """Put a declaration in force now, in place of another one. Saves it, without an entry. Raises Stale."""
    incident = declaration.incident
    first = selectors.first_at(incident)
    latest = declarations.last_moment(first, now, incident=incident)
    before = selectors.in_force(incident)
    if before is not None:
        finish(before, actor, how=DeclarationEnd.REPLACED, now=now)
    declaration.state = DeclarationState.IN_FORCE
    declaration.starts_at, declaration.first_at = now, first or now
    declaration.ends_at = min(now + life, latest)
    declaration.save()


def finish(declaration: Declaration, actor: Actor, *, how: DeclarationEnd, now: datetime) -> None:
    """End a declaration of a locked incident with its entry, and the views that the gate then refuses."""
    rule = steps.check(declaration, DeclarationState.ENDED, actor)
    declaration.state, declaration.end, declaration.ended_at = DeclarationState.ENDED, how, now
    declaration.save(update_fields=["state", "end", "ended_at", "ended_by"])
    hooks.permission_changed.answer(actor=actor, incident=declaration.incident_id)
    note(Event(rule.event), declaration, actor, end=str(how))


def note(event: Event, declaration: Declaration, actor: Actor, *, reason: str = "", **facts: int | str) -> None:
    until = {"until": declaration.ends_at.isoformat(timespec="seconds")} if declaration.ends_at else {}
    told = {"kind": str(declaration.kind), "radius_m": round(declaration.radius_m), **until, **facts}
    about = declaration.incident.in_log
    record(event=event, actor=actor, subject=declaration.subject, reason=reason, facts=told, **about)


def ask_to_look(declaration: Declaration) -> None:
    """Write to the supervisors who can confirm: neither the one who asks nor the one who opened the incident."""
    others = User.objects.filter(role=Role.SUPERVISOR, is_active=True)
    people = others.exclude(Q(pk=declaration.declared_by_id) | Q(pk=declaration.incident.opened_by_id))
    notifications.send_many(
        kind=MessageKind.CRITICAL_LOOK,
        letters=[
            Letter(person, declaration.subject, {"declaration": str(declaration.pk)})
            for person in people.order_by("pk")
        ],
    )
