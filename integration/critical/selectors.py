from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db.models import Min, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.geo.points import FINDABLE
from fusus_portal.ground.geo.search import within
from fusus_portal.ground.lifecycle import find_or_refuse
from integration.cores.models import DeviceCamera
from integration.cores.selectors import CAMERA_RELATIONS
from integration.critical.models import Declaration, DeclarationKind
from integration.critical.states import DeclarationState
from integration.rules import TOLERANCE_M, WAITS_FOR_A_SECOND
from registry.incidents import selectors
from registry.incidents.models import Incident
from registry.places.models import Camera, Premises


def of_incident(incident: Incident) -> QuerySet[Declaration]:
    loaded = Declaration.objects.select_related("declared_by", "seconded_by", "ended_by", "justified_by")
    return loaded.filter(incident=incident).order_by("-declared_at", "pk")


def one(by: User, pk: UUID) -> Declaration:
    rows = Declaration.objects.select_related("incident__type").filter(pk=pk)
    found = find_or_refuse(rows, _("There is no such declaration."), subject=("declaration", str(pk)))
    found.incident = selectors.incident(by, found.incident_id)
    return found


def glass(by: User, pk: UUID) -> Declaration:
    """Return a declaration that breaks glass or asks for a second person to break it. Raises NotYours.

    People who see the incident and the two who broke the glass see it; for half an hour after the question also
    everybody who was asked, to confirm it or to read why it is too late.
    """
    asked = Q(declared_at__gt=timezone.now() - WAITS_FOR_A_SECOND)
    own = Q(declared_by=by) | Q(seconded_by=by)
    seen = Q(incident__in=selectors.visible_to(by).order_by())
    rows = Declaration.objects.select_related("incident__type").filter(asked | own | seen, pk=pk)
    found = rows.filter(kind=DeclarationKind.BREAK_GLASS)
    return find_or_refuse(found, _("There is no such declaration."), subject=("declaration", str(pk)))


def in_force(incident: Incident) -> Declaration | None:
    """Return the incident's declaration that has not been ended. Its time may be over: ask `policies.is_in_force`."""
    rows = Declaration.objects.select_related("declared_by", "seconded_by")
    found = rows.filter(incident=incident, state=DeclarationState.IN_FORCE).first()
    if found is not None:
        found.incident = incident
    return found


def all_in_force(now: datetime) -> QuerySet[Declaration]:
    return Declaration.objects.filter(state=DeclarationState.IN_FORCE, starts_at__lte=now, ends_at__gt=now)


def in_force_of(incidents: Iterable[Incident], *, now: datetime) -> dict[UUID, Declaration]:
    found = all_in_force(now).filter(incident__in=list(incidents))
    return {declaration.incident_id: declaration for declaration in found}


def waiting(incident: Incident) -> Declaration | None:
    return of_incident(incident).filter(state=DeclarationState.PROPOSED).first()


def first_at(incident: Incident) -> datetime | None:
    first: datetime | None = Declaration.objects.filter(incident=incident).aggregate(first=Min("first_at"))["first"]
    return first


def broken(incident: Incident) -> Declaration | None:
    return of_incident(incident).filter(kind=DeclarationKind.BREAK_GLASS, starts_at__isnull=False).first()


def glass_facts(declaration: Declaration, *, at: datetime | None = None) -> dict[str, int | str]:
    """Return who opened the incident, asked for and confirmed broken glass, else {}.

    at: of a view; without one, when the glass broke. unchecked, in the facts: nobody had verified the incident then.
    """
    if not declaration.is_glass or declaration.declared_by is None or declaration.seconded_by is None:
        return {}
    incident = declaration.incident
    checks = [moment for moment in (incident.verified_at, incident.confirmed_at) if moment is not None]
    facts: dict[str, int | str] = {
        "opened_by": incident.opened_by.pseudonym if incident.opened_by else "",
        "asked_by": declaration.declared_by.pseudonym,
        "confirmed_by": declaration.seconded_by.pseudonym,
    }
    was_checked = bool(checks) and min(checks) <= (at or declaration.starts_at or declaration.declared_at)
    return facts if was_checked else {**facts, "unchecked": 1}


def expired(now: datetime) -> QuerySet[Declaration]:
    return Declaration.objects.filter(state=DeclarationState.IN_FORCE, ends_at__lte=now)


def unconfirmed(now: datetime) -> QuerySet[Declaration]:
    return Declaration.objects.filter(state=DeclarationState.PROPOSED, declared_at__lte=now - WAITS_FOR_A_SECOND)


def unjustified(now: datetime) -> QuerySet[Declaration]:
    return unwritten().filter(justify_by__lte=now, overdue_at__isnull=True)


def waits_for(user: User) -> QuerySet[Declaration]:
    """Return what others ask a user to confirm: broken glass of any incident, else declarations of visible ones."""
    proposed = Declaration.objects.select_related("incident__type", "declared_by").filter(
        state=DeclarationState.PROPOSED
    )
    seen = selectors.visible_to(user).order_by()
    here = Q(incident__in=seen) | Q(kind=DeclarationKind.BREAK_GLASS)
    return proposed.filter(here).exclude(declared_by=user).order_by("declared_at", "pk")


def to_justify(user: User) -> QuerySet[Declaration]:
    owed = unwritten().select_related("incident__type")
    return (owed.filter(declared_by=user) | owed.filter(seconded_by=user)).order_by("justify_by", "pk")


def unwritten() -> QuerySet[Declaration]:
    return Declaration.objects.filter(
        kind=DeclarationKind.BREAK_GLASS, justify_by__isnull=False, justified_at__isnull=True
    )


def glass_to_know(now: datetime) -> QuerySet[Declaration]:
    runs = Q(state=DeclarationState.IN_FORCE, ends_at__gt=now)
    glass = Declaration.objects.filter(kind=DeclarationKind.BREAK_GLASS, starts_at__isnull=False)
    known = glass.filter(runs | Q(justified_at__isnull=True))
    return known.select_related("incident__opened_by", "declared_by", "seconded_by").order_by("-starts_at", "pk")


def glass_of(pks: Iterable[str]) -> QuerySet[Declaration]:
    broken = Declaration.objects.filter(pk__in=list(pks), kind=DeclarationKind.BREAK_GLASS, starts_at__isnull=False)
    return broken.select_related("incident__opened_by", "declared_by", "seconded_by").order_by("starts_at", "pk")


def cameras_nearby(declaration: Declaration) -> list[DeviceCamera]:
    """Return the connected cameras in a declared circle, nearest first: a circle wider by a meter, as in the gate."""
    findable = Premises.objects.filter(precision__in=FINDABLE, removed_at__isnull=True)
    reach = declaration.radius_m + TOLERANCE_M
    places = [each.pk for each in within(findable, center=declaration.point, radius_m=reach)]
    rows = DeviceCamera.objects.select_related(*CAMERA_RELATIONS).filter(
        camera__premises__in=places, removed_at__isnull=True, camera__removed_at__isnull=True
    )
    nearest_first = {pk: number for number, pk in enumerate(places)}
    return sorted(rows, key=lambda each: (nearest_first[each.camera.premises_id], each.camera.name))


def viewed_cameras(incident: Incident) -> list[Camera]:
    seen = incident.view_grants.filter(camera__isnull=False).values("camera__camera")
    rows = Camera.objects.filter(pk__in=seen, removed_at__isnull=True).select_related("premises")
    return list(rows.order_by("name", "pk"))
