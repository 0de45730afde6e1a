from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.log.actors import Actor
from fusus_portal.ground import steps
from fusus_portal.ground.lifecycle import Stale
from fusus_portal.ground.notifications.kinds import MessageKind
from shop import hooks
from shop.catalogue.services import stock
from shop.orders.models.orders import Order
from shop.orders.services import invoices, letters
from shop.orders.states import OrderState


def buy(*, order: Order, actor: Actor) -> bool:
    """Buy a locked order that is paid, inside the caller's transaction. False if too little is left for it.

    A reservation that has lapsed is made again, if there is enough. Connections buy a further year.
    """
    if order.renews_id is not None:
        return hooks.year_order.answer.buy(order=order, actor=actor)
    if not stock.is_reserved(order=order):
        try:
            with transaction.atomic():
                stock.reserve(order=order)
        except ValidationError:
            return False
    order.bought_at, order.ended_at = timezone.now(), None
    steps.take(order, OrderState.PAID, actor, facts={"number": order.number})
    invoices.issue(order=order, actor=actor)
    letters.of_order(order, MessageKind.ORDER_CONFIRMED)
    return True


def buy_on_account(*, order: Order, actor: Actor, due_on: date) -> None:
    """Buy a locked order on account, inside the caller's transaction. Raises Stale if a further year can't begin."""
    if order.renews_id is not None:
        if not hooks.year_order.answer.buy(order=order, actor=actor, due_on=due_on):
            raise Stale(_("This year can't begin any more: its connection has ended."), subject=order.subject)
        return
    order.bought_at = timezone.now()
    steps.take(order, OrderState.ON_ACCOUNT, actor, facts={"number": order.number})
    invoices.issue(order=order, actor=actor, due_on=due_on)
    letters.of_order(order, MessageKind.ORDER_CONFIRMED)
