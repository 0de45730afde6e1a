from collections.abc import Iterator
from contextlib import contextmanager
from copy import copy
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from audit.ledger import alarms
from audit.log.actors import Actor, Subject
from audit.log.events import Event
from audit.log.services import record
from fusus_portal.ground import steps
from fusus_portal.ground.access.permissions import Permission, demand
from fusus_portal.ground.accounts.models import User, task_actor
from fusus_portal.ground.accounts.services import accounts
from fusus_portal.ground.geo.points import Point, Precision
from registry.incidents import hooks, locks
from registry.incidents.models import VERIFIED, Assignment, Correction, Incident, IncidentType
from registry.incidents.policies import incidents
from registry.incidents.policies.reasons import check_lawful, check_reason
from registry.incidents.states import IncidentState
from registry.limits.models import Limits
from registry.places import policies
from registry.rules import CLOSING_TAKEN_BACK_WITHIN, UNVERIFIED_LIFE

CLOSER = "registry.close_unverified"
PARTS = {"starts_at": "window", "ends_at": "window", "goes_on": "window", "point": "place"}
SAME_POINT_M = 1.0
"""Meters. A point this close is unchanged: a form rounds it."""


def open(  # noqa: A001  (the noun is the module: incidents.open)
    *,
    by: User,
    number: str,
    type: IncidentType,  # noqa: A002
    place: str,
    point: Point,
    starts_at: datetime,
    ends_at: datetime | None,
) -> Incident:
    """Open an incident and assign its opener.

    number: in the agency's form. place: streets or a landmark, as the request will say it. ends_at: None while it is
    ongoing. Raises Refused by role, TooManyOpen without room for another unverified one, ValidationError by field:
    number, type, place, point, starts_at, ends_at.
    """
    demand(by, Permission.OPEN_INCIDENT)
    said = ends_at or timezone.now()
    incidents.check_window(starts_at, said)
    check_lawful(place, field="place")
    policies.check_inside(point, field="point")
    incidents.check_choosable(type)
    with opening_alarm(by), transaction.atomic():
        accounts.hold_people(by.pk)
        incidents.may_open_another(by)
        incident = Incident(
            number=incidents.check_number(number, by=by),
            type=type,
            place=" ".join(place.split()),
            latitude=point.latitude,
            longitude=point.longitude,
            precision=Precision.PINNED,
            starts_at=starts_at,
            ends_at=said,
            goes_on=ends_at is None,
            opened_by=by,
        )
        _insert(incident, by)
        note(Event.INCIDENT_OPENED, incident, by.actor)
    return incident


def verify(*, incident: Incident, by: User) -> Incident:
    """Confirm that an incident is a crime or an emergency. A second supervisor's act (CJIS AC-5)."""
    with transaction.atomic():
        locked = locks.incident(incident.pk)
        incidents.must_be_open(locked)
        incidents.may_verify(by, locked)
        locked.verified_by, locked.verified_at = by, timezone.now()
        locked.save(update_fields=["verified_by", "verified_at"])
        for follower in hooks.incidents:
            follower.verified(locked, by.actor)
        note(Event.INCIDENT_VERIFIED, locked, by.actor)
    return locked


def send_back(*, incident: Incident, by: User, reason: str) -> Correction:
    """Say what is wrong with an unverified incident; its next change answers that. Its 24 hours run on.

    reason: what to correct. Raises ValidationError on "reason", Refused for its opener and those who changed it.
    """
    with transaction.atomic():
        locked = locks.incident(incident.pk)
        incidents.must_be_open(locked)
        incidents.may_send_back(by, locked)
        repeats = [locked.number, *locked.type.names, locked.place]
        tidy = check_reason(reason, limits=Limits.current(), repeats=repeats)
        correction = Correction.objects.create(incident=locked, sentence=tidy, asked_by=by)
        record(event=Event.INCIDENT_SENT_BACK, actor=by.actor, subject=locked.subject, reason=tidy, **locked.in_log)
    return correction


def change(
    *,
    incident: Incident,
    by: User,
    type: IncidentType,  # noqa: A002
    place: str,
    point: Point,
    starts_at: datetime,
    ends_at: datetime | None,
) -> Incident:
    """Change an open incident's type, place or time, and so answer the person who sent it back.

    It must then be verified again, unless a supervisor had verified it and its time became shorter (`stays_verified`).
    Sent requests stay as they are: each names its own circle and window. ends_at: None while the incident is ongoing;
    if the last update is more than a day old, now becomes the last update. Raises Refused, TooManyOpen if its opener
    has no room for an unverified one, Stale for a closed incident or no difference, ValidationError by field: type,
    place, point, starts_at, ends_at.
    """
    incidents.check_window(starts_at, ends_at or timezone.now())
    check_lawful(place, field="place")
    policies.check_inside(point, field="point")
    with opening_alarm(incident.opened_by), transaction.atomic():
        accounts.hold_people(incident.opened_by_id)
        locked = locks.incident(incident.pk)
        incidents.must_be_open(locked)
        incidents.may_see(by, locked)
        if type != locked.type:
            incidents.check_choosable(type)
        before = copy(locked)
        wanted = {"type": type, "place": " ".join(place.split()), "starts_at": starts_at, **_end_of(locked, ends_at)}
        changed = write(locked, point=point, **wanted)
        incidents.must_differ(locked, changed)
        verification = "kept" if incidents.stays_verified(locked, changed, before=before) else _void(locked, by)
        locked.full_clean(exclude=["type", "opened_by"], validate_unique=False, validate_constraints=False)
        locked.save()
        Correction.objects.filter(incident=locked, made_at=None).update(made_by=by, made_at=timezone.now())
        for follower in hooks.incidents:
            follower.changed(locked, by.actor)
        note(Event.INCIDENT_CHANGED, locked, by.actor, changed=", ".join(changed), verification=verification)
    return locked


