"""Offers of due messages to the workers. A lost offer is repeated: one older than the next task in the queue is lost.

A message is checked after pauses that double from 15 seconds to 5 minutes; after an hour it is offered in any case.
Uses only `offered_at`, `next_attempt_at` and the heads of the queue, so it survives a broker that lost everything.
"""

import logging
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q, QuerySet, Value
from django.db.models.functions import Greatest, Least
from django.utils import timezone

from audit.ledger.receipts import is_sealed, seals_of
from audit.log.actors import Actor, ActorKind
from audit.log.events import Event
from audit.log.services import record
from fusus_portal.ground.notifications import channels
from fusus_portal.ground.notifications.kinds import all_kinds, kind_of
from fusus_portal.ground.notifications.models import Message
from fusus_portal.ground.notifications.publishing import SWEEP, BrokerAway, broker
from fusus_portal.ground.notifications.services import text_numbers
from fusus_portal.ground.notifications.states import MESSAGE, MessageState
from fusus_portal.ground.queues import FIRST, LATER

FEW = 10
"""Most messages of one act that are offered one by one; more wake the sweeper, which offers all due ones."""

AT_ONCE = 500
LEAST_PAUSE = timedelta(seconds=15)
LONGEST_PAUSE = timedelta(minutes=5)
OLD = timedelta(hours=1)
SKEW = timedelta(seconds=30)
"""Most time by which a task may be older than the one before it in the queue: an act takes a while to commit."""


def prepare(messages: Sequence[Message]) -> None:
    """Offer new messages after the commit; call it before they are written. The sweeper offers those that must wait."""
    due = [message for message in messages if not _is_held(message, message.queued_at)]
    if len(due) > FEW:
        transaction.on_commit(partial(broker.wake, SWEEP), robust=True)
        return
    for message in due:
        message.offered_at = message.queued_at
        transaction.on_commit(partial(_offer, message.pk, message.kind), robust=True)


def sweep() -> int:
    now = timezone.now()
    _take_back_expired(now)
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
    free = Q(waits_for=None) | Q(queued_at__lte=now - SEAL_WAIT)
    ready = due.filter(free, Q(offered_at=None) | _is_lost(now, heads)).order_by("queued_at")
    chosen = list(ready.values_list("pk", "kind")[:AT_ONCE]) or _sealed(due.exclude(free).filter(offered_at=None))
    Message.objects.filter(pk__in=[pk for pk, _kind in chosen]).update(offered_at=now)
    return chosen


def _is_lost(now: datetime, heads: Mapping[int, datetime]) -> Q:
    """Return the condition for messages whose offer was lost and whose pause has passed."""
    pause = Least(Greatest(F("offered_at") - F("next_attempt_at"), Value(LEAST_PAUSE)), Value(LONGEST_PAUSE))
    passed = {priority: heads[priority] - SKEW if priority in heads else now for priority in (FIRST, LATER)}
    is_urgent = Q(kind__in=[kind.name for kind in all_kinds() if kind.urgent])
    gone = is_urgent & Q(offered_at__lt=passed[FIRST]) | ~is_urgent & Q(offered_at__lt=passed[LATER])
    return gone & Q(offered_at__lte=now - pause) | Q(offered_at__lte=now - OLD)


def _sealed(held: QuerySet[Message]) -> list[tuple[UUID, str]]:
    rows = list(held.order_by("waits_for").values_list("pk", "kind", "waits_for")[:AT_ONCE])
    sealed = seals_of({entry for _pk, _kind, entry in rows if entry is not None})
    return [(pk, kind) for pk, kind, entry in rows if entry in sealed]


def _offer(pk: UUID, kind: str) -> bool:
    return broker.offer(pk, priority=FIRST if kind_of(kind).urgent else LATER)


logger = logging.getLogger(__name__)

POSTMAN = Actor(ActorKind.TASK, "notifications.deliver", role="task")
LEASE = timedelta(seconds=settings.MESSAGE_LEASE_SECONDS)
"""Time that a worker has to send before another may: a message goes at least once, under the same Message-ID."""
SEAL_WAIT = timedelta(seconds=settings.MESSAGE_SEAL_SECONDS)
"""Longest wait of a message for its entry's seal. After it the link says that there is no receipt yet."""
PAUSES = tuple(timedelta(seconds=seconds) for seconds in (15, 60, 300, 900, 3600, 3 * 3600, 6 * 3600, 12 * 3600))
"""Pauses after failed attempts; after the last pause and attempt, a day on, the message has failed."""


