"""The books are compared with the payment service each night, and when a clerk asks for it.

Open items are settled on the way, so that nothing stays submitted or processing once the service knows its end.
Differences that remain are tasks for staff.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

from django.db import transaction
from django.db.models import Max, Min, Q, Sum
from django.utils import timezone

from audit.log.actors import Actor, ActorKind, Subject
from audit.log.events import Event
from audit.log.services import record
from fusus_portal.ground.access.permissions import Permission, demand
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.notifications.publishing import broker
from shop.books.models import Reconciliation
from shop.orders.models.orders import Order
from shop.orders.models.staff_tasks import TaskKind
from shop.orders.services import staff_tasks
from shop.payments.gateway import client
from shop.payments.gateway.answers import (
    Failed,
    GatewayFault,
    GatewayRefund,
    Intent,
    IntentStatus,
    Missing,
    RefundStatus,
)
from shop.payments.gateway.client import gateway
from shop.payments.models import Payment, PaymentAttempt, PaymentMethod, Refund
from shop.payments.services import notices, payments
from shop.payments.services import refunds as refund_services
from shop.payments.states import LIVE_ATTEMPTS, AttemptState, RefundState

WORKER = "shop.compare_books"
NIGHTLY = "shop.compare_books_nightly"
SWEEPER = "shop.take_up_comparisons"

UNHEARD = timedelta(minutes=5)
"""Time after a request within which a worker should have begun."""

LOOKED_BACK = timedelta(days=35)
"""Time before the last comparison that is compared again: longer than a refund may take to fail."""

TOLD_BACK = timedelta(days=29)
"""The service keeps its events for 30 days."""

CLOCKS = timedelta(minutes=10)
"""Largest difference between both clocks, and longest time of an answer."""

A_DAY = timedelta(days=1)
"""A payment page lives no longer. A payment on it may have begun when it was opened."""

AT_THE_SERVICE = (RefundState.SUBMITTED, RefundState.PENDING, RefundState.SUCCEEDED)


def ask(*, by: User) -> Reconciliation:
    """Let the worker compare now, as a clerk. Raises Refused."""
    demand(by, Permission.FULFILMENT)
    with transaction.atomic():
        run = Reconciliation.objects.create(clerk=by)
        record(event=Event.RECONCILIATION_ASKED, actor=by.actor, subject=run.subject)
        transaction.on_commit(partial(broker.offer, run.pk, task=WORKER), robust=True)
    return run


def nightly() -> int:
    """Compare; return the number of differences."""
    return run_one(pk=Reconciliation.objects.create().pk).differences


def take_up() -> int:
    """Run the comparisons that no worker took within five minutes; return their number."""
    before = timezone.now() - UNHEARD
    waiting = Reconciliation.objects.filter(finished_at__isnull=True, asked_at__lte=before)
    return len([run_one(pk=pk) for pk in waiting.values_list("pk", flat=True)])


def run_one(*, pk: UUID) -> Reconciliation:
    """Run a comparison and record its result, or the failure of the service.

    A finished comparison is returned as it is.
    """
    run = Reconciliation.objects.get(pk=pk)
    if run.finished_at is not None:
        return run
    now = timezone.now()
    try:
        _compare(run, now)
    except GatewayFault as fault:
        run.failure = fault.code
    with transaction.atomic():
        run.finished_at = timezone.now()
        run.save()
        counted = ("attempts", "refunds", "notices", "differences")
        facts: dict[str, int | str] = {name: getattr(run, name) for name in counted}
        outcome = "failed" if run.failure else "done"
        actor = Actor(ActorKind.TASK, WORKER, role="task")
        record(event=Event.RECONCILIATION_DONE, actor=actor, subject=run.subject, facts=facts, outcome=outcome)
    return run


def attempts(*, since: datetime) -> int:
    """Settle every attempt that may still be paid, or may have been after its end; return their number.

    Raises GatewayFault if the service is down.
    """
    ended = Q(begun_at__gte=since) & ~Q(state=AttemptState.SUCCEEDED)
    rows = PaymentAttempt.objects.filter(Q(state__in=LIVE_ATTEMPTS) | ended)
    found = rows.select_related("order").order_by("begun_at", "pk")
    # Of several pages or charges of one attempt, the one with the money counts.
    paid_last = sorted(client.list_sessions(since=since - CLOCKS), key=lambda page: page.paid)
    captured_last = sorted(client.list_intents(since=since - CLOCKS), key=lambda charge: charge.captured > 0)
    pages = {page.metadata.get("attempt", ""): page.id for page in paid_last}
    charges = {charge.metadata.get("attempt", ""): charge.id for charge in captured_last}
    for attempt in found:
        # If an answer was lost the portal knows no page and no charge, but they name the attempt.
        page, charge = pages.get(str(attempt.pk), ""), charges.get(str(attempt.pk), "")
        if not attempt.session_id and not attempt.intent_id and not page and not charge:
            payments.give_up(attempt=attempt)
        else:
            settle = partial(payments.settle, attempt=attempt, session_id=page, intent_id=charge)
            _try(settle, attempt.subject, attempt.order)
    return len(found)


def refunds(*, since: datetime) -> int:
    """Settle every refund that the service has, or may have; record those made outside. Return their number.

    Raises GatewayFault if the service is down.
    """
    waiting = Refund.objects.filter(state__in=[RefundState.SUBMITTED, RefundState.PENDING]).order_by("requested_at")
    count = 0
    for own in waiting.select_related("payment__order"):
        _try(partial(refund_services.settle, refund=own), own.subject, own.payment.order)
        count += 1
    for found in client.list_refunds(since=since - CLOCKS):
        known = notices.refund_of(found)
        if known is None or known.state != refund_services.TARGETS[found.status]:
            notices.record_refund(found)
        count += 1
    return count


def differences(*, since: datetime) -> int:
    """Open a task for each payment that differs between books and service; return their number.

    Raises GatewayFault if the service is down.
    """
    intents = {one.id: one for one in client.list_intents(since=since - A_DAY)}
    back = _given_back(client.list_refunds(since=since - CLOCKS))
    of_cards = Payment.objects.filter(method=PaymentMethod.CARD).filter(
        Q(captured_at__gte=since) | Q(gateway_id__in=list(back))
    )
    books = {payment.gateway_id: payment for payment in of_cards.select_related("order").order_by("captured_at", "pk")}
    count = sum(_differs(payment, intents.get(pk), back, since) for pk, payment in books.items())
    strange = [one for one in intents.values() if one.status == IntentStatus.SUCCEEDED and one.id not in books]
    return count + sum(_is_strange(one) for one in strange)


def captured_of(intent: str) -> int:
    """Return the cents that the service took by a payment, 0 for an unknown one. Raises GatewayFault."""
    try:
        return gateway().retrieve_intent(intent_id=intent).captured
    except Missing:
        return 0


def _compare(run: Reconciliation, now: datetime) -> None:
    for notice in client.list_undelivered(since=now - TOLD_BACK):
        notices.receive(notice=notice)
    run.notices = notices.work_all()
    since = _compared_until(now) - LOOKED_BACK
    run.attempts = attempts(since=since)
    run.refunds = refunds(since=since)
    run.differences = differences(since=since)


def _compared_until(now: datetime) -> datetime:
    """Return the time of the last finished comparison; before the first, of the first attempt."""
    done = Reconciliation.objects.filter(finished_at__isnull=False, failure="").aggregate(at=Max("asked_at"))
    first = PaymentAttempt.objects.aggregate(at=Min("begun_at"))
    return min(now, done["at"] or first["at"] or now)


def _try(act: Callable[[], object], subject: Subject, order: Order) -> None:
    """Settle one item. If the service refuses it, or lacks it, open a task and continue. Raises Unknown."""
    try:
        act()
    except Failed as fault:
        facts: dict[str, int | str] = {"kind": subject.kind, "failure": fault.code}
        staff_tasks.open_task(kind=TaskKind.DIFFERENCE, about=subject.id, order=order, facts=facts)


def _given_back(found: Sequence[GatewayRefund]) -> Counter[str]:
    sums: Counter[str] = Counter()
    for one in found:
        if one.status in {RefundStatus.PENDING, RefundStatus.SUCCEEDED}:
            sums[one.intent_id] += one.amount
    return sums


def _differs(payment: Payment, intent: Intent | None, back: Counter[str], since: datetime) -> bool:
    pk = payment.gateway_id
    captured = captured_of(pk) if intent is None else intent.captured
    if captured != payment.captured:
        return _task(payment, "captured", payment.captured, captured)
    if payment.captured_at < since:
        # Some of the refunds may be older than the list.
        back = _given_back(gateway().list_refunds(intent_id=pk))
    own = payment.refunds.filter(state__in=AT_THE_SERVICE).aggregate(sum=Sum("cents"))["sum"] or 0
    return own != back[pk] and _task(payment, "refunded", own, back[pk])


def _task(payment: Payment, what: str, books: int, service: int) -> bool:
    facts: dict[str, int | str] = {"kind": what, "books": books, "service": service}
    staff_tasks.open_task(kind=TaskKind.DIFFERENCE, about=payment.gateway_id, order=payment.order, facts=facts)
    return True


def _is_strange(intent: Intent) -> bool:
    if Payment.objects.filter(gateway_id=intent.id).exists():
        return False
    notices.follow(kind=notices.INTENT, object_id=intent.id)
    return not Payment.objects.filter(gateway_id=intent.id).exists()
