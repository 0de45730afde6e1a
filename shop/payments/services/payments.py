"""Payments: attempts by card, their settlement, checks, and closing the payment pages of an order that ends."""

import logging
from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _, override

from audit.log.actors import Actor
from audit.log.events import Event
from audit.log.services import record
from fusus_portal.ground import steps
from fusus_portal.ground.access.permissions import Permission, demand
from fusus_portal.ground.accounts.models import User, task_actor
from fusus_portal.ground.lifecycle import Stale
from fusus_portal.ground.notifications.kinds import MessageKind
from registry.places import selectors as places
from registry.places.models import ConfirmedBy
from registry.places.services import premises as premise_services
from shop.orders import hooks as order_hooks, locks as order_locks, policies as order_policies
from shop.orders.models.orders import Order, TaskKind
from shop.orders.selectors import money
from shop.orders.services import orders as order_services
from shop.orders.states import CONFIRMED, WAITING, OrderState
from shop.payments import hooks, locks, policies
from shop.payments.gateway.answers import Failed, GatewayFault, Session, SessionStatus, Unknown, without_page
from shop.payments.gateway.client import gateway
from shop.payments.models import Payment, PaymentAttempt, PaymentMethod, RefundSource
from shop.payments.services import refunds
from shop.payments.states import LIVE_ATTEMPTS, AttemptState
from shop.rules import CURRENCY, LONGEST_RESERVED, RESERVED_FOR, SESSION_LIFE

logger = logging.getLogger(__name__)

SETTLER = "shop.settle"
SETTLING = task_actor(SETTLER)
ENDED = (AttemptState.FAILED, AttemptState.EXPIRED, AttemptState.CANCELLED)
"""States of ended attempts. Only money that arrives late changes one."""


def settle(*, attempt: PaymentAttempt, session_id: str = "", intent_id: str = "") -> PaymentAttempt:
    """Bring an attempt to its state at the gateway. Doing it again changes nothing.

    The page to which a buyer comes back, the webhook and the nightly comparison all run this. It asks the gateway
    before it locks anything, and commits payment, order, stock, invoice and log in one transaction.

    session_id, intent_id: of a payment page, or of a charge of a saved card, that names this attempt; given if a crash
    kept the portal from storing it. Raises GatewayFault if the gateway does not say.
    """
    known = PaymentAttempt.objects.select_related("order").get(pk=attempt.pk)
    if known.state == AttemptState.SUCCEEDED:
        return known
    answer = _asked(known, session_id, intent_id)
    if answer is None:
        return known
    with transaction.atomic():
        order_hooks.year_order.answer.lock_core(known.order)
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
    """True if an answer is about another page or payment than the one that the attempt stores by now."""
    if attempt.is_by_page:
        return bool(attempt.session_id) and attempt.session_id != answer.id
    return bool(attempt.intent_id) and attempt.intent_id != answer.intent_id


def give_up(*, attempt: PaymentAttempt) -> PaymentAttempt:
    """Fail an attempt that expired before the gateway made its page. The charge of a saved card is resumed instead."""
    with transaction.atomic():
        locked = locks.attempt(attempt.pk)
        is_waiting = locked.state == AttemptState.CREATED and locked.is_by_page
        if not is_waiting or locked.session_id or locked.expires_at > timezone.now():
            return locked
        locked.failure, locked.settled_at = "no_page", timezone.now()
        return steps.take(locked, AttemptState.FAILED, SETTLING)


def _wrong_in(answer: Session, *, attempt: PaymentAttempt) -> str:
    """Return where an answer first differs from the attempt: "attempt", "order", "amount" or "currency", else ""."""
    same = {
        "attempt": answer.metadata.get("attempt") == str(attempt.pk),
        "order": answer.metadata.get("order") == str(attempt.order_id),
        "amount": answer.amount == attempt.cents,
        "currency": answer.currency.lower() == attempt.currency,
    }
    return next((name for name, is_same in same.items() if not is_same), "")


def _apply(order: Order, attempt: PaymentAttempt, answer: Session) -> PaymentAttempt:
    if wrong := _wrong_in(answer, attempt=attempt):
        return _doubt(order, attempt, wrong)
    attempt.intent_id = attempt.intent_id or answer.intent_id
    if attempt.state == AttemptState.CREATED:
        attempt.session_id, attempt.url = answer.id, answer.url
        steps.take(attempt, AttemptState.OPEN, SETTLING)
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
    return steps.take(attempt, target, SETTLING)


def _tell(order: Order, attempt: PaymentAttempt) -> None:
    if not attempt.is_by_page:
        hooks.saved_card.answer.failed(order=order, why=attempt.failure)
    elif order.state in WAITING:
        order_services.write_to_buyer(order, MessageKind.PAYMENT_FAILED)


def _unpaid(state: str, answer: Session) -> AttemptState | None:
    if state in ENDED:
        return None
    if answer.status == SessionStatus.COMPLETE:
        if answer.failed:
            return AttemptState.FAILED
        return AttemptState.PROCESSING if state == AttemptState.OPEN else None
    return AttemptState.EXPIRED if answer.status == SessionStatus.EXPIRED and state == AttemptState.OPEN else None


