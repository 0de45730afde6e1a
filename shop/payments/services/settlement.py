"""Settlement: the gateway's answer about an attempt is recorded once, however often it is asked."""

import logging

from django.db import transaction
from django.utils import timezone

from audit.log.events import Event
from audit.log.services import record
from fusus_portal.ground import steps
from fusus_portal.ground.accounts.actors import task_actor
from fusus_portal.ground.notifications.kinds import MessageKind
from registry.places import selectors as places
from registry.places.models import ConfirmedBy
from registry.places.services import premises as premise_services
from shop import hooks
from shop.orders import locks as order_locks
from shop.orders.models.orders import Order
from shop.orders.models.staff_tasks import TaskKind
from shop.orders.services import letters, purchases, staff_tasks
from shop.orders.states import CONFIRMED, WAITING, OrderState
from shop.payments import locks
from shop.payments.gateway.answers import Session, SessionStatus, without_page
from shop.payments.gateway.current import gateway
from shop.payments.models.payments import Payment, PaymentAttempt, PaymentMethod
from shop.payments.models.refunds import RefundSource
from shop.payments.services import refunds
from shop.payments.states import AttemptState

logger = logging.getLogger(__name__)

SETTLER = "shop.settle"
ACTOR = task_actor(SETTLER)
OVER = (AttemptState.FAILED, AttemptState.EXPIRED, AttemptState.CANCELLED)
"""Ended attempts. Only money that arrives late changes them."""


def settle(*, attempt: PaymentAttempt, session_id: str = "", intent_id: str = "") -> PaymentAttempt:
    """Bring an attempt to its state at the gateway. Doing it again changes nothing.

    The page to which a buyer comes back, the webhook and the nightly comparison all run this. It asks the gateway
    before it locks anything, and commits payment, order, stock, invoice and log in one transaction.

    session_id, intent_id: of a payment page, or of a charge of a saved card, that names this attempt; given if we were
    killed before we could note it. Raises GatewayFault if the gateway does not say.
    """
    known = PaymentAttempt.objects.select_related("order").get(pk=attempt.pk)
    if known.state == AttemptState.SUCCEEDED:
        return known
    answer = _asked(known, session_id, intent_id)
    if answer is None:
        return known
    with transaction.atomic():
        hooks.year_order.answer.lock_core(known.order)
        order = order_locks.order(known.order_id)
        locked = locks.attempt(known.pk)
        if locked.state == AttemptState.SUCCEEDED or _is_another(locked, answer):
            return locked
        return _apply(order, locked, answer)


def _asked(attempt: PaymentAttempt, session_id: str, intent_id: str) -> Session | None:
    if attempt.is_by_page:
        page = attempt.session_id or session_id
        return gateway().retrieve_session(session_id=page) if page else None
    intent = attempt.intent_id or intent_id
    return without_page(gateway().retrieve_intent(intent_id=intent)) if intent else None


def _is_another(attempt: PaymentAttempt, answer: Session) -> bool:
    """True if an answer is about another page or payment than the one noted meanwhile."""
    if attempt.is_by_page:
        return bool(attempt.session_id) and attempt.session_id != answer.id
    return bool(attempt.intent_id) and attempt.intent_id != answer.intent_id


def give_up(*, attempt: PaymentAttempt) -> PaymentAttempt:
    """End an attempt that has expired without a page of the gateway: nobody can pay it any more.

    An attempt on a saved card continues (`shop.connections.services.charges`).
    """
    with transaction.atomic():
        locked = locks.attempt(attempt.pk)
        is_waiting = locked.state == AttemptState.CREATED and locked.is_by_page
        if not is_waiting or locked.session_id or locked.expires_at > timezone.now():
            return locked
        locked.failure, locked.settled_at = "no_page", timezone.now()
        return steps.take(locked, AttemptState.FAILED, ACTOR)


def wrong_in(answer: Session, *, attempt: PaymentAttempt) -> str:
    """Return the first difference from the request: "attempt", "order", "amount", "currency"; "" for none."""
    same = {
        "attempt": answer.metadata.get("attempt") == str(attempt.pk),
        "order": answer.metadata.get("order") == str(attempt.order_id),
        "amount": answer.amount == attempt.cents,
        "currency": answer.currency.lower() == attempt.currency,
    }
    return next((name for name, is_same in same.items() if not is_same), "")


