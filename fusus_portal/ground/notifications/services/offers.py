"""Offers of due messages to the workers, repeated only if lost: the queue's next task is younger than the offer.

Checked after pauses that double from 15 seconds to 5 minutes; after an hour it is offered in any case. Uses only
`offered_at`, `next_attempt_at` and the heads of the queue, so it survives a broker that lost everything.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q, QuerySet, Value
from django.db.models.functions import Greatest, Least
from django.utils import timezone

from audit.ledger.receipts import seals_of
from fusus_portal.ground.notifications.kinds import all_kinds, kind_of
from fusus_portal.ground.notifications.models import Message
from fusus_portal.ground.notifications.publishing import SWEEP, BrokerAway, broker
from fusus_portal.ground.notifications.services import delivery
from fusus_portal.ground.notifications.states import MessageState
from fusus_portal.ground.queues import FIRST, LATER

FEW = 10
"""Up to so many messages of an act are offered one by one; more wake the sweeper."""

AT_ONCE = 500
LEAST_PAUSE = timedelta(seconds=15)
LONGEST_PAUSE = timedelta(minutes=5)
OLD = timedelta(hours=1)
SKEW = timedelta(seconds=30)
"""A task may be behind a younger one by this much: an act takes a while to commit."""


def prepare(messages: Sequence[Message]) -> None:
    """Offer new messages after the commit; call it before they are written. The sweeper offers the others."""
    due = [message for message in messages if not delivery.is_held(message, message.queued_at)]
    if len(due) > FEW:
        transaction.on_commit(partial(broker.wake, SWEEP), robust=True)
        return
    for message in due:
        message.offered_at = message.queued_at
        transaction.on_commit(partial(_offer, message.pk, message.kind), robust=True)


def sweep() -> int:
    now = timezone.now()
    delivery.take_back_expired(now)
    try:
        heads = broker.oldest(settings.MESSAGE_QUEUE)
    except BrokerAway:
        return 0
    told = 0
    while chosen := _choose(now, heads):
        told += sum(_offer(pk, kind) for pk, kind in chosen)
    return told


@transaction.atomic
def _choose(now: datetime, heads: Mapping[int, datetime]) -> list[tuple[UUID, str]]:
    due = Message.objects.select_for_update(skip_locked=True).filter(
        state=MessageState.QUEUED, next_attempt_at__lte=now
    )
    free = Q(waits_for=None) | Q(queued_at__lte=now - delivery.SEAL_WAIT)
    chosen = _identified(due.filter(free, Q(offered_at=None) | _is_lost(now, heads)).order_by("queued_at"))
    chosen = chosen or _sealed(due.exclude(free).filter(offered_at=None))
    Message.objects.filter(pk__in=[pk for pk, _kind in chosen]).update(offered_at=now)
    return chosen


def _is_lost(now: datetime, heads: Mapping[int, datetime]) -> Q:
    """Return the condition of a lost offer whose pause is over."""
    pause = Least(Greatest(F("offered_at") - F("next_attempt_at"), Value(LEAST_PAUSE)), Value(LONGEST_PAUSE))
    passed = {priority: heads[priority] - SKEW if priority in heads else now for priority in (FIRST, LATER)}
    is_urgent = Q(kind__in=[kind.name for kind in all_kinds() if kind.urgent])
    gone = is_urgent & Q(offered_at__lt=passed[FIRST]) | ~is_urgent & Q(offered_at__lt=passed[LATER])
    return gone & Q(offered_at__lte=now - pause) | Q(offered_at__lte=now - OLD)


def _sealed(held: QuerySet[Message]) -> list[tuple[UUID, str]]:
    rows = list(held.order_by("waits_for").values_list("pk", "kind", "waits_for")[:AT_ONCE])
    sealed = seals_of({entry for _pk, _kind, entry in rows if entry is not None})
    return [(pk, kind) for pk, kind, entry in rows if entry in sealed]


def _identified(rows: QuerySet[Message]) -> list[tuple[UUID, str]]:
    return list(rows.values_list("pk", "kind")[:AT_ONCE])


def _offer(pk: UUID, kind: str) -> bool:
    return broker.offer(pk, priority=FIRST if kind_of(kind).urgent else LATER)
