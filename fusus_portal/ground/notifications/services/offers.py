"""Which messages the workers are told of, and when again.

A worker is told once, when a message becomes due. Told again it is only of what was lost on the way: the next task of
its queue is younger than what it was told. That is asked after pauses that double from 15 seconds to 5 minutes. What
is an hour old is told again in any case. The rule reads `offered_at` and `next_attempt_at` of the row and the heads of
the queue, so that it holds after the broker has forgotten everything.
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
"""Messages of one act that are told one by one, while a person waits. Of more, one task wakes the sweeper."""

AT_ONCE = 500
LEAST_PAUSE = timedelta(seconds=15)
LONGEST_PAUSE = timedelta(minutes=5)
OLD = timedelta(hours=1)
SKEW = timedelta(seconds=30)
"""A task may be behind one that is younger by this: an act takes a while from writing a message to its commit."""


def prepare(messages: Sequence[Message]) -> None:
    """Have the workers told of new messages after the commit. Called before they are written.

    One that waits for a seal is left to the sweeper.
    """
    due = [message for message in messages if not delivery.is_held(message, message.queued_at)]
    if len(due) > FEW:
        transaction.on_commit(partial(broker.wake, SWEEP), robust=True)
        return
    for message in due:
        message.offered_at = message.queued_at
        transaction.on_commit(partial(_offer, message.pk, message.kind), robust=True)


def sweep() -> int:
    """Take back claims whose lease is over, and tell the workers of what is due; return how many were told of."""
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
    """Return messages that the workers are told of now, the oldest first, and write that down."""
    due = Message.objects.select_for_update(skip_locked=True).filter(
        state=MessageState.QUEUED, next_attempt_at__lte=now
    )
    free = Q(waits_for=None) | Q(queued_at__lte=now - delivery.SEAL_WAIT)
    chosen = _identified(due.filter(free, Q(offered_at=None) | _is_lost(now, heads)).order_by("queued_at"))
    chosen = chosen or _sealed(due.exclude(free).filter(offered_at=None))
    Message.objects.filter(pk__in=[pk for pk, _kind in chosen]).update(offered_at=now)
    return chosen


def _is_lost(now: datetime, heads: Mapping[int, datetime]) -> Q:
    """Return what is true of a message whose offer is gone, and whose pause is over."""
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
