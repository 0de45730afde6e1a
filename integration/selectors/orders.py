"""What a CORE is told at its poll: which cameras to send, and when to come back."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Max, Q

from integration.models import Declaration, LiveStream
from integration.policies.viewing import TOLERANCE_M
from integration.rules import POLL_COVERED_SECONDS, POLL_IDLE_SECONDS
from integration.selectors.polling import Caller
from integration.states import DeclarationState, GrantState


@dataclass(frozen=True, slots=True)
class Order:
    """One camera to send. until: when the last view of it ends, unless somebody extends one."""

    stream: LiveStream
    until: datetime


def orders_for(caller: Caller, *, now: datetime) -> list[Order]:
    """Return which cameras of a CORE somebody sees now, oldest stream first."""
    if not caller.has_stream:
        return []
    running = Q(grants__state=GrantState.RUNNING, grants__ends_at__gt=now)
    rows = LiveStream.objects.filter(camera__core=caller.core, camera__removed_at__isnull=True, ended_at__isnull=True)
    watched = rows.filter(running).annotate(until=Max("grants__ends_at", filter=running)).select_related("camera")
    return [Order(stream, stream.until) for stream in watched.order_by("began_at", "pk")]


def again_in(caller: Caller, orders: list[Order], *, now: datetime) -> int:
    """Return after how many seconds a CORE comes back: at once while something is ordered of it, or could be."""
    return POLL_COVERED_SECONDS if orders or is_covered(caller, now=now) else POLL_IDLE_SECONDS


def is_covered(caller: Caller, *, now: datetime) -> bool:
    """Return whether a declaration in force covers the place of a CORE."""
    point = caller.point
    if point is None or not caller.is_anything_declared:
        return False
    declared = Declaration.objects.filter(state=DeclarationState.IN_FORCE, ends_at__gt=now)
    return any(point.distance_m(each.point) <= each.radius_m + TOLERANCE_M for each in declared)
