"""Declarations: an incident is critical, around a place, for a time. A supervisor's act, never the opener's."""

from collections.abc import Callable
from datetime import datetime
from functools import partial

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from audit.log.actors import Actor
from audit.log.events import Event
from fusus_portal.ground import steps
from fusus_portal.ground.accounts import askers
from fusus_portal.ground.accounts.actors import task_actor
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.accounts.services import locks
from fusus_portal.ground.geo.points import Point
from integration.critical import locks as critical_locks
from integration.critical import selectors
from integration.critical.models import Declaration, DeclarationEnd, DeclarationKind
from integration.critical.policies import declarations, reasons
from integration.critical.services import declaration_steps
from integration.critical.states import DeclarationState
from integration.rules import DECLARATION_LIFE, DECLARED_RADIUS_M
from registry.incidents import locks as incident_locks
from registry.incidents.models import Incident, IncidentSource
from registry.incidents.policies.incidents import may_see

ENDER = "integration.end_declarations"
BY_TYPE = "Critical by its type, as dispatch sent it."


def declare(
    *, incident: Incident, by: User, reason: str, point: Point | None = None, radius_m: float | None = None
) -> Declaration:
    """Declare an incident critical for four hours. Beyond half a square mile it waits for a second supervisor.

    point, radius_m: the circle; None is the incident's own place, and 500 m. It replaces broken glass. Raises Refused
    unless a supervisor who did not open it declares, Stale if it is critical already or its 24 hours are up,
    ValidationError on "reason", "point" and "radius_m".
    """
    with transaction.atomic():
        locked = incident_locks.incident(incident.pk)
        declarations.must_be_declarable(locked)
        declarations.may_declare(by, locked)
        middle, radius = declarations.check_circle(point, radius_m, incident=locked)
        beyond = declarations.is_beyond(radius)
        declarations.must_not_be_critical(selectors.in_force(locked), beyond=beyond)
        if beyond:
            declarations.must_not_wait(selectors.waiting(locked))
        declaration = Declaration(
            incident=locked,
            kind=DeclarationKind.SUPERVISOR,
            state=DeclarationState.PROPOSED,
            **declaration_steps.around(middle, radius),
            beyond_limits=beyond,
            reason=reasons.check(reason, incident=locked),
            declared_by=by,
        )
        now = timezone.now()
        if beyond:
            declarations.last_moment(selectors.first_at(locked), now, incident=locked)
            declaration.save(force_insert=True)
        else:
            declaration_steps.come_into_force(declaration, by.actor, now)
        event = Event.CRITICAL_PROPOSED if beyond else Event.CRITICAL_DECLARED
        declaration_steps.note(event, declaration, by.actor, reason=declaration.reason)
        if beyond:
            declaration_steps.ask_to_look(declaration)
    return declaration


def second(*, declaration: Declaration, by: User) -> Declaration:
    """Confirm a declaration beyond the limits, as another supervisor who did not open it. Raises Refused, Stale."""
    with transaction.atomic():
        asker = locks.hold_asker(declaration.declared_by_id)
        incident, locked = critical_locks.declaration(declaration)
        declarations.must_wait(locked, DeclarationKind.SUPERVISOR)
        declarations.must_be_declarable(incident)
        declarations.may_second(by, locked, incident)
        askers.must_still_count(asker, partial(declarations.may_declare, incident=incident), subject=locked.subject)
        rule = steps.check(locked, DeclarationState.IN_FORCE, by)
        now = timezone.now()
        locked.seconded_by, locked.seconded_at = by, now
        declaration_steps.come_into_force(locked, by.actor, now)
        declaration_steps.note(Event(rule.event), locked, by.actor)
    return locked


def decline(*, declaration: Declaration, by: User) -> Declaration:
    """Drop a declaration that waits, as a person who could confirm it or as the one who asked. Raises like `second`."""
    with transaction.atomic():
        incident, locked = critical_locks.declaration(declaration)
        declarations.must_wait(locked)
        declarations.may_decline(by, locked, incident)
        locked.ended_by = by
        declaration_steps.finish(locked, by.actor, how=DeclarationEnd.DECLINED, now=timezone.now())
    return locked


def renew(*, declaration: Declaration, by: User, reason: str) -> Declaration:
    """Renew for four hours, never beyond 24 hours after the first one. Raises Refused, Stale, ValidationError."""
    with transaction.atomic():
        incident, locked = critical_locks.declaration(declaration)
        declarations.must_be_declarable(incident)
        declarations.may_renew(by, locked, incident)
        tidy = reasons.check(reason, incident=incident, known=[locked.reason, *locked.further_reasons])
        now = timezone.now()
        latest = declarations.last_moment(locked.first_at, now, incident=incident)
        locked.ends_at = min(now + DECLARATION_LIFE, latest)
        locked.renewals += 1
        locked.further_reasons = [*locked.further_reasons, tidy]
        locked.save(update_fields=["ends_at", "renewals", "further_reasons"])
        declaration_steps.note(Event.CRITICAL_RENEWED, locked, by.actor, reason=tidy)
    return locked


def end(*, declaration: Declaration, by: User) -> Declaration:
    """End a declaration, and every view that it allowed, at once. Raises Refused, Stale if it has ended."""
    with transaction.atomic():
        incident, locked = critical_locks.declaration(declaration)
        may_see(by, incident)
        declarations.must_run(locked)
        locked.ended_by = by
        declaration_steps.finish(locked, by.actor, how=DeclarationEnd.ENDED, now=timezone.now())
    return locked


def end_due() -> int:
    """End declarations whose time is up, drop unconfirmed ones; return the number. The gate asks the clock anyway."""
    due = ((selectors.over, DeclarationEnd.OVER), (selectors.stale, DeclarationEnd.DECLINED))
    return sum(_end_due(each, found, how) for found, how in due for each in found(timezone.now()))


def incident_ends(incident: Incident, actor: Actor, how: DeclarationEnd) -> None:
    """End the declarations of a locked incident, inside the act that changes or closes it."""
    now = timezone.now()
    for found in (selectors.in_force(incident), selectors.waiting(incident)):
        if found is not None:
            found.incident = incident
            declaration_steps.finish(found, actor, how=how, now=now)


def declare_by_type(incident: Incident, actor: Actor) -> None:
    """Declare a locked incident of dispatch critical if its type says so. There is no person to refuse."""
    by_dispatch = incident.source == IncidentSource.DISPATCH and incident.confirmed_at is not None
    now = timezone.now()
    if not by_dispatch or not incident.type.declares or selectors.in_force(incident) is not None:
        return
    first = selectors.first_at(incident)
    if first is not None and declarations.is_over(first, now):
        return
    declaration = Declaration(
        incident=incident,
        kind=DeclarationKind.TYPE,
        **declaration_steps.around(incident.point, DECLARED_RADIUS_M),
        reason=BY_TYPE,
    )
    declaration_steps.come_into_force(declaration, actor, now)
    declaration_steps.note(Event.CRITICAL_DECLARED, declaration, actor, reason=declaration.reason)


def _end_due(declaration: Declaration, found: Callable[[datetime], QuerySet[Declaration]], how: DeclarationEnd) -> int:
    with transaction.atomic():
        _incident, locked = critical_locks.declaration(declaration)
        now = timezone.now()
        if not found(now).filter(pk=locked.pk).exists():
            return 0
        declaration_steps.finish(locked, task_actor(ENDER), how=how, now=now)
    return 1