def deliver(*, pk: UUID) -> bool:
    """Send a message if it is due and unclaimed; return True if sent. Failures are stored and retried, not raised."""
    message = _claim(pk)
    if message is None:
        return False
    channel = channels.named(message.channel)
    try:
        channel.hand_over(message)
    except Exception as fault:
        logger.warning("Message %s was not sent: %s", pk, type(fault).__name__, exc_info=fault)
        says, is_lasting, verdict = channel.judge(fault)
        _put_back(message, says[:120], final=is_lasting)
        if is_lasting and verdict:
            # After the message's transaction: others lock the number first.
            text_numbers.apply_fault(number=message.to, verdict=verdict)
        return False
    _mark_sent(pk)
    return True


@transaction.atomic
def _take_back_expired(now: datetime) -> None:
    abandoned = Message.objects.select_for_update(skip_locked=True).filter(
        state=MessageState.SENDING, claimed_at__lte=now - LEASE
    )
    for message in abandoned.order_by("claimed_at")[:AT_ONCE]:
        _end_attempt(message, now=now, fault="worker lost", pause=timedelta())


def _claim(pk: UUID) -> Message | None:
    """Return a due message that only this worker may send until the lease ends, or None."""
    now = timezone.now()
    with transaction.atomic():
        free = Message.objects.select_for_update(skip_locked=True)
        message = free.filter(pk=pk, state=MessageState.QUEUED, next_attempt_at__lte=now).first()
        if message is None or _waits(message, now):
            return None
        MESSAGE.check(source=message.state, target=MessageState.SENDING, role=POSTMAN.role)
        message.state = MessageState.SENDING
        message.claimed_at = now
        message.attempts += 1
        message.save(update_fields=["state", "claimed_at", "attempts"])
    return message


def _is_held(message: Message, now: datetime) -> bool:
    return message.waits_for is not None and now - message.queued_at < SEAL_WAIT


def _waits(message: Message, now: datetime) -> bool:
    return message.waits_for is not None and _is_held(message, now) and not is_sealed(message.waits_for)


def _mark_sent(pk: UUID) -> None:
    with transaction.atomic():
        message = Message.objects.select_for_update().filter(pk=pk).first()
        if message is None or message.state != MessageState.SENDING:
            return
        rule = MESSAGE.check(source=message.state, target=MessageState.SENT, role=POSTMAN.role)
        message.state = MessageState.SENT
        message.claimed_at = None
        message.sent_at = timezone.now()
        message.to, message.context, message.fault = "", {}, ""
        message.save()
        _record(message, rule.event)


def _put_back(sent: Message, fault: str, *, final: bool) -> None:
    """Put a message back with a pause, or give it up, if this worker's claim on it is still valid."""
    with transaction.atomic():
        message = Message.objects.select_for_update().filter(pk=sent.pk, claimed_at=sent.claimed_at).first()
        if message is not None:
            pause = PAUSES[min(message.attempts, len(PAUSES)) - 1]
            _end_attempt(message, now=timezone.now(), fault=fault, pause=pause, final=final)


def _end_attempt(message: Message, *, now: datetime, fault: str, pause: timedelta, final: bool = False) -> None:
    hopeless = final or message.attempts > len(PAUSES)
    target = MessageState.FAILED if hopeless else MessageState.QUEUED
    rule = MESSAGE.check(source=message.state, target=target, role=POSTMAN.role)
    message.state = target
    message.claimed_at = None
    message.fault = fault
    message.next_attempt_at = now + pause
    message.offered_at = None
    if hopeless:
        message.failed_at = now
        _record(message, rule.event)
    message.save()


def _record(message: Message, event: str) -> None:
    record(
        event=Event(event),
        actor=POSTMAN,
        subject=message.subject,
        facts={"kind": message.kind, "message": str(message.pk), "attempts": message.attempts},
    )
