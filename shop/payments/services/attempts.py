"""An attempt to pay by card: recorded first, then a payment page is made for it, then its buyer goes there."""

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
from shop.connections.selectors.renewals import card_of
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

OPENER = "shop.open_attempt"
ACTOR = task_actor(OPENER)


def begin(*, order: Order, by: User, return_to: str) -> PaymentAttempt:
    """Return an attempt of an order with a payment page that is open: its `url`. One at a time, for two tabs too.

    return_to: whole address to which the buyer comes back, paid or not. Raises NotYours for another's order; Stale
    when it does not wait for a payment, when one is being processed, and when the gateway gives no answer now.
    """
    try:
        for attempt in order.attempts.filter(state__in=LIVE_ATTEMPTS).exclude(session_id="", intent_id=""):
            # What was paid a moment ago in another tab is not paid again.
            settlement.settle(attempt=attempt)
    except GatewayFault as fault:
        raise Stale(no_answer(), subject=order.subject) from fault
    waiting = _begun(order, by)
    return waiting if waiting.state == AttemptState.OPEN else _open(waiting, return_to, email=by.email)


@transaction.atomic
def _begun(order: Order, by: User) -> PaymentAttempt:
    """Return the live attempt of an order, or a new one that is recorded before the service hears of it."""
    locked = order_locks.own_order(order.pk, by=by)
    orders.must_be_payable(locked)
    now = timezone.now()
    live = [attempt for attempt in locks.attempts_of(locked) if attempt.state in LIVE_ATTEMPTS]
    for attempt in live:
        if attempt.state == AttemptState.PROCESSING or not attempt.is_by_page:
            raise Stale(
                _("Your payment is being processed. We write to you when it is through."), subject=locked.subject
            )
        if attempt.expires_at > now:
            return attempt
        steps.take(attempt, AttemptState.CANCELLED, by)
    attempt = write_down(order=locked, actor=by.actor)
    _wait_longer(locked, attempt)
    return attempt


def write_down(*, order: Order, actor: Actor, customer: str = "", card: str = "") -> PaymentAttempt:
    """Write an attempt down for a locked order, inside the caller's transaction. customer, card: as of its model."""
    attempt = PaymentAttempt.objects.create(
        order=order,
        cents=order.total,
        currency=CURRENCY,
        customer=customer,
        card=card,
        expires_at=timezone.now() + SESSION_LIFE,
    )
    facts: dict[str, int | str] = {"order": str(order.pk), "cents": attempt.cents}
    record(event=Event.ATTEMPT_BEGUN, actor=actor, subject=attempt.subject, facts=facts)
    return attempt


def _wait_longer(order: Order, attempt: PaymentAttempt) -> None:
    """Let the stock of a locked order wait as long as its payment page is open, but never for ever."""
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
            # It stays as it is: the next try asks with the same key and gets the same page. Nobody has seen this one.
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
        customer=card.customer if (card := card_of(order)) else "",
        save_card=order.lines.filter(yearly_fee__gt=0).exists(),
    )


def _usable(attempt: PaymentAttempt) -> PaymentAttempt:
    if attempt.state != AttemptState.OPEN:
        raise Stale(no_answer(), subject=attempt.subject)
    return attempt


def no_answer() -> str:
    """Return what is read when the payment service does not answer."""
    return _("The payment service does not answer right now. Nothing was charged. Please try again in a few minutes.")
