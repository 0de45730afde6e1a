"""Declarations that an incident is critical, and broken glass (docs/decisions/integration/broken-glass.md)."""

from collections.abc import Callable, Collection, Iterable
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from audit.log.actors import Actor
from audit.log.events import Event
from audit.log.services import record
from fusus_portal.ground import steps
from fusus_portal.ground.accounts import policies as accounts
from fusus_portal.ground.accounts.models import User, task_actor
from fusus_portal.ground.accounts.roles import Role
from fusus_portal.ground.accounts.services import accounts as account_services
from fusus_portal.ground.geo.points import Point, Precision
from fusus_portal.ground.notifications.kinds import MessageKind
from fusus_portal.ground.notifications.services import outbox as notifications
from integration import hooks
from integration.critical import policies, selectors
from integration.critical.models import Declaration, DeclarationEnd, DeclarationKind
from integration.critical.states import DeclarationState
from integration.rules import BREAK_GLASS_JUSTIFIED_WITHIN, BREAK_GLASS_LIFE, DECLARATION_LIFE, DECLARED_RADIUS_M
from registry.incidents import locks
from registry.incidents.models import Incident, IncidentSource
from registry.incidents.policies.incidents import may_see, may_work_on, must_be_open
from registry.incidents.services.incidents import note as note_on_incident


def _circle_columns(point: Point, radius_m: float) -> dict[str, Any]:
    place = {"latitude": point.latitude, "longitude": point.longitude, "precision": Precision.PINNED}
    return {**place, "radius_m": radius_m}


def _put_in_force(declaration: Declaration, actor: Actor, now: datetime, *, life: timedelta = DECLARATION_LIFE) -> None:
    """Put a declaration in force now, in place of the former one. Save it, without an entry. Raises Stale."""
    incident = declaration.incident
    first = selectors.first_at(incident)
    latest = policies.last_moment_of_day(first, now, incident=incident)
    before = selectors.in_force(incident)
    if before is not None:
        _finish(before, actor, how=DeclarationEnd.REPLACED, now=now)
    declaration.state = DeclarationState.IN_FORCE
    declaration.starts_at, declaration.first_at = now, first or now
    declaration.ends_at = min(now + life, latest)
    declaration.save()


def _finish(declaration: Declaration, actor: Actor, *, how: DeclarationEnd, now: datetime) -> None:
    """End a declaration of a locked incident with its entry, and the live views that only it allowed."""
    rule = steps.check(declaration, DeclarationState.ENDED, actor)
    declaration.state, declaration.end, declaration.ended_at = DeclarationState.ENDED, how, now
    declaration.save(update_fields=["state", "end", "ended_at", "ended_by"])
    hooks.permission_changed.answer(actor=actor, incident=declaration.incident_id)
    _note(Event(rule.event), declaration, actor, end=str(how))


def _note(event: Event, declaration: Declaration, actor: Actor, *, reason: str = "", **facts: int | str) -> None:
    until = {"until": declaration.ends_at.isoformat(timespec="seconds")} if declaration.ends_at else {}
    told = {"kind": str(declaration.kind), "radius_m": round(declaration.radius_m), **until, **facts}
    about = declaration.incident.in_log
    record(event=event, actor=actor, subject=declaration.subject, reason=reason, facts=told, **about)


def _ask_to_look(declaration: Declaration) -> None:
    """Write to the supervisors who can confirm a declaration: not its author, and not the opener of the incident."""
    author_or_opener = Q(pk=declaration.declared_by_id) | Q(pk=declaration.incident.opened_by_id)
    _send(MessageKind.CRITICAL_LOOK, declaration, _active([Role.SUPERVISOR]).exclude(author_or_opener))


DECLARATION_ENDER = "integration.end_declarations"
BY_TYPE = "Critical by its type, as dispatch sent it."


