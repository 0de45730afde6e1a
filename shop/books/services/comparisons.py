"""Settles what is open, and finds what differs between the books and the payment service."""

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import partial

from django.db.models import Q, Sum

from audit.actors import Subject
from shop.gateway import listing
from shop.gateway.answers import Failed, GatewayRefund, Intent, IntentStatus, Missing, RefundStatus, Session
from shop.gateway.current import gateway
from shop.models import Order, Payment, PaymentAttempt, PaymentMethod, Refund, TaskKind
from shop.services import following, refunding, settling, staff_tasks
from shop.states import LIVE_ATTEMPTS, AttemptState, RefundState

CLOCKS = timedelta(minutes=10)
"""How far the clocks of the two may be apart, and how long an answer may be on its way."""

A_DAY = timedelta(days=1)
"""A payment page lives no longer, and what is paid on it may have begun when it was opened."""

AT_THE_SERVICE = (RefundState.SUBMITTED, RefundState.PENDING, RefundState.SUCCEEDED)


def attempts(*, since: datetime) -> int:
    """Settle every attempt that may still be paid, or may have been after it ended; return how many.

    Raises GatewayFault when the service is down.
    """
    ended = Q(begun_at__gte=since) & ~Q(state=AttemptState.SUCCEEDED)
    found = (
        PaymentAttempt.objects.filter(Q(state__in=LIVE_ATTEMPTS) | ended)
        .select_related("order")
        .order_by("begun_at", "pk")
    )
    pages = {
        page.metadata.get("attempt", ""): page.id
        for page in sorted(listing.sessions(since=since - CLOCKS), key=_is_paid)
    }
    charges = {
        charge.metadata.get("attempt", ""): charge.id
        for charge in sorted(listing.intents(since=since - CLOCKS), key=_is_captured)
    }
    for attempt in found:
        # Of one whose answer was lost we know no page and no charge; they know the attempt.
        page, charge = pages.get(str(attempt.pk), ""), charges.get(str(attempt.pk), "")
        if not attempt.session_id and not attempt.intent_id and not page and not charge:
            settling.give_up(attempt=attempt)
        else:
            settle = partial(settling.settle, attempt=attempt, session_id=page, intent_id=charge)
            _try(settle, attempt.subject, attempt.order)
    return len(found)


def _is_captured(charge: Intent) -> bool:
    return charge.captured > 0


def _is_paid(page: Session) -> bool:
    return page.paid


def refunds(*, since: datetime) -> int:
    """Settle every refund that the service has, or may have, and write down those made outside; return how many.

    Raises GatewayFault when the service is down.
    """
    waiting = Refund.objects.filter(state__in=[RefundState.SUBMITTED, RefundState.PENDING]).order_by("requested_at")
    count = 0
    for own in waiting.select_related("payment__order"):
        _try(partial(refunding.settle, refund=own), own.subject, own.payment.order)
        count += 1
    for found in listing.refunds(since=since - CLOCKS):
        known = following.refund_of(found)
        if known is None or known.state != refunding.TARGETS[found.status]:
            following.told(found)
        count += 1
    return count


def _try(act: Callable[[], object], subject: Subject, order: Order) -> None:
    """Settle one thing. What the service does not know, or refuses, is a task, and the rest goes on.

    Raises Unknown when the service is down.
    """
    try:
        act()
    except Failed as fault:
        facts: dict[str, int | str] = {"kind": subject.kind, "failure": fault.code}
        staff_tasks.open_task(kind=TaskKind.DIFFERENCE, about=subject.id, order=order, facts=facts)


def differences(*, since: datetime) -> int:
    """Open a task for each payment of which the books say something else than the service; return how many differ.

    Raises GatewayFault when the service is down.
    """
    intents = {one.id: one for one in listing.intents(since=since - A_DAY)}
    back = _given_back(listing.refunds(since=since - CLOCKS))
    of_cards = Payment.objects.filter(method=PaymentMethod.CARD).filter(
        Q(captured_at__gte=since) | Q(gateway_id__in=list(back))
    )
    books = {payment.gateway_id: payment for payment in of_cards.select_related("order").order_by("captured_at", "pk")}
    count = sum(_differs(payment, intents.get(pk), back, since) for pk, payment in books.items())
    strange = [one for one in intents.values() if one.status == IntentStatus.SUCCEEDED and one.id not in books]
    return count + sum(_is_strange(one) for one in strange)


def _given_back(found: Sequence[GatewayRefund]) -> Counter[str]:
    sums: Counter[str] = Counter()
    for one in found:
        if one.status in {RefundStatus.PENDING, RefundStatus.SUCCEEDED}:
            sums[one.intent_id] += one.amount
    return sums


def _differs(payment: Payment, intent: Intent | None, back: Counter[str], since: datetime) -> bool:
    pk = payment.gateway_id
    captured = _captured(pk) if intent is None else intent.captured
    if captured != payment.captured:
        return _task(payment, "captured", payment.captured, captured)
    if payment.captured_at < since:
        # Some of what was given back may be older than the list.
        back = _given_back(gateway().list_refunds(intent_id=pk))
    own = payment.refunds.filter(state__in=AT_THE_SERVICE).aggregate(sum=Sum("cents"))["sum"] or 0
    return own != back[pk] and _task(payment, "refunded", own, back[pk])


def _captured(intent: str) -> int:
    try:
        return gateway().retrieve_intent(intent_id=intent).captured
    except Missing:
        return 0


def _task(payment: Payment, what: str, books: int, service: int) -> bool:
    facts: dict[str, int | str] = {"kind": what, "books": books, "service": service}
    staff_tasks.open_task(kind=TaskKind.DIFFERENCE, about=payment.gateway_id, order=payment.order, facts=facts)
    return True


def _is_strange(intent: Intent) -> bool:
    if Payment.objects.filter(gateway_id=intent.id).exists():
        return False
    following.follow(kind=following.INTENT, object_id=intent.id)
    return not Payment.objects.filter(gateway_id=intent.id).exists()