def _paid(order: Order, attempt: PaymentAttempt, answer: Session) -> PaymentAttempt:
    attempt.settled_at = timezone.now()
    steps.take(attempt, AttemptState.SUCCEEDED, SETTLING)
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
    record(event=Event.PAYMENT_CAPTURED, actor=SETTLING, subject=payment.subject, facts=facts)
    _confirm_place(order, answer)
    can_be_bought = order.state in (OrderState.AWAITING_PAYMENT, OrderState.EXPIRED)
    if order.state in CONFIRMED:
        _give_back(order, payment, RefundSource.TWICE, TaskKind.PAID_TWICE)
    elif not can_be_bought or not order_services.buy(order=order, actor=SETTLING):
        _give_back(order, payment, RefundSource.LATE, TaskKind.PAID_LATE)
    else:
        hooks.saved_card.answer.card_used(attempt=attempt, order=order, answer=answer)
    return attempt


def _confirm_place(order: Order, answer: Session) -> None:
    """Confirm the buyer's place at the address that the card's bank has confirmed."""
    if order.registrant is None or answer.checked_address is None:
        return
    for premises in places.at_address(order.registrant, answer.checked_address):
        premise_services.confirm(premises=premises, way=ConfirmedBy.CARD, actor=SETTLING)


def _give_back(order: Order, payment: Payment, source: RefundSource, task: TaskKind) -> None:
    refunds.give_back(payment=payment, order=order, source=source, actor=SETTLING)
    order_services.open_task(kind=task, about=str(payment.pk), order=order, facts={"cents": payment.captured})


def _doubt(order: Order, attempt: PaymentAttempt, wrong: str) -> PaymentAttempt:
    """Fail an attempt whose answer differs from the request, and open a task: a person looks into it."""
    if attempt.doubt:
        return attempt
    logger.warning("Attempt %s differs at the gateway: %s", attempt.pk, wrong)
    attempt.doubt = wrong
    facts: dict[str, int | str] = {"order": str(order.pk), "wrong": wrong}
    record(event=Event.PAYMENT_STRANGE, actor=SETTLING, subject=attempt.subject, facts=facts)
    order_services.open_task(kind=TaskKind.PAYMENT_DOUBT, about=str(attempt.pk), order=order, facts={"wrong": wrong})
    if attempt.state in ENDED:
        attempt.save(update_fields=["doubt"])
        return attempt
    attempt.failure, attempt.settled_at = "differs", timezone.now()
    return steps.take(attempt, AttemptState.FAILED, SETTLING)


STILL_OPEN = (AttemptState.OPEN, AttemptState.CANCELLED)
"""States of attempts whose page may still be open at the gateway."""


def is_being_paid(*, order: Order) -> bool:
    return any(attempt.state == AttemptState.PROCESSING for attempt in locks.attempts_of(order))


def cancel_attempts(*, order: Order, actor: Actor, role: str, waits: bool) -> None:
    for attempt in locks.attempts_of(order):
        if attempt.state == AttemptState.PROCESSING and waits:
            raise Stale(policies.being_processed(), subject=order.subject)
        if attempt.state in LIVE_ATTEMPTS and attempt.state != AttemptState.PROCESSING:
            steps.take(attempt, AttemptState.CANCELLED, actor, role=role)


def close_pages(*, order: Order) -> None:
    """Close the payment pages of an order, outside any transaction, and settle payments made in the last moment.

    If the gateway gives no answer about a page, it is skipped: a later payment there is refunded as too late.
    """
    for attempt in order.attempts.filter(state__in=STILL_OPEN, settled_at__isnull=True):
        try:
            if attempt.session_id:
                _close_page(attempt)
            settle(attempt=attempt)
        except GatewayFault as fault:
            logger.warning("The page of attempt %s was not closed: %s", attempt.pk, type(fault).__name__)


def _close_page(attempt: PaymentAttempt) -> None:
    try:
        gateway().expire_session(session_id=attempt.session_id)
    except Failed:
        # It is paid or expired already; settling shows which.
        logger.info("The page of attempt %s was not open", attempt.pk)


OPENER = "shop.open_attempt"
OPENING = task_actor(OPENER)


def begin_attempt(*, order: Order, by: User, return_to: str, keeps: bool = False) -> PaymentAttempt:
    """Return an attempt with an open payment page: its `url`. An order has one at a time, even in two tabs.

    keeps: the buyer ticked to save the card; an open page that says otherwise is closed, and any other is returned as
    it is. return_to: whole address to which a new page leads back, paid or not. Raises NotYours for another's order;
    Stale if the order does not wait for a payment, while one is being processed, and if the gateway is silent.
    """
    said = order_hooks.year_pages.answer.tick_words(order) if keeps else ""
    try:
        for attempt in order.attempts.filter(state__in=LIVE_ATTEMPTS).exclude(session_id="", intent_id=""):
            # A payment of a moment ago in another tab is not made again.
            known = settle(attempt=attempt)
            if known.state == AttemptState.OPEN and known.is_by_page and bool(known.keeps) != bool(said):
                _close_page(known)
                settle(attempt=known)
    except GatewayFault as fault:
        raise Stale(policies.no_answer(), subject=order.subject) from fault
    waiting = _begun(order, by, said)
    return waiting if waiting.state == AttemptState.OPEN else _open(waiting, return_to, email=by.email)


