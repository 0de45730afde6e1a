"""The card on file: saved by a tick when an order is paid with it, or on a page of the payment service.

It pays only what its owner agreed to. It is deleted once the order paid with it is over and no other order uses it.

A year that has begun is charged once, even after a crash: first the attempt is a row; then the payment service creates
the payment, and its id is stored; only then, with the attempt locked, the money is taken. If somebody cancels first,
the attempt is canceled too and nothing is taken. The result is settled like every payment.
"""

import logging
from datetime import datetime
from functools import partial
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import override

from audit.hooks import is_id
from audit.log.actors import Actor
from audit.log.events import Event
from audit.log.services import record
from fusus_portal.ground import steps
from fusus_portal.ground.accounts.models import User, task_actor
from fusus_portal.ground.lifecycle import Stale
from registry.registrants import locks as registrant_locks
from registry.registrants.models import Registrant
from shop.connections import locks as connections, policies, selectors
from shop.connections.models import CardChange, CardOnFile, CardUse
from shop.connections.services import years
from shop.orders import locks as order_locks, policies as orders
from shop.orders.models.orders import Order
from shop.payments import cards as payment_cards, locks as payment_locks, policies as payment_policies
from shop.payments.gateway.answers import Failed, GatewayFault, Intent, IntentStatus, Session, SessionStatus, Unknown
from shop.payments.gateway.client import gateway
from shop.payments.models import PaymentAttempt
from shop.payments.services import payments
from shop.payments.states import LIVE_ATTEMPTS, AttemptState

logger = logging.getLogger(__name__)

SETTLER = task_actor("shop.settle")

KEY = "card_change"
"""Key in the metadata of a page at the payment service: the id of the CardChange."""


def keep_for_order(*, attempt: PaymentAttempt, order: Order, answer: Session) -> None:
    """Save the card that paid a locked order on a payment page, if the buyer ticked that."""
    if not attempt.keeps or order.registrant is None or not answer.customer or not answer.method:
        return
    bought = Order.objects.get(pk=selectors.first_order_id(order))
    card = keep(registrant=order.registrant, answer=answer, method=answer.method, left_at=attempt.begun_at)
    if card is not None:
        card.brought_by = bought
        card.save(update_fields=["brought_by"])
        _use(card, bought, attempt.keeps)


def begin_change(*, registrant: Registrant, by: User, return_to: str) -> CardChange:
    """Return a CardChange with the address of a page on which a business saves another card. Nothing is paid there.

    The row comes first; if the service's answer is lost, nobody has seen the page. Raises NotYours, Refused unless the
    registrant is a business, Stale if the payment service gives no answer.
    """
    with transaction.atomic():
        owner = registrant_locks.own_registrant(registrant.pk, by=by)
        orders.check_business(owner)
        change = CardChange.objects.create(registrant=owner)
        record(event=Event.CARD_CHANGE_BEGUN, actor=by.actor, subject=change.subject)
    known = CardOnFile.objects.filter(registrant=registrant).first()
    try:
        page = gateway().create_setup_session(
            key=change.pk,
            customer=known.customer if known else "",
            email=by.email,
            language=owner.language,
            return_to=return_to,
            metadata={KEY: str(change.pk)},
        )
    except (Failed, Unknown) as fault:
        raise Stale(payment_policies.no_answer(), subject=change.subject) from fault
    change.session_id, change.url = page.id, page.url
    change.save(update_fields=["session_id", "url"])
    return change


def settle_change(*, change: CardChange, session_id: str = "") -> CardChange:
    """Record the result of a CardChange, once, however often this is called. Raises GatewayFault for no answer.

    session_id: of the page that names this change, if a crash kept the portal from storing it.
    """
    if change.settled_at is not None:
        return change
    page = gateway().retrieve_session(session_id=change.session_id or session_id)
    over = page.status != SessionStatus.OPEN and page.metadata.get(KEY) == str(change.pk)
    if not over:
        return change
    with transaction.atomic():
        registrant_locks.owners([change.registrant_id])
        locked = CardChange.objects.select_for_update(no_key=True).select_related("registrant").get(pk=change.pk)
        if locked.settled_at is not None:
            return locked
        locked.session_id, locked.settled_at = locked.session_id or page.id, timezone.now()
        locked.saved = bool(page.customer and page.setup_method)
        locked.save(update_fields=["session_id", "settled_at", "saved"])
        if locked.saved:
            _left(locked, page)
    return locked


def settle_open(*, registrant: Registrant) -> None:
    for change in registrant.card_changes.filter(settled_at__isnull=True).exclude(session_id=""):
        settle_change(change=change)


