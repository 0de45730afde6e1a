"""Which card a business has left for later years: the one with which it paid last, or left last on a page."""

from datetime import datetime

from audit.actors import Actor
from audit.events import Event
from audit.services import record
from registry.models import Registrant
from registry.services.acting import task_actor
from shop.gateway.answers import Session
from shop.models import CardOnFile, Order, PaymentAttempt

ACTOR = task_actor("shop.settle")


def keep_of(*, attempt: PaymentAttempt, order: Order, answer: Session) -> None:
    """Note the card with which a locked order was paid on a page, if something of it is paid every year."""
    recurs = attempt.is_by_page and order.lines.filter(yearly_fee__gt=0).exists()
    if recurs and order.registrant is not None and answer.customer and answer.method:
        keep(
            registrant=order.registrant,
            customer=answer.customer,
            method=answer.method,
            left_at=attempt.begun_at,
            actor=ACTOR,
        )


def keep(*, registrant: Registrant, customer: str, method: str, left_at: datetime, actor: Actor) -> None:
    """Note a card, inside the caller's transaction, unless a later one is known. left_at: when its page was opened."""
    known = CardOnFile.objects.select_for_update(no_key=True).filter(registrant=registrant).first()
    if known is not None and known.saved_at > left_at:
        return
    written = {"customer": customer, "method": method, "saved_at": left_at}
    CardOnFile.objects.update_or_create(registrant=registrant, defaults=written)
    record(event=Event.CARD_SAVED, actor=actor, subject=registrant.subject)