@transaction.atomic
def _begun(order: Order, by: User, keeps: str) -> PaymentAttempt:
    """Return the live attempt of an order, or a new one that is recorded before the service hears of it.

    keeps: the ticked sentence, or "". A page that saves the card is reused only with the tick, any other only without.
    """
    locked = order_locks.own_order(order.pk, by=by)
    order_policies.must_be_payable(locked)
    now = timezone.now()
    live = [attempt for attempt in locks.attempts_of(locked) if attempt.state in LIVE_ATTEMPTS]
    for attempt in live:
        if attempt.state == AttemptState.PROCESSING or not attempt.is_by_page:
            sentence = _("Your payment is being processed. We write to you when it is through.")
            raise Stale(sentence, subject=locked.subject)
        if attempt.expires_at > now and bool(attempt.keeps) == bool(keeps):
            return attempt
        steps.take(attempt, AttemptState.CANCELLED, by)
    attempt = insert_attempt(order=locked, actor=by.actor, keeps=keeps)
    _wait_longer(locked, attempt)
    return attempt


def insert_attempt(
    *, order: Order, actor: Actor, customer: str = "", card: str = "", keeps: str = ""
) -> PaymentAttempt:
    """Record an attempt for a locked order, inside the caller's transaction. Other arguments: as in PaymentAttempt."""
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
    """Extend the reservation of a locked order beyond its payment page, up to LONGEST_RESERVED."""
    placed = order.placed_at or timezone.now()
    wanted = attempt.expires_at + (RESERVED_FOR - SESSION_LIFE)
    if order.reserved_until is not None:
        order.reserved_until = max(order.reserved_until, min(wanted, placed + LONGEST_RESERVED))
        order.save(update_fields=["reserved_until"])


def _open(attempt: PaymentAttempt, return_to: str, *, email: str) -> PaymentAttempt:
    """Create the payment page of an attempt. Only the attempt is locked, so that one of two tabs creates the page."""
    with transaction.atomic():
        locked = locks.attempt(attempt.pk)
        if locked.state != AttemptState.CREATED:
            return _usable(locked)
        try:
            session = _page(locked, return_to, email)
        except Failed as fault:
            locked.failure, locked.settled_at = fault.code[:80], timezone.now()
            steps.take(locked, AttemptState.FAILED, OPENING)
        except Unknown as fault:
            # The attempt stays: the next try asks with the same key and gets the same page. Nobody has seen this one.
            raise Stale(policies.no_answer(), subject=locked.subject) from fault
        else:
            locked.session_id, locked.url, locked.intent_id = session.id, session.url, session.intent_id
            steps.take(locked, AttemptState.OPEN, OPENING)
    return _usable(locked)


def _page(attempt: PaymentAttempt, return_to: str, email: str) -> Session:
    order = attempt.order
    with override(order.language):
        lines = order.lines.order_by("position")
        items = [(f"{line.quantity} x {line.local_name}", line.total) for line in lines]
    return gateway().create_session(
        key=attempt.pk,
        items=items,
        currency=attempt.currency,
        email=email,
        language=order.language,
        return_to=return_to,
        expires_at=attempt.expires_at,
        metadata={"order": str(order.pk), "attempt": str(attempt.pk)},
        customer=hooks.saved_card.answer.customer_of(order),
        save_card=bool(attempt.keeps),
    )


def _usable(attempt: PaymentAttempt) -> PaymentAttempt:
    if attempt.state != AttemptState.OPEN:
        raise Stale(policies.no_answer(), subject=attempt.subject)
    return attempt


def receive_check(*, order: Order, by: User, number: str, cents: int, received_on: date) -> Payment:
    """Record a check for an order on account. Raises Refused, Stale, and ValidationError by field."""
    demand(by, Permission.FULFILMENT, subject=order.subject)
    with transaction.atomic():
        locked = order_locks.order(order.pk)
        locks.payments_of(locked)
        policies.must_be_on_account(locked)
        tidy = policies.check_new_number(number, order=locked)
        policies.check_cents(cents, due=money.owed_of(locked))
        policies.check_day(received_on)
        now = timezone.now()
        payment = Payment.objects.create(
            order=locked,
            method=PaymentMethod.CHECK,
            captured=cents,
            captured_at=now,
            check_number=tidy,
            received_on=received_on,
            recorded_by=by,
            recorded_at=now,
        )
        facts: dict[str, int | str] = {"order": str(locked.pk), "cents": cents}
        record(event=Event.PAYMENT_RECORDED, actor=by.actor, subject=payment.subject, facts=facts)
        invoice = money.invoice_of(locked)
        if invoice is not None and not money.owed_of(locked):
            paid = f"Paid by check {tidy}"
            order_services.settle_by_act(kind=TaskKind.INVOICE_OVERDUE, about=str(invoice.pk), by=by, note=paid)
    return payment
