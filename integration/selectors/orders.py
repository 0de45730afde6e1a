"""What a CORE is told at its poll: which cameras to send, and when to come back."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Max, Q

from integration.models import Core, Declaration, LiveStream
from integration.policies.viewing import TOLERANCE_M
from integration.rules import POLL_COVERED_SECONDS, POLL_IDLE_SECONDS
from integration.states import DeclarationState, GrantState


@dataclass(frozen=True, slots=True)
class Order:
    """One camera to send. until: when the last view of it ends, unless somebody extends one."""

    stream: LiveStream
    until: datetime


def orders_for(core: Core, *, now: datetime) -> list[Order]:
    """Return which cameras of a CORE somebody sees now, oldest stream first. One query."""
    running = Q(grants__state=GrantState.RUNNING, grants__ends_at__gt=now)
    rows = LiveStream.objects.filter(camera__core=core, camera__removed_at__isnull=True, ended_at__isnull=True)
    watched = rows.filter(running).annotate(until=Max("grants__ends_at", filter=running)).select_related("camera")
    return [Order(stream, stream.until) for stream in watched.order_by("began_at", "pk")]


def again_in(core: Core, orders: list[Order], *, now: datetime) -> int:
    """Return after how many seconds a CORE comes back: at once while something is ordered of it, or could be."""
    return POLL_COVERED_SECONDS if orders or is_covered(core, now=now) else POLL_IDLE_SECONDS


def is_covered(core: Core, *, now: datetime) -> bool:
    """Return whether a declaration in force covers the place of a CORE. One query while there is none."""
    declared = list(Declaration.objects.filter(state=DeclarationState.IN_FORCE, ends_at__gt=now))
    if not declared or core.premises is None:
        return False
    point = core.premises.point
    return any(point.distance_m(each.point) <= each.radius_m + TOLERANCE_M for each in declared)
