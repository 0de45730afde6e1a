"""What the payment service tells: written down once, then worked on. What is true is asked of the service each time."""

from datetime import datetime, timedelta
from functools import partial

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from fusus_portal.notifications.publishing import broker
from shop.gateway.answers import GatewayFault, Missing
from shop.gateway.notices import Notice
from shop.models import GatewayEvent
from shop.services import following

WORKER = "shop.work_on_notice"
SWEEPER = "shop.sweep_notices"
AT_ONCE = 200
MOST_DOUBLINGS = 15
"""After so many tries, weeks have passed; the nightly comparison has looked long since."""


def receive(*, notice: Notice) -> bool:
    """Write a notice down and hand it to the worker; return whether it was a new one.

    Of the same one, told many times and at the same instant, one is written down.
    """
    told = {"kind": notice.kind, "object_id": notice.object_id, "made_at": notice.made_at}
    with transaction.atomic():
        event, new = GatewayEvent.objects.get_or_create(pk=notice.id, defaults=told)
        if new:
            # What the broker loses, the sweep finds.
            transaction.on_commit(partial(broker.offer, event.pk, task=WORKER), robust=True)
    return new


def work(*, pk: str) -> bool:
    """Follow a notice up; return whether that is done. Doing it twice, or in another order, changes nothing.

    The service may be down: the notice then waits, and is tried again after a pause that grows.
    """
    event = GatewayEvent.objects.filter(pk=pk, processed_at__isnull=True).first()
    if event is None:
        return False
    try:
        following.follow(kind=event.kind, object_id=event.object_id)
    except Missing as fault:
        # What it is about is not there any more, or was never ours.
        return _done(event, fault.code)
    except GatewayFault as fault:
        _failed(event, fault.code)
        return False
    except Exception as error:
        _failed(event, type(error).__name__)
        raise
    return _done(event, "")


def sweep() -> int:
    """Work on the notices whose time has come; return how many are done."""
    now = timezone.now()
    waiting = GatewayEvent.objects.filter(processed_at__isnull=True).order_by("received_at")
    due = [event.pk for event in waiting.iterator() if _is_due(event, now)][:AT_ONCE]
    return sum(work(pk=pk) for pk in due)


def work_all() -> int:
    """Work on every notice that waits, whatever its pause; return how many there were."""
    waiting = list(GatewayEvent.objects.filter(processed_at__isnull=True).order_by("received_at", "pk"))
    for event in waiting:
        work(pk=event.pk)
    return len(waiting)


def _is_due(event: GatewayEvent, now: datetime) -> bool:
    return event.received_at + timedelta(minutes=2 ** min(event.tries, MOST_DOUBLINGS) - 1) <= now


def _failed(event: GatewayEvent, code: str) -> None:
    waiting = GatewayEvent.objects.filter(pk=event.pk, processed_at__isnull=True)
    waiting.update(tries=F("tries") + 1, failure=code[:80])


def _done(event: GatewayEvent, code: str) -> bool:
    waiting = GatewayEvent.objects.filter(pk=event.pk, processed_at__isnull=True)
    return bool(waiting.update(tries=F("tries") + 1, failure=code[:80], processed_at=timezone.now()))