def _apply(order: Order, attempt: PaymentAttempt, answer: Session) -> PaymentAttempt:
    if wrong := wrong_in(answer, attempt=attempt):
        return _doubt(order, attempt, wrong)
    attempt.intent_id = attempt.intent_id or answer.intent_id
    if attempt.state == AttemptState.CREATED:
        attempt.session_id, attempt.url = answer.id, answer.url
        steps.take(attempt, AttemptState.OPEN, ACTOR)
    if answer.status == SessionStatus.COMPLETE and answer.paid:
        return _paid(order, attempt, answer)
    target = _unpaid(attempt.state, answer)
    if target is None:
        return attempt
    if target != AttemptState.PROCESSING:
        attempt.settled_at = timezone.now()
        attempt.failure = (answer.failure or "payment_failed") if target == AttemptState.FAILED else ""
    if target == AttemptState.FAILED:
        _tell(order, attempt)
    return steps.take(attempt, target, ACTOR)


def _tell(order: Order, attempt: PaymentAttempt) -> None:
    if not attempt.is_by_page:
        hooks.year_order.answer.failed(order=order, why=attempt.failure)
    elif order.state in WAITING:
        letters.of_order(order, MessageKind.PAYMENT_FAILED)


def _unpaid(state: str, answer: Session) -> AttemptState | None:
    """Return the next state of an unpaid attempt, None if it stays."""
    if state in OVER:
        return None
    if answer.status == SessionStatus.COMPLETE:
        if answer.failed:
            return AttemptState.FAILED
        return AttemptState.PROCESSING if state == AttemptState.OPEN else None
    return AttemptState.EXPIRED if answer.status == SessionStatus.EXPIRED and state == AttemptState.OPEN else None


def _paid(order: Order, attempt: PaymentAttempt, answer: Session) -> PaymentAttempt:
    attempt.settled_at = timezone.now()
    steps.take(attempt, AttemptState.SUCCEEDED, ACTOR)
    payment = Payment.objects.create(
        order=order,
        attempt=attempt,
        method=PaymentMethod.CARD,
        captured=attempt.cents,
        currency=attempt.currency,
        gateway_id=answer.intent_id,
        card_brand=answer.card.brand,
        card_last4=answer.card.last4,
    )
    facts: dict[str, int | str] = {"order": str(order.pk), "cents": payment.captured}
    record(event=Event.PAYMENT_CAPTURED, actor=ACTOR, subject=payment.subject, facts=facts)
    _confirm_place(order, answer)
    can_be_bought = order.state in (OrderState.AWAITING_PAYMENT, OrderState.EXPIRED)
    if order.state in CONFIRMED:
        _give_back(order, payment, RefundSource.TWICE, TaskKind.PAID_TWICE)
    elif not can_be_bought or not purchases.buy(order=order, actor=ACTOR):
        _give_back(order, payment, RefundSource.LATE, TaskKind.PAID_LATE)
    else:
        hooks.year_order.answer.card_used(attempt=attempt, order=order, answer=answer)
    return attempt


def _confirm_place(order: Order, answer: Session) -> None:
    """Confirm the buyer's place at the address that the card's bank has confirmed."""
    if order.registrant is None or answer.checked_address is None:
        return
    for premises in places.at_address(order.registrant, answer.checked_address):
        premise_services.confirm(premises=premises, way=ConfirmedBy.CARD, actor=ACTOR)


def _give_back(order: Order, payment: Payment, source: RefundSource, task: TaskKind) -> None:
    refunds.give_back(payment=payment, order=order, source=source, actor=ACTOR)
    staff_tasks.open_task(kind=task, about=str(payment.pk), order=order, facts={"cents": payment.captured})


def _doubt(order: Order, attempt: PaymentAttempt, wrong: str) -> PaymentAttempt:
    """Count nothing as paid that differs from the request: a person looks into it."""
    if attempt.doubt:
        return attempt
    logger.warning("Attempt %s differs at the gateway: %s", attempt.pk, wrong)
    attempt.doubt = wrong
    facts: dict[str, int | str] = {"order": str(order.pk), "wrong": wrong}
    record(event=Event.PAYMENT_STRANGE, actor=ACTOR, subject=attempt.subject, facts=facts)
    staff_tasks.open_task(kind=TaskKind.PAYMENT_DOUBT, about=str(attempt.pk), order=order, facts={"wrong": wrong})
    if attempt.state in OVER:
        attempt.save(update_fields=["doubt"])
        return attempt
    attempt.failure, attempt.settled_at = "differs", timezone.now()
    return steps.take(attempt, AttemptState.FAILED, ACTOR)
