"""Notices of the payment service: recorded once, then processed, often and in any order."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from functools import partial

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from audit.hooks import is_id
from fusus_portal.ground.notifications.publishing import broker
from shop.orders.models.orders import TaskKind
from shop.orders.services import orders
from shop.payments import hooks
from shop.payments.gateway.answers import GatewayFault, GatewayRefund, IntentStatus, Missing, Notice
from shop.payments.gateway.client import gateway
from shop.payments.models import GatewayEvent, Payment, PaymentAttempt, Refund
from shop.payments.services import payments, refunds

INTENT = "payment_intent."
WORKER = "shop.work_on_notice"
SWEEPER = "shop.sweep_notices"
AT_ONCE = 200
MOST_DOUBLINGS = 15
"""The pause between tries doubles at most this often: weeks have passed then, and the nightly comparison has looked."""


def receive(*, notice: Notice) -> bool:
    """Record a notice and hand it to the worker. True if it is new; the same notice, sent again, is recorded once."""
    told = {"kind": notice.kind, "object_id": notice.object_id, "made_at": notice.made_at}
    with transaction.atomic():
        event, new = GatewayEvent.objects.get_or_create(pk=notice.id, defaults=told)
        if new:
            # The sweep finds what the broker loses.
            transaction.on_commit(partial(broker.offer, event.pk, task=WORKER), robust=True)
    return new


def work(*, pk: str) -> bool:
    """Process a notice. True if that succeeded. Doing it twice, or in another order, changes nothing.

    If the service is down, the notice waits, and is tried again after a pause that grows.
    """
    event = GatewayEvent.objects.filter(pk=pk, processed_at__isnull=True).first()
    if event is None:
        return False
    try:
        follow(kind=event.kind, object_id=event.object_id)
    except Missing as fault:
        # Its object is gone, or was never ours.
        return _tried(event, fault.code, at=timezone.now())
    except GatewayFault as fault:
        _tried(event, fault.code)
        return False
    except Exception as error:
        _tried(event, type(error).__name__)
        raise
    return _tried(event, "", at=timezone.now())


def sweep() -> int:
    """Process the notices that are due. Returns how many succeeded."""
    now = timezone.now()
    waiting = GatewayEvent.objects.filter(processed_at__isnull=True).order_by("received_at")
    due = [event.pk for event in waiting.iterator() if _is_due(event, now)][:AT_ONCE]
    return sum(work(pk=pk) for pk in due)


def work_all() -> int:
    """Process every notice that waits, whatever its pause. Returns how many there were."""
    waiting = list(GatewayEvent.objects.filter(processed_at__isnull=True).order_by("received_at", "pk"))
    for event in waiting:
        work(pk=event.pk)
    return len(waiting)


def follow(*, kind: str, object_id: str) -> None:
    """Ask the service about the object of a notice, and record its state. Raises GatewayFault, to be tried again."""
    for begin, follower in FOLLOWERS.items():
        if kind.startswith(begin):
            follower(object_id)


def _settle_session(object_id: str) -> None:
    """Settle a page: one on which a card was saved, or one for a payment."""
    if hooks.saved_card.answer.page_followed(object_id):
        return
    attempt = PaymentAttempt.objects.filter(session_id=object_id).first()
    if attempt is None:
        page = gateway().retrieve_session(session_id=object_id)
        attempt = _attempt_of(page.metadata)
        if attempt is None:
            if page.paid and page.amount:
                _open(TaskKind.UNKNOWN_OBJECT, page.intent_id or page.id, captured=page.amount)
            return
    payments.settle(attempt=attempt, session_id=object_id)


def _settle_intent(object_id: str) -> None:
    if Payment.objects.filter(gateway_id=object_id).exists():
        return
    found = gateway().retrieve_intent(intent_id=object_id)
    attempt = _attempt_of(found.metadata)
    if attempt is not None:
        payments.settle(attempt=attempt, intent_id=object_id)
    elif found.status == IntentStatus.SUCCEEDED:
        _open(TaskKind.UNKNOWN_OBJECT, object_id, captured=found.captured)


def record_refund(found: GatewayRefund) -> None:
    """Settle a refund of the portal, or record one that was made outside the portal."""
    own = refund_of(found)
    if own is not None:
        refunds.settle(refund=own)
        return
    payment = Payment.objects.filter(gateway_id=found.intent_id).first()
    if payment is None:
        _open(TaskKind.UNKNOWN_OBJECT, found.id, cents=found.amount)
        return
    refunds.record_external(payment=payment, answer=found)


def refund_of(found: GatewayRefund) -> Refund | None:
    by_id = Refund.objects.filter(gateway_id=found.id).first()
    pk = found.metadata.get("refund", "")
    return by_id or (Refund.objects.filter(pk=pk).first() if is_id(pk) else None)


def _open(task: TaskKind, object_id: str, **facts: int | str) -> None:
    orders.open_task(kind=task, about=object_id, facts=facts)


FOLLOWERS: dict[str, Callable[[str], None]] = {
    "checkout.session.": _settle_session,
    INTENT: _settle_intent,
    "refund.": lambda object_id: record_refund(gateway().retrieve_refund(refund_id=object_id)),
    # Staff answer a buyer's dispute of a payment in the service's dashboard.
    "charge.dispute.": partial(_open, TaskKind.DIFFERENCE, kind="dispute"),
}
"""Functions for notices, by the beginning of their kinds. Other notices are ignored."""


def _is_due(event: GatewayEvent, now: datetime) -> bool:
    return event.received_at + timedelta(minutes=2 ** min(event.tries, MOST_DOUBLINGS) - 1) <= now


def _tried(event: GatewayEvent, code: str, *, at: datetime | None = None) -> bool:
    """Record a try. True if the notice still waited. at: time of success, None for a failed try."""
    waiting = GatewayEvent.objects.filter(pk=event.pk, processed_at__isnull=True)
    return bool(waiting.update(tries=F("tries") + 1, failure=code[:80], processed_at=at))


def _attempt_of(metadata: Mapping[str, str]) -> PaymentAttempt | None:
    pk = metadata.get("attempt", "")
    return PaymentAttempt.objects.filter(pk=pk).first() if is_id(pk) else None
