"""Notices of the payment service: recorded once, then worked on, often and in any order.

What is true is asked of the service each time.
"""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from fusus_portal.ground.notifications.publishing import broker
from shop import hooks
from shop.orders.models.staff_tasks import TaskKind
from shop.orders.services import staff_tasks
from shop.payments.gateway.answers import GatewayFault, GatewayRefund, IntentStatus, Missing, Session
from shop.payments.gateway.current import gateway
from shop.payments.gateway.notices import Notice
from shop.payments.models.notices import GatewayEvent
from shop.payments.models.payments import Payment, PaymentAttempt
from shop.payments.models.refunds import Refund
from shop.payments.services import payouts, settlement

Follower = Callable[[str], bool]
INTENT = "payment_intent."
WORKER = "shop.work_on_notice"
SWEEPER = "shop.sweep_notices"
AT_ONCE = 200
MOST_DOUBLINGS = 15
"""After this many tries, weeks have passed, and the nightly comparison has looked."""


def receive(*, notice: Notice) -> bool:
    """Write a notice down and hand it to the worker; return whether it was a new one.

    The same one, told many times and at the same instant, is recorded once.
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
        follow(kind=event.kind, object_id=event.object_id)
    except Missing as fault:
        # What it is about is not there any more, or was never ours.
        return _tried(event, fault.code, at=timezone.now())
    except GatewayFault as fault:
        _tried(event, fault.code)
        return False
    except Exception as error:
        _tried(event, type(error).__name__)
        raise
    return _tried(event, "", at=timezone.now())


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


def follow(*, kind: str, object_id: str) -> None:
    """Follow what the service told about one of its objects. Raises GatewayFault, then it is tried again later."""
    for begin, follower in FOLLOWERS:
        if kind.startswith(begin) and follower(object_id):
            return


def card_page(object_id: str) -> bool:
    """Follow a page on which a card is left; tell whether it is one."""
    return hooks.year_order.answer.page_followed(object_id)


def session(object_id: str) -> bool:
    """Settle the attempt that a payment page was opened for."""
    attempt = PaymentAttempt.objects.filter(session_id=object_id).first()
    if attempt is None:
        page = gateway().retrieve_session(session_id=object_id)
        attempt = _attempt_of(page.metadata)
        if attempt is None:
            return _strange_page(page)
    settlement.settle(attempt=attempt, session_id=object_id)
    return True


def intent(object_id: str) -> bool:
    """Settle the attempt that a payment belongs to."""
    if Payment.objects.filter(gateway_id=object_id).exists():
        return True
    found = gateway().retrieve_intent(intent_id=object_id)
    attempt = _attempt_of(found.metadata)
    if attempt is not None:
        settlement.settle(attempt=attempt, intent_id=object_id)
    elif found.status == IntentStatus.SUCCEEDED:
        facts: dict[str, int | str] = {"captured": found.captured}
        staff_tasks.open_task(kind=TaskKind.UNKNOWN_OBJECT, about=object_id, facts=facts)
    return True


def refund(object_id: str) -> bool:
    """Settle a refund of ours, or write down one that was made outside the portal."""
    told(gateway().retrieve_refund(refund_id=object_id))
    return True


def told(found: GatewayRefund) -> None:
    """Record what the service says about a refund."""
    own = refund_of(found)
    if own is not None:
        payouts.settle(refund=own)
        return
    payment = Payment.objects.filter(gateway_id=found.intent_id).first()
    if payment is None:
        facts: dict[str, int | str] = {"cents": found.amount}
        staff_tasks.open_task(kind=TaskKind.UNKNOWN_OBJECT, about=found.id, facts=facts)
        return
    payouts.found(payment=payment, answer=found)


def refund_of(found: GatewayRefund) -> Refund | None:
    """Return our row of a refund at the service."""
    by_id = Refund.objects.filter(gateway_id=found.id).first()
    pk = identity(found.metadata.get("refund", ""))
    return by_id or (Refund.objects.filter(pk=pk).first() if pk else None)


def dispute(object_id: str) -> bool:
    """Tell staff of a dispute: it is answered in the service's dashboard."""
    staff_tasks.open_task(kind=TaskKind.DIFFERENCE, about=object_id, facts={"kind": "dispute"})
    return True


FOLLOWERS: list[tuple[str, Follower]] = [
    ("checkout.session.", card_page),
    ("checkout.session.", session),
    (INTENT, intent),
    ("refund.", refund),
    ("charge.dispute.", dispute),
]
"""Which kind of notice each follower takes, by its prefix. Other notices are ignored."""


def identity(text: str) -> UUID | None:
    """Return the id that metadata hold, None for what can't be one."""
    try:
        return UUID(text)
    except ValueError:
        return None


def _is_due(event: GatewayEvent, now: datetime) -> bool:
    return event.received_at + timedelta(minutes=2 ** min(event.tries, MOST_DOUBLINGS) - 1) <= now


def _tried(event: GatewayEvent, code: str, *, at: datetime | None = None) -> bool:
    """Record a try; return whether the notice still waited. at: when it was done, None for one that failed."""
    waiting = GatewayEvent.objects.filter(pk=event.pk, processed_at__isnull=True)
    return bool(waiting.update(tries=F("tries") + 1, failure=code[:80], processed_at=at))


def _attempt_of(metadata: Mapping[str, str]) -> PaymentAttempt | None:
    pk = identity(metadata.get("attempt", ""))
    return PaymentAttempt.objects.filter(pk=pk).first() if pk else None


def _strange_page(page: Session) -> bool:
    if page.paid and page.amount:
        facts: dict[str, int | str] = {"captured": page.amount}
        staff_tasks.open_task(kind=TaskKind.UNKNOWN_OBJECT, about=page.intent_id or page.id, facts=facts)
    return True