def write(incident: Incident, *, point: Point, **wanted: Any) -> list[str]:
    """Set an incident's type, place and time; return what changed ("type", "place", "window"). Saves nothing."""
    changed = []
    for name, value in wanted.items():
        if _to_the_minute(getattr(incident, name)) != _to_the_minute(value):
            setattr(incident, name, value)
            changed.append(name)
    if incident.point.distance_m(point) > SAME_POINT_M:
        incident.latitude, incident.longitude = point.latitude, point.longitude
        changed.append("point")
    return sorted({PARTS.get(name, name) for name in changed})


def _void(incident: Incident, by: User) -> str:
    """Take back an incident's verification after a change; return what became of it. Saves nothing."""
    verification = "taken back" if incident.is_verified else "none"
    incident.changed_by, incident.changed_at = by, timezone.now()
    if incident.is_verified:
        incidents.may_wait_again(incident)
        incident.verified_by = incident.verified_at = None
        incident.confirmed_by = incident.confirmed_at = None
        incident.voided_at = timezone.now()
    return verification


def assign(*, incident: Incident, user: User, by: User) -> Incident:
    """Put a person on an incident. Doing it twice has one effect."""
    with transaction.atomic():
        locked = locks.incident(incident.pk)
        incidents.must_be_open(locked)
        demand(by, Permission.VERIFY_INCIDENT, subject=locked.subject)
        demand(user, Permission.OPEN_INCIDENT, subject=locked.subject)
        _, added = Assignment.objects.get_or_create(incident=locked, user=user, defaults={"assigned_by": by})
        if added:
            note(Event.INCIDENT_ASSIGNED, locked, by.actor, person=str(user.pk))
    return locked


def unassign(*, incident: Incident, user: User, by: User) -> Incident:
    """Take a person off an incident. Doing it twice has one effect."""
    with transaction.atomic():
        locked = locks.incident(incident.pk)
        demand(by, Permission.VERIFY_INCIDENT, subject=locked.subject)
        deleted, _ = Assignment.objects.filter(incident=locked, user=user).delete()
        if deleted:
            for follower in hooks.incidents:
                follower.unassigned(locked, user, by.actor)
            note(Event.INCIDENT_UNASSIGNED, locked, by.actor, person=str(user.pk))
    return locked


def view(*, incident: Incident, by: User) -> Incident:
    """Record a look at an incident, and return it as it is now."""
    return _seen(Event.INCIDENT_VIEWED, incident, by)


def look_through(*, by: User, standing: str, number: str) -> None:
    """Record a look through the list of incidents. standing, number: what was searched for, or ""."""
    demand(by, Permission.OPEN_INCIDENT)
    with transaction.atomic():
        record(
            event=Event.INCIDENTS_LISTED,
            actor=by.actor,
            subject=Subject("incidents", "all"),
            facts={"standing": standing, "number": number},
        )


def print_timeline(*, incident: Incident, by: User) -> Incident:
    """Record that a person prints the whole timeline of an incident, and return the incident as it is now."""
    return _seen(Event.INCIDENT_PRINTED, incident, by)


def close(*, incident: Incident, by: User) -> Incident:
    """Close an incident. Views end at once; requests to owners end ten minutes later (`settle_closings`)."""
    with transaction.atomic():
        locked = locks.incident(incident.pk)
        incidents.may_see(by, locked)
        rule = steps.check(locked, IncidentState.CLOSED, by)
        locked.state, locked.closed_by, locked.closed_at = IncidentState.CLOSED, by, timezone.now()
        _end(locked)
        locked.save(update_fields=["state", "closed_by", "closed_at", "ends_at", "goes_on"])
        hooks.incident_closed(locked, by.actor)
        note(Event(rule.event), locked, by.actor)
    return locked


def close_unverified() -> int:
    """Close incidents unverified 24 hours after opening or the last change, and flag them; return how many."""
    before = timezone.now() - UNVERIFIED_LIFE
    since = Q(voided_at__isnull=True, opened_at__lte=before) | Q(voided_at__lte=before)
    overdue = Incident.objects.filter(since, ~VERIFIED, state=IncidentState.OPEN)
    closed = 0
    for pk in overdue.order_by("opened_at").values_list("pk", flat=True):
        with transaction.atomic():
            closed += _lapse(locks.incident(pk))
    return closed