def declare_critical(
    *, incident: Incident, by: User, reason: str, point: Point | None = None, radius_m: float | None = None
) -> Declaration:
    """Declare an incident critical for four hours. Beyond half a square mile it waits for a second supervisor.

    point, radius_m: the circle; None is the incident's own place, and 500 m. The declaration replaces broken glass.
    Raises Refused unless `by` is a supervisor who did not open the incident, and for an unverified one; Stale if the
    incident is critical already or its 24 hours are up; ValidationError on "reason", "point" and "radius_m".
    """
    with transaction.atomic():
        locked = locks.incident(incident.pk)
        policies.must_be_declarable(locked)
        policies.may_declare(by, locked)
        middle, radius = policies.check_circle(point, radius_m, incident=locked)
        beyond = policies.is_beyond_limits(radius)
        policies.must_not_be_critical(selectors.in_force(locked), beyond=beyond)
        if beyond:
            policies.must_not_await_second(selectors.waiting(locked))
        declaration = Declaration(
            incident=locked,
            kind=DeclarationKind.SUPERVISOR,
            state=DeclarationState.PROPOSED,
            **_circle_columns(middle, radius),
            beyond_limits=beyond,
            reason=policies.check_fresh_reason(reason, incident=locked),
            declared_by=by,
        )
        now = timezone.now()
        if beyond:
            policies.last_moment_of_day(selectors.first_at(locked), now, incident=locked)
            declaration.save(force_insert=True)
        else:
            _put_in_force(declaration, by.actor, now)
        event = Event.CRITICAL_PROPOSED if beyond else Event.CRITICAL_DECLARED
        _note(event, declaration, by.actor, reason=declaration.reason)
        if beyond:
            _ask_to_look(declaration)
    return declaration


def second_declaration(*, declaration: Declaration, by: User) -> Declaration:
    """Confirm a declaration of a larger circle, as another supervisor, not the opener. Raises Refused, Stale."""
    with transaction.atomic():
        asker = account_services.hold_asker(declaration.declared_by_id)
        incident, locked = _locked(declaration)
        policies.must_await_second(locked, DeclarationKind.SUPERVISOR)
        policies.must_be_declarable(incident)
        policies.may_second_declaration(by, locked, incident)
        accounts.must_have_valid_asker(asker, partial(policies.may_declare, incident=incident), subject=locked.subject)
        rule = steps.check(locked, DeclarationState.IN_FORCE, by)
        now = timezone.now()
        locked.seconded_by, locked.seconded_at = by, now
        _put_in_force(locked, by.actor, now)
        _note(Event(rule.event), locked, by.actor)
    return locked


def decline_declaration(*, declaration: Declaration, by: User) -> Declaration:
    """Drop a declaration that waits for a second person, as that person or as its author. Raises Refused, Stale."""
    with transaction.atomic():
        incident, locked = _locked(declaration)
        policies.must_await_second(locked)
        policies.may_decline_declaration(by, locked, incident)
        locked.ended_by = by
        _finish(locked, by.actor, how=DeclarationEnd.DECLINED, now=timezone.now())
    return locked


def renew_declaration(*, declaration: Declaration, by: User, reason: str) -> Declaration:
    """Renew a declaration for four hours, at most 24 hours after the first. Raises Refused, Stale, ValidationError."""
    with transaction.atomic():
        incident, locked = _locked(declaration)
        policies.must_be_declarable(incident)
        policies.may_renew_declaration(by, locked, incident)
        tidy = policies.check_fresh_reason(reason, incident=incident, known=[locked.reason, *locked.further_reasons])
        now = timezone.now()
        latest = policies.last_moment_of_day(locked.first_at, now, incident=incident)
        locked.ends_at = min(now + DECLARATION_LIFE, latest)
        locked.renewals += 1
        locked.further_reasons = [*locked.further_reasons, tidy]
        locked.save(update_fields=["ends_at", "renewals", "further_reasons"])
        _note(Event.CRITICAL_RENEWED, locked, by.actor, reason=tidy)
    return locked


