"""A year that has begun is charged to the saved card of its absent owner: once, whatever crashes.

First the attempt is a row. Then the payment service creates the payment, and its id is stored. Only then, with the
attempt locked, the money is taken: if somebody cancels first, the attempt is gone and nothing is taken. The result is
settled like every payment.
"""

import logging
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from fusus_portal.ground import steps
from shop.connections import locks, policies
from shop.connections.models import CardOnFile
from shop.connections.selectors import kept_cards, renewals
from shop.connections.services import years
from shop.connections.services.years import ACTOR
from shop.orders import locks as order_locks
from shop.orders.models.orders import Order
from shop.payments import locks as payment_locks
from shop.payments.cards import NO_CARD
from shop.payments.gateway.answers import Failed, GatewayFault, Intent, IntentStatus
from shop.payments.gateway.client import gateway
from shop.payments.models import PaymentAttempt
from shop.payments.services import payments
from shop.payments.states import LIVE_ATTEMPTS, AttemptState

logger = logging.getLogger(__name__)

NOT_LEFT = "card_not_left"
"""Code of a failure: its owner removed or changed the card meanwhile. Nothing is taken, and the next card is tried."""


def charge_due() -> int:
    """Charge the years that have begun, and resume unfinished charges; return the number of attempts.

    If the payment service gives no answer about one year, it waits for the next run, and the others are still charged.
    """
    waiting = list(renewals.to_pay(on=timezone.localdate()).prefetch_related("attempts"))
    cards = kept_cards.cards_of(waiting)
    return sum(_one(order) for order in waiting if _is_worth_a_look(order, cards.get(order.pk)))


def go_on(*, attempt: PaymentAttempt) -> PaymentAttempt:
    """Finish the charge of a saved card from any step. Raises GatewayFault for no answer."""
    why = _write_down(attempt.pk) or _take(attempt.pk)
    settled = payments.settle(attempt=attempt)
    return _fail(settled.pk, why) if why else settled


def _is_worth_a_look(order: Order, card: CardOnFile | None) -> bool:
    """True if a charge is under way, or due by the loaded rows; the rest is checked under the locks."""
    attempts = order.attempts.all()
    charges = sorted((each for each in attempts if not each.is_by_page), key=lambda each: each.begun_at)
    under_way = any(each.state in LIVE_ATTEMPTS for each in attempts)
    return under_way or (order.renews is not None and policies.is_due(order.renews, charges=charges, card=card))


def _one(order: Order) -> bool:
    try:
        live = order.attempts.filter(state__in=LIVE_ATTEMPTS).first()
        if live is not None and live.is_by_page:
            # Somebody may be paying just now.
            live = payments.settle(attempt=live)
            if live.state in LIVE_ATTEMPTS and live.expires_at > timezone.now():
                return False
        elif live is not None:
            go_on(attempt=live)
            return True
        begun = _begun(order.pk)
        if begun is None:
            return False
        go_on(attempt=begun)
    except GatewayFault as fault:
        logger.warning("The payment service says nothing about order %s: %s", order.number, type(fault).__name__)
    return True


@transaction.atomic
def _begun(pk: UUID) -> PaymentAttempt | None:
    """Record an attempt before the service hears of it, if one is due now. Without a card its owner gets a message."""
    order = order_locks.order(pk)
    subscription = locks.of_year(order)
    if not renewals.to_pay(on=timezone.localdate()).filter(pk=pk).exists():
        return None
    card, charges = kept_cards.card_of(order), renewals.charges_of(order)
    if not policies.can_be_charged(told_at=renewals.told_at(order)):
        return None
    if not policies.is_due(subscription, charges=charges, card=card):
        return None
    before = payment_locks.attempts_of(order)
    if any(old.state == AttemptState.PROCESSING or old.doubt for old in before):
        # Money may be on its way, or a person is looking into a doubtful payment.
        return None
    if card is None:
        years.failed(order=order, why=NO_CARD)
        return None
    for old in before:
        if old.state in LIVE_ATTEMPTS:
            steps.take(old, AttemptState.CANCELLED, ACTOR)
    return payments.insert_attempt(order=order, actor=ACTOR, customer=card.customer, card=card.method)


@transaction.atomic
def _write_down(pk: UUID) -> str:
    """Create the payment at the service, or reuse one whose id was lost; return the reason of a refusal, or ""."""
    attempt = payment_locks.attempt(pk)
    if attempt.state != AttemptState.CREATED:
        return ""
    if not kept_cards.is_still_left(attempt):
        return NOT_LEFT
    try:
        made = _known_there(attempt) or gateway().create_intent(
            key=attempt.pk,
            amount=attempt.cents,
            currency=attempt.currency,
            customer=attempt.customer,
            method=attempt.card,
            metadata={"order": str(attempt.order_id), "attempt": str(attempt.pk)},
        )
    except Failed as fault:
        return fault.code
    attempt.intent_id = made.id
    steps.take(attempt, AttemptState.OPEN, ACTOR)
    return ""


def _known_there(attempt: PaymentAttempt) -> Intent | None:
    found = gateway().list_intents(customer=attempt.customer)
    own = [intent for intent in found if intent.metadata.get("attempt") == str(attempt.pk)]
    return max(own, key=lambda intent: intent.captured, default=None)


@transaction.atomic
def _take(pk: UUID) -> str:
    attempt = payment_locks.attempt(pk)
    if attempt.state != AttemptState.OPEN:
        return ""
    if gateway().retrieve_intent(intent_id=attempt.intent_id).status != IntentStatus.NEW:
        # Another worker was faster, or crashed right after.
        return ""
    if not kept_cards.is_still_left(attempt):
        return NOT_LEFT
    try:
        gateway().confirm_intent(intent_id=attempt.intent_id, key=attempt.pk)
    except Failed as fault:
        return fault.code
    return ""


@transaction.atomic
def _fail(pk: UUID, why: str) -> PaymentAttempt:
    order = order_locks.order(PaymentAttempt.objects.values_list("order", flat=True).get(pk=pk))
    attempt = payment_locks.attempt(pk)
    if attempt.state in LIVE_ATTEMPTS:
        attempt.failure, attempt.settled_at = why[:80], timezone.now()
        steps.take(attempt, AttemptState.FAILED, ACTOR)
        if why != NOT_LEFT:
            years.failed(order=order, why=attempt.failure)
    return attempt
