"""Confirmations of places: the owner can be met, written to or billed there.

Parts of the acts that confirm a place, or that change where it is: those have locked it.
"""

from django.utils import timezone

from audit.log.actors import Actor
from audit.log.events import Event
from audit.log.services import Line, record_many
from fusus_portal.ground.geo.points import Precision
from fusus_portal.ground.rows import InLog
from registry.places.models import Confirmation, ConfirmedBy, Premises
from registry.places.selectors import cameras_in_log
from registry.rules import CONFIRMED_WITHIN_M


def confirm(*, premises: Premises, way: ConfirmedBy, actor: Actor, within: InLog | None = None) -> bool:
    """Confirm a place, with its entry; False for one that is confirmed already, or was removed.

    within: the incident of the act. Two ways at the same moment confirm it once, so the place need not be locked.
    """
    if premises.removed_at is not None:
        return False
    here = {"latitude": premises.latitude, "longitude": premises.longitude, "precision": premises.precision}
    _row, is_new = Confirmation.objects.get_or_create(
        premises=premises, ended_at=None, defaults={"way": way, "confirmed_at": timezone.now(), **here}
    )
    if is_new:
        note(Event.PREMISES_CONFIRMED, premises, actor, within, way=way)
    return is_new


def follow_pin(*, premises: Premises, actor: Actor) -> None:
    """End the confirmation of a place whose pin is on another building now.

    A place that was confirmed by its address alone, before it had a pin, is confirmed at its first pin.
    """
    found = _in_force(premises)
    if found is None:
        return
    if found.precision == Precision.AREA:
        found.latitude, found.longitude, found.precision = premises.latitude, premises.longitude, premises.precision
        found.save(update_fields=["latitude", "longitude", "precision"])
    elif found.point.distance_m(premises.point) > CONFIRMED_WITHIN_M:
        end(premises=premises, actor=actor)


def end(*, premises: Premises, actor: Actor) -> None:
    """End the confirmation of a place that is elsewhere now, if it has one."""
    ended = Confirmation.objects.filter(premises=premises, ended_at__isnull=True)
    if ended.update(ended_at=timezone.now()):
        note(Event.PREMISES_UNCONFIRMED, premises, actor)


def note(event: Event, premises: Premises, actor: Actor, within: InLog | None = None, **facts: str | int) -> None:
    """Write the entry for each camera of the place, by which its owner sees it; once for a place without any."""
    cameras = [str(pk) for pk in cameras_in_log(premises).values_list("pk", flat=True)] or [""]
    lines = [Line(premises.subject, camera=camera, facts=facts, **premises.in_log) for camera in cameras]
    record_many(event=event, actor=actor, lines=lines, **(within or {}))


def _in_force(premises: Premises) -> Confirmation | None:
    return Confirmation.objects.filter(premises=premises, ended_at__isnull=True).first()