def end_declaration(*, declaration: Declaration, by: User) -> Declaration:
    """End a declaration and every view that it allowed, at once. Raises Refused, Stale if the declaration has ended."""
    with transaction.atomic():
        incident, locked = _locked(declaration)
        may_see(by, incident)
        policies.must_be_in_force(locked)
        locked.ended_by = by
        _finish(locked, by.actor, how=DeclarationEnd.ENDED, now=timezone.now())
    return locked


def end_due_declarations() -> int:
    """End declarations whose time is up, drop unconfirmed ones; return the number. The gate checks the clock, too."""
    due = ((selectors.expired, DeclarationEnd.OVER), (selectors.unconfirmed, DeclarationEnd.DECLINED))
    return sum(_end_due(each, found, how) for found, how in due for each in found(timezone.now()))


def end_with_incident(incident: Incident, actor: Actor, how: DeclarationEnd) -> None:
    """End the declarations of a locked incident, inside the act that changes or closes it."""
    now = timezone.now()
    for found in (selectors.in_force(incident), selectors.waiting(incident)):
        if found is not None:
            found.incident = incident
            _finish(found, actor, how=how, now=now)


def declare_by_type(incident: Incident, actor: Actor) -> None:
    """Declare a locked incident of dispatch critical if its type says so. No person acts, so nothing is refused."""
    by_dispatch = incident.source == IncidentSource.DISPATCH and incident.confirmed_at is not None
    now = timezone.now()
    if not by_dispatch or not incident.type.declares or selectors.in_force(incident) is not None:
        return
    first = selectors.first_at(incident)
    if first is not None and policies.is_day_over(first, now):
        return
    declaration = Declaration(
        incident=incident,
        kind=DeclarationKind.TYPE,
        **_circle_columns(incident.point, DECLARED_RADIUS_M),
        reason=BY_TYPE,
    )
    _put_in_force(declaration, actor, now)
    _note(Event.CRITICAL_DECLARED, declaration, actor, reason=declaration.reason)


def _end_due(declaration: Declaration, found: Callable[[datetime], QuerySet[Declaration]], how: DeclarationEnd) -> int:
    with transaction.atomic():
        _incident, locked = _locked(declaration)
        now = timezone.now()
        if not found(now).filter(pk=locked.pk).exists():
            return 0
        _finish(locked, task_actor(DECLARATION_ENDER), how=how, now=now)
    return 1


GLASS_FLAGGER = "integration.flag_broken_glass"
ASKED = (Role.DEPUTY, Role.SUPERVISOR)
TOLD = (Role.SUPERVISOR, Role.ADMINISTRATOR, Role.AUDITOR)


def ask_for_glass(*, incident: Incident, by: User, reason: str) -> Declaration:
    """Ask another deputy or supervisor to break the glass. All get the message: nobody knows who is awake.

    Raises Refused if the user is not assigned, or broke glass twice in 7 days; Stale if the incident is closed or
    critical, or its glass was broken before; ValidationError on "reason".
    """
    with transaction.atomic():
        account_services.hold_people(by.pk)
        locked = locks.incident(incident.pk)
        must_be_open(locked)
        may_work_on(by, locked)
        policies.may_break_glass(by, locked)
        _must_be_breakable(locked)
        policies.must_not_await_second(selectors.waiting(locked))
        asked = Declaration.objects.create(
            incident=locked,
            kind=DeclarationKind.BREAK_GLASS,
            state=DeclarationState.PROPOSED,
            **_circle_columns(locked.point, DECLARED_RADIUS_M),
            reason=policies.check_fresh_reason(reason, incident=locked),
            declared_by=by,
        )
        _note(Event.GLASS_ASKED, asked, by.actor, reason=asked.reason)
        _write(MessageKind.GLASS_ASKED, asked, ASKED)
    return asked