def follow_page(object_id: str) -> bool:
    """Settle the CardChange whose page at the payment service has this id; False if no CardChange has."""
    if PaymentAttempt.objects.filter(session_id=object_id).exists():
        return False
    change = CardChange.objects.filter(session_id=object_id).first()
    if change is None:
        page = gateway().retrieve_session(session_id=object_id)
        pk = page.metadata.get(KEY, "")
        change = CardChange.objects.filter(pk=pk).first() if is_id(pk) else None
        if change is None:
            return False
    settle_change(change=change, session_id=object_id)
    return True


def remove(*, registrant: Registrant, by: User) -> None:
    """Delete a business's card, here and at the payment service. Nothing is charged without a card. Raises NotYours."""
    with transaction.atomic():
        owner = registrant_locks.own_registrant(registrant.pk, by=by)
        known = CardOnFile.objects.filter(registrant=owner).first()
        if known is None:
            return
        method = known.method
        known.delete()
        record(event=Event.CARD_REMOVED, actor=by.actor, subject=owner.subject)
        transaction.on_commit(partial(forget_at_service, method))


def end_for_order(*, order: Order, actor: Actor) -> None:
    drop_over(registrant=order.registrant, actor=actor)


def drop_over(*, registrant: Registrant | None, actor: Actor) -> None:
    """Delete the uses of a card for orders that are over, then the card, if a tick saved it and no use is left."""
    cards = CardOnFile.objects.select_for_update(no_key=True).filter(registrant=registrant)
    card = cards.first() if registrant else None
    if card is None:
        return
    uses = list(card.uses.select_related("order"))
    over = [use for use in uses if selectors.is_order_over(use.order)]
    card.uses.filter(pk__in=[use.pk for use in over]).delete()
    if over and len(over) == len(uses) and card.brought_by_id is not None:
        transaction.on_commit(partial(forget_at_service, card.method))
        record(event=Event.CARD_REMOVED, actor=actor, subject=card.registrant.subject)
        card.delete()


def keep(*, registrant: Registrant, answer: Session, method: str, left_at: datetime) -> CardOnFile | None:
    """Save a card in the caller's transaction and return it, or None if a later one is known.

    The new card takes over the uses of the former one. left_at: when the page was opened on which the card was entered.
    answer: of the payment service about that page. method: the id of the card, one of those in the answer.
    """
    known = CardOnFile.objects.select_for_update(no_key=True).filter(registrant=registrant).first()
    if known is not None and known.saved_at > left_at:
        return None
    card = {"card_brand": answer.card.brand, "card_last4": answer.card.last4}
    written = {"customer": answer.customer, "method": method, "saved_at": left_at, "brought_by": None, **card}
    kept, _is_new = CardOnFile.objects.update_or_create(registrant=registrant, defaults=written)
    record(event=Event.CARD_SAVED, actor=SETTLER, subject=registrant.subject)
    if known is not None and known.method != method:
        transaction.on_commit(partial(forget_at_service, known.method))
    return kept


def _left(change: CardChange, page: Session) -> None:
    card = keep(registrant=change.registrant, answer=page, method=page.setup_method, left_at=change.begun_at)
    if card is None:
        return
    orders = selectors.orders_for_new_card(change.registrant)
    with override(change.registrant.language):
        said = selectors.words_for(orders)
    for order in orders:
        if order.bought_at is not None and order.bought_at <= change.begun_at:
            _use(card, order, said)


def _use(card: CardOnFile, order: Order, said: str) -> None:
    CardUse.objects.update_or_create(card=card, order=order, defaults={"said": said, "said_at": timezone.now()})


def forget_at_service(method: str) -> None:
    """Delete a card at the payment service. If that fails, it is only logged: the portal no longer charges the card."""
    try:
        gateway().detach_card(method=method)
    except GatewayFault as fault:
        logger.warning("A removed card was not forgotten by the payment service: %s", type(fault).__name__)


NOT_LEFT = "card_not_left"
"""Failure code: the owner removed or changed the card meanwhile. Nothing is taken, and the next card is tried."""


def charge_due() -> int:
    """Charge the years that have begun, and resume unfinished charges; return how many. A fault stops no other year."""
    waiting = list(selectors.years_to_pay(on=timezone.localdate()).prefetch_related("attempts"))
    cards = selectors.cards_of_orders(waiting)
    return sum(_charge_one(order) for order in waiting if _is_worth_a_look(order, cards.get(order.pk)))


