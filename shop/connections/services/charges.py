"""A year that has begun is charged to the saved card of its owner, who is not there: once, whoever asks and dies.

First the try is a row. Then the payment service writes the payment down, and its id is stored. Only then, with the
lock on the try, the money is taken: whoever cancels first takes the try away, and nothing is taken. What became of it
is settled as of every payment.
"""

import logging
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from audit.events import Event
from audit.services import record
from shop.gateway.answers import Failed, GatewayFault, Intent, IntentStatus
from shop.gateway.current import gateway
from shop.models import CardOnFile, Order, PaymentAttempt
from shop.policies import renewals as policy
from shop.rules import CURRENCY, SESSION_LIFE
from shop.selectors import renewals as known
from shop.services import locking, renewing, settling, steps
from shop.services.renewal_orders import ACTOR
from shop.states import LIVE_ATTEMPTS, AttemptState
from shop.words import NO_CARD

logger = logging.getLogger(__name__)

NOT_LEFT = "card_not_left"
"""Its owner removed or changed the card meanwhile: no money is taken by it, and the next one is tried."""


def charge_due() -> int:
    """Charge the years that have begun, and go on with charges that were left halfway; return how many were tried.

    One that the payment service says nothing about waits for the next time, and keeps no other from being charged.
    """
    waiting = list(known.to_pay(on=timezone.localdate()).prefetch_related("attempts"))
    cards = known.cards_of(waiting)
    return sum(_one(order) for order in waiting if _is_worth_a_look(order, cards.get(order.registrant_id)))


def go_on(*, attempt: PaymentAttempt) -> PaymentAttempt:
    """Bring the charge of a saved card to its end, from wherever it was left. Raises GatewayFault for no answer."""
    why = _write_down(attempt.pk) or _take(attempt.pk)
    settled = settling.settle(attempt=attempt)
    return _fail(settled.pk, why) if why else settled


def _is_worth_a_look(order: Order, card: CardOnFile | None) -> bool:
    """Tell whether something is under way, or due by what is loaded already; the rest is looked at under the locks."""
    attempts = order.attempts.all()
    charges = sorted((each for each in attempts if not each.is_by_page), key=lambda each: each.begun_at)
    under_way = any(each.state in LIVE_ATTEMPTS for each in attempts)
    return under_way or (order.renews is not None and policy.is_due(order.renews, charges=charges, card=card))


def _one(order: Order) -> bool:
    try:
        live = order.attempts.filter(state__in=LIVE_ATTEMPTS).first()
        if live is not None and live.is_by_page:
            # Somebody may be paying just now.
            live = settling.settle(attempt=live)
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
    """Write a try down before anybody else hears of it, if there is to be one now. Without a card its owner is told."""
    order = locking.order(pk)
    subscription = renewing.locked(order)
    if not known.to_pay(on=timezone.localdate()).filter(pk=pk).exists():
        return None
    card, charges = known.card_of(order), known.charges_of(order)
    if not policy.may_be_charged(told_at=known.told_at(order)):
        return None
    if not policy.is_due(subscription, charges=charges, card=card):
        return None
    before = locking.attempts_of(order)
    if any(old.state == AttemptState.PROCESSING or old.doubt for old in before):
        # Money may be on its way, or a person looks into what came.
        return None
    if card is None:
        renewing.failed(order=order, why=NO_CARD)
        return None
    for old in before:
        if old.state in LIVE_ATTEMPTS:
            steps.attempt(old, AttemptState.CANCELLED, ACTOR)
    attempt = PaymentAttempt.objects.create(
        order=order,
        cents=order.total,
        currency=CURRENCY,
        customer=card.customer,
        card=card.method,
        expires_at=timezone.now() + SESSION_LIFE,
    )
    facts: dict[str, int | str] = {"order": str(order.pk), "cents": attempt.cents}
    record(event=Event.ATTEMPT_BEGUN, actor=ACTOR, subject=attempt.subject, facts=facts)
    return attempt


@transaction.atomic
def _write_down(pk: UUID) -> str:
    """Let the service write the payment down, and store its id; return why it refused, "" if it did not.

    What it wrote down before, and whose id we never got, is taken up.
    """
    attempt = locking.attempt(pk)
    if attempt.state != AttemptState.CREATED:
        return ""
    if not known.is_still_left(attempt):
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
    steps.attempt(attempt, AttemptState.OPEN, ACTOR)
    return ""


def _known_there(attempt: PaymentAttempt) -> Intent | None:
    found = gateway().list_intents(customer=attempt.customer)
    own = [intent for intent in found if intent.metadata.get("attempt") == str(attempt.pk)]
    return max(own, key=lambda intent: intent.captured, default=None)


@transaction.atomic
def _take(pk: UUID) -> str:
    """Take the money of a try that is still wanted, under its lock; return why it was refused, "" if it was not."""
    attempt = locking.attempt(pk)
    if attempt.state != AttemptState.OPEN:
        return ""
    if gateway().retrieve_intent(intent_id=attempt.intent_id).status != IntentStatus.NEW:
        # Another one was quicker, or died right after.
        return ""
    if not known.is_still_left(attempt):
        return NOT_LEFT
    try:
        gateway().confirm_intent(intent_id=attempt.intent_id, key=attempt.pk)
    except Failed as fault:
        return fault.code
    return ""


@transaction.atomic
def _fail(pk: UUID, why: str) -> PaymentAttempt:
    """End a try that the service refused outright, so that nothing there says how it ended."""
    order = locking.order(PaymentAttempt.objects.values_list("order", flat=True).get(pk=pk))
    attempt = locking.attempt(pk)
    if attempt.state in LIVE_ATTEMPTS:
        attempt.failure, attempt.settled_at = why[:80], timezone.now()
        steps.attempt(attempt, AttemptState.FAILED, ACTOR)
        if why != NOT_LEFT:
            renewing.failed(order=order, why=attempt.failure)
    return attempt