def read_question(*, declaration: Declaration, by: User) -> Declaration:
    """Record that a user reads a question to break glass, and return it. Raises Refused and Stale as `break_glass`."""
    with transaction.atomic():
        incident, locked = _locked(declaration)
        _may_confirm(by, locked, incident)
        note_on_incident(Event.INCIDENT_VIEWED, incident, by.actor)
    return locked


def break_glass(*, declaration: Declaration, by: User) -> Declaration:
    """Break the glass as the second of two, and tell the roles in `TOLD`. Raises Refused, Stale as `ask_for_glass`."""
    with transaction.atomic():
        people = account_services.hold_people(declaration.declared_by_id, by.pk)
        incident, locked = _locked(declaration)
        _may_confirm(by, locked, incident)
        asker = next((each for pk, each in people.items() if pk == locked.declared_by_id), None)
        accounts.must_have_valid_asker(asker, partial(may_work_on, incident=incident), subject=locked.subject)
        rule = steps.check(locked, DeclarationState.IN_FORCE, by)
        now = timezone.now()
        locked.seconded_by, locked.seconded_at = by, now
        locked.justify_by = now + BREAK_GLASS_JUSTIFIED_WITHIN
        _put_in_force(locked, by.actor, now, life=BREAK_GLASS_LIFE)
        _note(Event(rule.event), locked, by.actor)
        told = _write(MessageKind.GLASS_BROKEN, locked, TOLD)
        who = selectors.glass_facts(locked)
        _note(Event.GLASS_BROKEN, locked, by.actor, reason=locked.reason, told=told, **who)
    return locked


def justify_glass(*, declaration: Declaration, by: User, text: str) -> Declaration:
    """Justify broken glass as one of the two; after a week it is late. Raises Refused, Stale, ValidationError."""
    with transaction.atomic():
        _incident, locked = _locked(declaration)
        policies.may_justify_glass(by, locked)
        locked.justification = policies.check_justification(text, asked=locked.reason)
        locked.justified_by, locked.justified_at = by, timezone.now()
        locked.save(update_fields=["justification", "justified_by", "justified_at"])
        late = "late" if locked.overdue_at else "in time"
        _note(Event.GLASS_JUSTIFIED, locked, by.actor, reason=locked.justification, when=late)
    return locked


def flag_overdue_glass() -> int:
    """Flag broken glass that nobody justified within a week, and tell the roles in `TOLD`; return the number."""
    return sum(_flag(declaration) for declaration in selectors.unjustified(timezone.now()))


def _may_confirm(by: User, asked: Declaration, incident: Incident) -> None:
    must_be_open(incident)
    policies.must_await_second(asked, DeclarationKind.BREAK_GLASS)
    policies.may_second_declaration(by, asked, incident)
    _must_be_breakable(incident)


def _must_be_breakable(incident: Incident) -> None:
    policies.must_have_whole_glass(incident, was_broken=selectors.broken(incident) is not None)
    policies.must_lack_declaration(selectors.in_force(incident))


def _flag(declaration: Declaration) -> int:
    with transaction.atomic():
        _incident, locked = _locked(declaration)
        now = timezone.now()
        if not selectors.unjustified(now).filter(pk=locked.pk).exists():
            return 0
        locked.overdue_at = now
        locked.save(update_fields=["overdue_at"])
        _note(Event.GLASS_OVERDUE, locked, task_actor(GLASS_FLAGGER), flag="unjustified")
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
    letters = [notifications.Letter(person, declaration.subject, {**facts, "role": person.role}) for person in people]
    notifications.send_many(kind=kind, letters=letters)
    return len(letters)


def _locked(declaration: Declaration) -> tuple[Incident, Declaration]:
    incident = locks.incident(declaration.incident_id)
    found = Declaration.objects.select_for_update(of=("self",), no_key=True).get(pk=declaration.pk)
    found.incident = incident
    return incident, found
