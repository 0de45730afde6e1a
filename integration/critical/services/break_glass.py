"""Break-glass: two people declare an incident critical without a supervisor, once, for half an hour.

A person who works on the incident asks. Any other deputy or supervisor confirms. For this glass alone, that counts as
verifying the incident. It is a declaration like any other, so every other condition of the gate stays
(docs/decisions/integration/broken-glass.md).
"""

from collections.abc import Collection, Iterable
from functools import partial

from django.db import transaction
from django.db.models import QuerySet
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
from registry.incidents.models import Incident
from registry.incidents.policies.incidents import may_work_on, must_be_open
from registry.incidents.services.incidents import note as note_on_incident

WATCHER = "integration.flag_broken_glass"
ASKED = (Role.DEPUTY, Role.SUPERVISOR)
TOLD = (Role.SUPERVISOR, Role.ADMINISTRATOR, Role.AUDITOR)


def ask(*, incident: Incident, by: User, reason: str) -> Declaration:
    """Ask another deputy or supervisor to break the glass. Everybody gets the message: nobody knows who is awake.

    Raises Refused for a person not assigned, or who broke glass twice in 7 days, Stale for a closed incident, one that
    is critical already, or whose glass was broken before, ValidationError on "reason".
    """
    with transaction.atomic():
        locks.hold_people(by.pk)
        locked = incident_locks.incident(incident.pk)
        must_be_open(locked)
        may_work_on(by, locked)
        declarations.may_break(by, locked)
        _must_be_breakable(locked)
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
        _write(MessageKind.GLASS_ASKED, asked, ASKED)
    return asked


def read(*, declaration: Declaration, by: User) -> Declaration:
    """Record that a person reads a question to confirm; return it. Raises Refused and Stale as `confirm`."""
    with transaction.atomic():
        incident, locked = critical_locks.declaration(declaration)
        _may_confirm(by, locked, incident)
        note_on_incident(Event.INCIDENT_VIEWED, incident, by.actor)
    return locked


def confirm(*, declaration: Declaration, by: User) -> Declaration:
    """Break the glass as the second of two; all who oversee get a message. Raises Refused, and Stale as `ask`."""
    with transaction.atomic():
        people = locks.hold_people(declaration.declared_by_id, by.pk)
        incident, locked = critical_locks.declaration(declaration)
        _may_confirm(by, locked, incident)
        asker = next((each for pk, each in people.items() if pk == locked.declared_by_id), None)
        askers.must_still_count(asker, partial(may_work_on, incident=incident), subject=locked.subject)
        rule = steps.check(locked, DeclarationState.IN_FORCE, by)
        now = timezone.now()
        locked.seconded_by, locked.seconded_at = by, now
        locked.justify_by = now + BREAK_GLASS_JUSTIFIED_WITHIN
        declaration_steps.come_into_force(locked, by.actor, now, life=BREAK_GLASS_LIFE)
        declaration_steps.note(Event(rule.event), locked, by.actor)
        told = _write(MessageKind.GLASS_BROKEN, locked, TOLD)
        declaration_steps.note(
            Event.GLASS_BROKEN, locked, by.actor, reason=locked.reason, asked_by=str(locked.declared_by_id), told=told
        )
    return locked


def justify(*, declaration: Declaration, by: User, text: str) -> Declaration:
    """Justify broken glass; after a week it is late, and still due. Raises Refused, Stale, ValidationError."""
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
    """Flag broken glass that nobody justified within a week, and write to all who oversee; return the number."""
    return sum(_flag(declaration) for declaration in selectors.unjustified(timezone.now()))


def _may_confirm(by: User, asked: Declaration, incident: Incident) -> None:
    must_be_open(incident)
    declarations.must_wait(asked, DeclarationKind.BREAK_GLASS)
    declarations.may_second(by, asked, incident)
    _must_be_breakable(incident)


def _must_be_breakable(incident: Incident) -> None:
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
        # One of the two may be a supervisor, and gets this message like the others.
        _send(MessageKind.GLASS_OVERDUE, locked, _active(TOLD))
    return 1


def _write(kind: MessageKind, declaration: Declaration, roles: Collection[Role]) -> int:
    told_already = [pk for pk in (declaration.declared_by_id, declaration.seconded_by_id) if pk is not None]
    return _send(kind, declaration, _active(roles).exclude(pk__in=told_already))


def _active(roles: Collection[Role]) -> QuerySet[User]:
    return User.objects.filter(role__in=roles, is_active=True).order_by("pk")


def _send(kind: MessageKind, declaration: Declaration, people: Iterable[User]) -> int:
    facts = {"declaration": str(declaration.pk)}
    letters = [Letter(person, declaration.subject, {**facts, "role": person.role}) for person in people]
    notifications.send_many(kind=kind, letters=letters)
    return len(letters)