def finish_charge(*, attempt: PaymentAttempt) -> PaymentAttempt:
    """Finish the charge of a saved card, wherever it was interrupted. Raises GatewayFault for no answer."""
    why = _write_down(attempt.pk) or _take_money(attempt.pk)
    settled = payments.settle(attempt=attempt)
    return _fail_charge(settled.pk, why) if why else settled


def _is_worth_a_look(order: Order, card: CardOnFile | None) -> bool:
    """True if a charge of the order is under way, or due by the loaded rows; the rest is checked under the locks."""
    attempts = order.attempts.all()
    charges = sorted((each for each in attempts if not each.is_by_page), key=lambda each: each.begun_at)
    under_way = any(each.state in LIVE_ATTEMPTS for each in attempts)
    return under_way or (order.renews is not None and policies.is_due(order.renews, charges=charges, card=card))


def _charge_one(order: Order) -> bool:
    try:
        live = order.attempts.filter(state__in=LIVE_ATTEMPTS).first()
        if live is not None and live.is_by_page:
            # Somebody may be paying just now.
            live = payments.settle(attempt=live)
            if live.state in LIVE_ATTEMPTS and live.expires_at > timezone.now():
                return False
        elif live is not None:
            finish_charge(attempt=live)
            return True
        begun = _begin_charge(order.pk)
        if begun is None:
            return False
        finish_charge(attempt=begun)
    except GatewayFault as fault:
        logger.warning("The payment service says nothing about order %s: %s", order.number, type(fault).__name__)
    return True


@transaction.atomic
def _begin_charge(pk: UUID) -> PaymentAttempt | None:
    """Record an attempt to charge a due year, before the service hears of it; tell an owner who has no card."""
    order = order_locks.order(pk)
    subscription = connections.of_year(order)
    if not selectors.years_to_pay(on=timezone.localdate()).filter(pk=pk).exists():
        return None
    card, charges = selectors.card_of_order(order), selectors.charges_of_year(order)
    if not policies.can_be_charged(told_at=selectors.announced_at(order)):
        return None
    if not policies.is_due(subscription, charges=charges, card=card):
        return None
    before = payment_locks.attempts_of(order)
    if any(old.state == AttemptState.PROCESSING or old.doubt for old in before):
        # Money may be on its way, or a person is looking into a doubtful payment.
        return None
    if card is None:
        years.record_failure(order=order, why=payment_cards.NO_CARD)
        return None
    for old in before:
        if old.state in LIVE_ATTEMPTS:
            steps.take(old, AttemptState.CANCELLED, years.ACTOR)
    return payments.insert_attempt(order=order, actor=years.ACTOR, customer=card.customer, card=card.method)


@transaction.atomic
def _write_down(pk: UUID) -> str:
    """Create the payment at the service, or find one whose id was lost; return the code of a refusal, or ""."""
    attempt = payment_locks.attempt(pk)
    if attempt.state != AttemptState.CREATED:
        return ""
    if not selectors.is_card_kept(attempt):
        return NOT_LEFT
    try:
        made = _known_at_service(attempt) or gateway().create_intent(
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
    steps.take(attempt, AttemptState.OPEN, years.ACTOR)
    return ""


def _known_at_service(attempt: PaymentAttempt) -> Intent | None:
    found = gateway().list_intents(customer=attempt.customer)
    own = [intent for intent in found if intent.metadata.get("attempt") == str(attempt.pk)]
    return max(own, key=lambda intent: intent.captured, default=None)


@transaction.atomic
def _take_money(pk: UUID) -> str:
    attempt = payment_locks.attempt(pk)
    if attempt.state != AttemptState.OPEN:
        return ""
    if gateway().retrieve_intent(intent_id=attempt.intent_id).status != IntentStatus.NEW:
        # Another worker was faster, or crashed right after.
        return ""
    if not selectors.is_card_kept(attempt):
        return NOT_LEFT
    try:
        gateway().confirm_intent(intent_id=attempt.intent_id, key=attempt.pk)
    except Failed as fault:
        return fault.code
    return ""


@transaction.atomic
def _fail_charge(pk: UUID, why: str) -> PaymentAttempt:
    order = order_locks.order(PaymentAttempt.objects.values_list("order", flat=True).get(pk=pk))
    attempt = payment_locks.attempt(pk)
    if attempt.state in LIVE_ATTEMPTS:
        attempt.failure, attempt.settled_at = why[:80], timezone.now()
        steps.take(attempt, AttemptState.FAILED, years.ACTOR)
        if why != NOT_LEFT:
            years.record_failure(order=order, why=attempt.failure)
    return attempt
