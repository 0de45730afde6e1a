"""Attempts to pay by card: recorded first, then a payment page is made, then the buyer goes there."""

import logging

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from audit.log.actors import Actor
from audit.log.events import Event
from audit.log.services import record
from fusus_portal.ground import steps
from fusus_portal.ground.accounts.actors import task_actor
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.lifecycle import Stale
from shop.connections.selectors import kept_cards
from shop.orders import locks as order_locks
from shop.orders.models.orders import Order
from shop.orders.policies import orders
from shop.payments import locks
from shop.payments.gateway.answers import Failed, GatewayFault, Item, Session, Unknown
from shop.payments.gateway.current import gateway
from shop.payments.models.payments import PaymentAttempt
from shop.payments.services import settlement
from shop.payments.states import LIVE_ATTEMPTS, AttemptState
from shop.rules import CURRENCY, LONGEST_RESERVED, RESERVED_FOR, SESSION_LIFE

logger = logging.getLogger(__name__)

OPENER = "shop.open_attempt"
ACTOR = task_actor(OPENER)


def begin(*, order: Order, by: User, return_to: str, keeps: bool = False) -> PaymentAttempt:
    """Return an attempt of an order with an open payment page: its `url`. One at a time, for two tabs too.

    return_to: whole address to which the buyer comes back, paid or not. keeps: the buyer ticked that the card is saved.
    Raises NotYours for another's order; Stale if it does not wait for a payment, while one is being processed, and if
    the gateway gives no answer now.
    """
    said = kept_cards.tick_words(order) if keeps else ""
    try:
        for attempt in order.attempts.filter(state__in=LIVE_ATTEMPTS).exclude(session_id="", intent_id=""):
            # A payment of a moment ago in another tab is not made again.
            known = settlement.settle(attempt=attempt)
            if known.state == AttemptState.OPEN and known.is_by_page and bool(known.keeps) != bool(said):
                _close(known)
    except GatewayFault as fault:
        raise Stale(no_answer(), subject=order.subject) from fault
    waiting = _begun(order, by, said)
    return waiting if waiting.state == AttemptState.OPEN else _open(waiting, return_to, email=by.email)


@transaction.atomic
def _begun(order: Order, by: User, keeps: str) -> PaymentAttempt:
    """Return the live attempt of an order, or a new one that is recorded before the service hears of it.

    keeps: the ticked sentence. A page that saves the card does not serve the other answer, nor the other way round.
    """
    locked = order_locks.own_order(order.pk, by=by)
    orders.must_be_payable(locked)
    now = timezone.now()
    live = [attempt for attempt in locks.attempts_of(locked) if attempt.state in LIVE_ATTEMPTS]
    for attempt in live:
        if attempt.state == AttemptState.PROCESSING or not attempt.is_by_page:
            raise Stale(
                _("Your payment is being processed. We write to you when it is through."), subject=locked.subject
            )
        if attempt.expires_at > now and bool(attempt.keeps) == bool(keeps):
            return attempt
        steps.take(attempt, AttemptState.CANCELLED, by)
    attempt = write_down(order=locked, actor=by.actor, keeps=keeps)
    _wait_longer(locked, attempt)
    return attempt


def write_down(*, order: Order, actor: Actor, customer: str = "", card: str = "", keeps: str = "") -> PaymentAttempt:
    """Record an attempt for a locked order, inside the caller's transaction. Other arguments: as in its model."""
    attempt = PaymentAttempt.objects.create(
        order=order,
        cents=order.total,
        currency=CURRENCY,
        customer=customer,
        card=card,
        keeps=keeps,
        expires_at=timezone.now() + SESSION_LIFE,
    )
    facts: dict[str, int | str] = {"order": str(order.pk), "cents": attempt.cents}
    record(event=Event.ATTEMPT_BEGUN, actor=actor, subject=attempt.subject, facts=facts)
    return attempt


def _wait_longer(order: Order, attempt: PaymentAttempt) -> None:
    """Extend the reservation of a locked order to its open payment page, but never for ever."""
    placed = order.placed_at or timezone.now()
    wanted = attempt.expires_at + (RESERVED_FOR - SESSION_LIFE)
    if order.reserved_until is not None:
        order.reserved_until = max(order.reserved_until, min(wanted, placed + LONGEST_RESERVED))
        order.save(update_fields=["reserved_until"])


def _open(attempt: PaymentAttempt, return_to: str, *, email: str) -> PaymentAttempt:
    """Have a payment page made. The lock is on the attempt alone, so that one of two tabs makes it."""
    with transaction.atomic():
        locked = locks.attempt(attempt.pk)
        if locked.state != AttemptState.CREATED:
            return _usable(locked)
        try:
            session = _page(locked, return_to, email)
        except Failed as fault:
            locked.failure, locked.settled_at = fault.code[:80], timezone.now()
            steps.take(locked, AttemptState.FAILED, ACTOR)
        except Unknown as fault:
            # The attempt stays: the next try asks with the same key and gets the same page. Nobody has seen this one.
            raise Stale(no_answer(), subject=locked.subject) from fault
        else:
            locked.session_id, locked.url, locked.intent_id = session.id, session.url, session.intent_id
            steps.take(locked, AttemptState.OPEN, ACTOR)
    return _usable(locked)


def _page(attempt: PaymentAttempt, return_to: str, email: str) -> Session:
    order = attempt.order
    with override(order.language):
        items = [
            Item(name=f"{line.quantity} x {line.local_name}", cents=line.total)
            for line in order.lines.order_by("position")
        ]
    return gateway().create_session(
        key=attempt.pk,
        items=items,
        currency=attempt.currency,
        client_reference=str(order.pk),
        email=email,
        language=order.language,
        success_url=return_to,
        cancel_url=return_to,
        expires_at=attempt.expires_at,
        metadata={"order": str(order.pk), "attempt": str(attempt.pk)},
        customer=kept_cards.customer_of(order),
        save_card=bool(attempt.keeps),
    )


def _close(attempt: PaymentAttempt) -> None:
    """End an open page, so that nobody pays on it. A payment in the last moment counts."""
    try:
        gateway().expire_session(session_id=attempt.session_id)
    except Failed:
        logger.info("The page of attempt %s was not open", attempt.pk)
    settlement.settle(attempt=attempt)


def _usable(attempt: PaymentAttempt) -> PaymentAttempt:
    if attempt.state != AttemptState.OPEN:
        raise Stale(no_answer(), subject=attempt.subject)
    return attempt


def no_answer() -> str:
    return _("The payment service does not answer right now. Nothing was charged. Please try again in a few minutes.")
