"""The card on file: kept by a tick when an order is paid with it, or saved on a page of the payment service.

It pays only what its owner agreed to. It is deleted once the order that brought it is over and no other uses it.
The portal stores its ids at the payment service, its brand and its last four digits.
"""

import logging
from datetime import datetime
from functools import partial

from django.db import transaction
from django.utils import timezone
from django.utils.translation import override

from audit.log.actors import Actor
from audit.log.events import Event
from audit.log.services import record
from fusus_portal.ground.accounts.actors import task_actor
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.lifecycle import Stale
from registry.people import locks
from registry.people.models import Registrant
from shop.connections.models import CardChange, CardOnFile, CardUse
from shop.connections.selectors import kept_cards
from shop.orders import policies as orders
from shop.orders.models.orders import Order
from shop.payments.gateway.answers import Failed, GatewayFault, Session, SessionStatus, Unknown
from shop.payments.gateway.client import gateway
from shop.payments.models import PaymentAttempt
from shop.payments.services.notices import identity
from shop.payments.services.payments import no_answer

logger = logging.getLogger(__name__)

ACTOR = task_actor("shop.settle")

KEY = "card_change"
"""Key of a page's metadata at the payment service: the id of its change."""


def keep_of(*, attempt: PaymentAttempt, order: Order, answer: Session) -> None:
    """Record the card with which a locked order was bought on a page, if its buyer ticked that."""
    if not attempt.keeps or order.registrant is None or not answer.customer or not answer.method:
        return
    bought = Order.objects.get(pk=kept_cards.bought_by(order))
    card = keep(registrant=order.registrant, answer=answer, method=answer.method, left_at=attempt.begun_at)
    if card is not None:
        card.brought_by = bought
        card.save(update_fields=["brought_by"])
        _use(card, bought, attempt.keeps)


def begin_change(*, registrant: Registrant, by: User, return_to: str) -> CardChange:
    """Return a change with a page on which a business saves another card: its `url`. Nothing is paid there.

    The row comes first; if the answer is lost, nobody has seen the page. Raises NotYours, Refused for a registrant that
    is no business, Stale if the payment service gives no answer.
    """
    with transaction.atomic():
        owner = locks.own_registrant(registrant.pk, by=by)
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
            success_url=return_to,
            cancel_url=return_to,
            metadata={KEY: str(change.pk)},
        )
    except (Failed, Unknown) as fault:
        raise Stale(no_answer(), subject=change.subject) from fault
    change.session_id, change.url = page.id, page.url
    change.save(update_fields=["session_id", "url"])
    return change


def settle_change(*, change: CardChange, session_id: str = "") -> CardChange:
    """Record the result of a change, once, however often this is called. Raises GatewayFault for no answer.

    session_id: of a page that names this change, if a crash kept the portal from storing it.
    """
    if change.settled_at is not None:
        return change
    page = gateway().retrieve_session(session_id=change.session_id or session_id)
    over = page.status != SessionStatus.OPEN and page.metadata.get(KEY) == str(change.pk)
    if not over:
        return change
    with transaction.atomic():
        locks.owners([change.registrant_id])
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


def follow(object_id: str) -> bool:
    """Settle the change of a page of the payment service; False if the page is of no change."""
    if PaymentAttempt.objects.filter(session_id=object_id).exists():
        return False
    change = CardChange.objects.filter(session_id=object_id).first()
    if change is None:
        page = gateway().retrieve_session(session_id=object_id)
        pk = identity(page.metadata.get(KEY, ""))
        change = CardChange.objects.filter(pk=pk).first() if pk else None
        if change is None:
            return False
    settle_change(change=change, session_id=object_id)
    return True


def remove(*, registrant: Registrant, by: User) -> None:
    """Delete the card, here and at the payment service. Nothing is charged without one. Raises NotYours."""
    with transaction.atomic():
        owner = locks.own_registrant(registrant.pk, by=by)
        known = CardOnFile.objects.filter(registrant=owner).first()
        if known is None:
            return
        method = known.method
        known.delete()
        record(event=Event.CARD_REMOVED, actor=by.actor, subject=owner.subject)
        transaction.on_commit(partial(forget_there, method))


def end_of(*, order: Order, actor: Actor) -> None:
    drop_over(registrant=order.registrant, actor=actor)


def drop_over(*, registrant: Registrant | None, actor: Actor) -> None:
    """End a card's use for orders that are over, in the caller's transaction.

    A card that such an order brought and that nothing else uses is deleted, here and at the payment service.
    """
    card = (
        CardOnFile.objects.select_for_update(no_key=True).filter(registrant=registrant).first() if registrant else None
    )
    if card is None:
        return
    uses = list(card.uses.select_related("order"))
    over = [use for use in uses if kept_cards.is_over(use.order)]
    card.uses.filter(pk__in=[use.pk for use in over]).delete()
    if over and len(over) == len(uses) and card.brought_by_id is not None:
        transaction.on_commit(partial(forget_there, card.method))
        record(event=Event.CARD_REMOVED, actor=actor, subject=card.registrant.subject)
        card.delete()


def keep(*, registrant: Registrant, answer: Session, method: str, left_at: datetime) -> CardOnFile | None:
    """Store a card in the caller's transaction and return it; None if a later one is known. It takes over older uses.

    left_at: when its page was opened. answer: of the payment service about that page. method: the card's id, of those
    in the answer.
    """
    known = CardOnFile.objects.select_for_update(no_key=True).filter(registrant=registrant).first()
    if known is not None and known.saved_at > left_at:
        return None
    card = {"card_brand": answer.card.brand, "card_last4": answer.card.last4}
    written = {"customer": answer.customer, "method": method, "saved_at": left_at, "brought_by": None, **card}
    kept, _is_new = CardOnFile.objects.update_or_create(registrant=registrant, defaults=written)
    record(event=Event.CARD_SAVED, actor=ACTOR, subject=registrant.subject)
    if known is not None and known.method != method:
        transaction.on_commit(partial(forget_there, known.method))
    return kept


def _left(change: CardChange, page: Session) -> None:
    card = keep(registrant=change.registrant, answer=page, method=page.setup_method, left_at=change.begun_at)
    if card is None:
        return
    with override(change.registrant.language):
        said = kept_cards.pays_if_left(change.registrant)
    for order in kept_cards.left_for(change.registrant):
        if order.bought_at is not None and order.bought_at <= change.begun_at:
            _use(card, order, said)


def _use(card: CardOnFile, order: Order, said: str) -> None:
    CardUse.objects.update_or_create(card=card, order=order, defaults={"said": said, "said_at": timezone.now()})


def forget_there(method: str) -> None:
    """Delete a card at the payment service. A fault changes nothing here: the portal no longer charges it."""
    try:
        gateway().detach_card(method=method)
    except GatewayFault as fault:
        logger.warning("A removed card was not forgotten by the payment service: %s", type(fault).__name__)
