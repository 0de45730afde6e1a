"""Break-glass: two people who work on an incident declare it critical without a supervisor, once, for half an hour.

It is a declaration as any other, so every condition of the gate stays
(docs/decisions/integration/critical-incidents.md).
"""

from functools import partial

from django.db import transaction
from django.utils import timezone

from audit.log.events import Event
from fusus_portal.ground import steps
from fusus_portal.ground.accounts import askers
from fusus_portal.ground.accounts.actors import task_actor
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.accounts.roles import Role
from fusus_portal.ground.accounts.services import locks
from fusus_portal.ground.notifications.kinds import MessageKind
from fusus_portal.ground.notifications.services import outbox as notifications
from fusus_portal.ground.notifications.services.outbox import Letter
from integration.critical import locks as critical_locks
from integration.critical import selectors
from integration.critical.models import Declaration, DeclarationKind
from integration.critical.policies import declarations, reasons
from integration.critical.services import declaration_steps
from integration.critical.states import DeclarationState
from integration.rules import BREAK_GLASS_JUSTIFIED_WITHIN, BREAK_GLASS_LIFE, DECLARED_RADIUS_M
from registry.incidents import locks as incident_locks
from registry.incidents.models.incidents import Incident
from registry.incidents.policies.incidents import may_work_on

WATCHER = "integration.flag_broken_glass"
TOLD = (Role.SUPERVISOR, Role.ADMINISTRATOR, Role.AUDITOR)


def ask(*, incident: Incident, by: User, reason: str) -> Declaration:
    """Ask somebody else who works on the incident to break the glass with one.

    Raises Refused for a person not assigned and for an incident that nobody has verified, Stale when it is critical
    already or the glass was broken before, ValidationError on "reason".
    """
    with transaction.atomic():
        locked = incident_locks.incident(incident.pk)
        _may(by, locked)
        declarations.must_not_wait(selectors.waiting(locked))
        asked = Declaration.objects.create(
            incident=locked,
            kind=DeclarationKind.BREAK_GLASS,
            state=DeclarationState.PROPOSED,
            **declaration_steps.around(locked.point, DECLARED_RADIUS_M),
            reason=reasons.check(reason, incident=locked),
            declared_by=by,
        )
        declaration_steps.note(Event.GLASS_ASKED, asked, by.actor, reason=asked.reason)
    return asked


def confirm(*, declaration: Declaration, by: User) -> Declaration:
    """Break the glass as the second of two: the incident is critical for half an hour.

    Raises Refused for whoever asked and for a person not assigned, Stale like `ask`.
    """
    with transaction.atomic():
        asker = locks.hold_asker(declaration.declared_by_id)
        incident, locked = critical_locks.declaration(declaration)
        declarations.must_wait(locked)
        _may(by, incident)
        declarations.may_second(by, locked, incident)
        askers.must_still_count(asker, partial(may_work_on, incident=incident), subject=locked.subject)
        rule = steps.check(locked, DeclarationState.IN_FORCE, by)
        now = timezone.now()
        locked.seconded_by, locked.seconded_at = by, now
        locked.justify_by = now + BREAK_GLASS_JUSTIFIED_WITHIN
        declaration_steps.come_into_force(locked, by.actor, now, life=BREAK_GLASS_LIFE)
        declaration_steps.note(Event(rule.event), locked, by.actor)
        declaration_steps.note(
            Event.GLASS_BROKEN, locked, by.actor, reason=locked.reason, asked_by=str(locked.declared_by_id)
        )
        declaration_steps.ask_to_look(locked)
    return locked


def justify(*, declaration: Declaration, by: User, text: str) -> Declaration:
    """Write why the glass was broken, within a week; later it is late, and still due.

    Raises Refused for anybody but the two, Stale when it is justified, ValidationError on "justification".
    """
    with transaction.atomic():
        _incident, locked = critical_locks.declaration(declaration)
        declarations.may_justify(by, locked)
        locked.justification = reasons.check_justification(text, asked=locked.reason)
        locked.justified_by, locked.justified_at = by, timezone.now()
        locked.save(update_fields=["justification", "justified_by", "justified_at"])
        late = "late" if locked.overdue_at else "in time"
        declaration_steps.note(Event.GLASS_JUSTIFIED, locked, by.actor, reason=locked.justification, when=late)
    return locked


def flag_overdue() -> int:
    """Flag broken glass that nobody justified within a week, and write to who must hear of it; return how many."""
    return sum(_flag(declaration) for declaration in selectors.unjustified(timezone.now()))


def _may(by: User, incident: Incident) -> None:
    declarations.must_be_declarable(incident)
    may_work_on(by, incident)
    declarations.must_be_whole(incident, was_broken=selectors.broken(incident) is not None)
    declarations.must_lack_declaration(selectors.in_force(incident))


def _flag(declaration: Declaration) -> int:
    with transaction.atomic():
        _incident, locked = critical_locks.declaration(declaration)
        now = timezone.now()
        if not selectors.unjustified(now).filter(pk=locked.pk).exists():
            return 0
        locked.overdue_at = now
        locked.save(update_fields=["overdue_at"])
        declaration_steps.note(Event.GLASS_OVERDUE, locked, task_actor(WATCHER), flag="unjustified")
        _tell(locked)
    return 1


def _tell(declaration: Declaration) -> None:
    """Write to supervisors, administrators and auditors: one of the two may be any of the first."""
    staff = User.objects.filter(role__in=TOLD, is_active=True).order_by("pk")
    notifications.send_many(
        kind=MessageKind.GLASS_OVERDUE,
        letters=[
            Letter(person, declaration.subject, {"declaration": str(declaration.pk), "role": person.role})
            for person in staff
        ],
    )