def note(event: Event, incident: Incident, actor: Actor, **facts: str) -> None:
    record(event=event, actor=actor, subject=incident.subject, **incident.in_log, facts=facts)


def _seen(event: Event, incident: Incident, by: User) -> Incident:
    with transaction.atomic():
        locked = locks.incident(incident.pk)
        incidents.may_see(by, locked)
        note(event, locked, by.actor)
    return locked


def _end_of(incident: Incident, ends_at: datetime | None) -> dict[str, Any]:
    """Return the end to write. ends_at: None while ongoing: then the last update, or now if it is over a day old."""
    now = timezone.now()
    since = incident.ends_at if incident.goes_on and incident.until >= now else now
    return {"ends_at": ends_at or since, "goes_on": ends_at is None}


def _end(incident: Incident) -> None:
    """End an ongoing incident now, or at most a day after its last update. Saves nothing."""
    incident.ends_at, incident.goes_on = incident.until, False


def _to_the_minute(value: object) -> object:
    return value.replace(second=0, microsecond=0) if isinstance(value, datetime) else value


def _lapse(incident: Incident) -> bool:
    if incident.is_verified or incident.state != IncidentState.OPEN:
        return False
    actor = task_actor(CLOSER)
    rule = steps.check(incident, IncidentState.CLOSED, actor)
    now = timezone.now()
    incident.state, incident.lapsed_at, incident.settled_at = IncidentState.CLOSED, now, now
    _end(incident)
    incident.save(update_fields=["state", "lapsed_at", "settled_at", "ends_at", "goes_on"])
    hooks.incident_closed(incident, actor)
    hooks.incident_settled(incident, actor)
    note(Event(rule.event), incident, actor, flag="unverified")
    return True


def _insert(incident: Incident, by: User) -> None:
    incident.full_clean(exclude=["type", "opened_by"], validate_unique=False, validate_constraints=False)
    try:
        with transaction.atomic():
            incident.save(force_insert=True)
    except IntegrityError as error:
        taken = Incident.objects.filter(number=incident.number).first()
        if taken is None:
            raise
        raise ValidationError({"number": incidents.number_taken(taken, by)}) from error
    Assignment.objects.create(incident=incident, user=by, assigned_by=by)


SETTLER = "registry.settle_closings"


def reopen(*, incident: Incident, by: User) -> Incident:
    """Reopen a closed incident as it was, ongoing or not. No request was withdrawn, and no owner told.

    Views, declarations and questions to a second person stay ended. Raises Refused unless the person closed it or is a
    supervisor, TooManyOpen if its opener has no room for another unverified one, Stale after ten minutes.
    """
    with opening_alarm(incident.opened_by), transaction.atomic():
        accounts.hold_people(incident.opened_by_id)
        locked = locks.incident(incident.pk)
        incidents.must_be_reopenable(locked)
        incidents.may_reopen(by, locked)
        rule = steps.check(locked, IncidentState.OPEN, by)
        locked.state, locked.closed_by, locked.closed_at = IncidentState.OPEN, None, None
        before = locked.history.filter(state=IncidentState.OPEN).latest()
        locked.ends_at, locked.goes_on = before.ends_at, before.goes_on
        locked.save(update_fields=["state", "closed_by", "closed_at", "ends_at", "goes_on"])
        note(Event(rule.event), locked, by.actor)
    return locked


def settle_closings(*, now: datetime | None = None) -> int:
    """Settle the closings of ten minutes ago: withdraw requests, and tell their owners; return how many.

    Everything else ended with the closing. Owners are told last, since a mail can't be taken back. now: another time
    than now, for a demo, whose log is minutes old.
    """
    due = _due(now or timezone.now())
    return sum(_settle(pk, due) for pk in due.values_list("pk", flat=True))


def _due(now: datetime) -> QuerySet[Incident]:
    closed = Incident.objects.filter(state=IncidentState.CLOSED, settled_at__isnull=True)
    return closed.filter(closed_at__lte=now - CLOSING_TAKEN_BACK_WITHIN).order_by("closed_at", "pk")


def _settle(pk: UUID, due: QuerySet[Incident]) -> int:
    with transaction.atomic():
        locked = locks.incident(pk)
        if not due.filter(pk=pk).exists():
            return 0
        actor = task_actor(SETTLER)
        locked.settled_at = timezone.now()
        locked.save(update_fields=["settled_at"])
        hooks.incident_settled(locked, actor)
        note(Event.INCIDENT_SETTLED, locked, actor)
    return 1


@contextmanager
def opening_alarm(opener: User) -> Iterator[None]:
    """Raise the alarm for an act refused with TooManyOpen, once for a person and day. Auditors settle it.

    opener: of the incident. Use it around the transaction, which the refusal undoes.
    """
    try:
        yield
    except incidents.TooManyOpen:
        what = f"{opener.pseudonym} would have more unverified incidents open than one may, {timezone.localdate()}."
        with transaction.atomic():
            alarms.raise_alarm(kind=alarms.AlarmKind.INCIDENTS_OPENED, what=what)
        raise
