"""The next year of a CORE is announced 30 days before it begins, and again 7 days before.

The charge equals the announced amount: the order is placed with the first notice, and its amount never changes.
"""

from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from audit.log.events import Event
from audit.log.services import record
from fusus_portal.ground.notifications.kinds import MessageKind
from shop.connections import locks, policies
from shop.connections.models import Subscription
from shop.connections.selectors import renewals
from shop.connections.selectors.subscriptions import paid_until
from shop.connections.services import years
from shop.connections.services.years import ACTOR
from shop.orders import locks as order_locks
from shop.orders.models.orders import Order
from shop.orders.models.staff_tasks import TaskKind
from shop.orders.services import staff_tasks
from shop.orders.states import OrderState


def announce_due() -> int:
    due = list(renewals.to_announce(timezone.localdate()).values_list("pk", "line__order"))
    return sum(_announce(pk, first) for pk, first in due)


def remind_due() -> int:
    soon = list(renewals.to_remind(timezone.localdate()).values_list("pk", flat=True))
    return sum(_remind(pk) for pk in soon)


def announce_again(*, order: Order) -> Order | None:
    """Announce a year whose purchase order was declined, for the same amount, inside the caller's transaction.

    order: the canceled one, locked. None if the connection has ended meanwhile.
    """
    subscription = locks.of_year(order)
    if order.year_from is None or subscription.registrant is None or not policies.can_go_on(subscription):
        return None
    again = years.draft(subscription=subscription, year_from=order.year_from, like=order)
    return _place(again)


@transaction.atomic
def _announce(pk: int, first: UUID) -> bool:
    order_locks.order(first)
    subscription = _still_due(pk)
    if subscription is None or renewals.fee_of(subscription) == 0:
        # A free connection needs no renewal.
        return False
    try:
        order = years.draft(subscription=subscription, year_from=paid_until(subscription))
    except ValidationError:
        facts: dict[str, int | str] = {"kind": "no_tax_rate", "core": subscription.core.serial}
        about = f"subscription {subscription.pk}"
        staff_tasks.open_task(kind=TaskKind.RENEWAL_STUCK, about=about, order=subscription.line.order, facts=facts)
        return False
    _place(order)
    return True


def _still_due(pk: int) -> Subscription | None:
    subscription = locks.subscription(pk)
    return subscription if renewals.to_announce(timezone.localdate()).filter(pk=pk).exists() else None


def _place(order: Order) -> Order:
    placed = years.place(order=order, actor=ACTOR)
    facts = years.facts_of(placed)
    record(event=Event.RENEWAL_ANNOUNCED, actor=ACTOR, subject=placed.subject, facts=facts)
    years.tell(placed, MessageKind.RENEWAL_ANNOUNCED)
    return placed


@transaction.atomic
def _remind(pk: UUID) -> bool:
    order = order_locks.order(pk)
    still = order.state == OrderState.AWAITING_PAYMENT
    if not still or not policies.can_be_reminded(order, told_at=renewals.told_at(order)):
        return False
    order.reminded_at = timezone.now()
    order.save(update_fields=["reminded_at"])
    facts = {**years.facts_of(order), "again": 1}
    record(event=Event.RENEWAL_ANNOUNCED, actor=ACTOR, subject=order.subject, facts=facts)
    years.tell(order, MessageKind.RENEWAL_REMINDED)
    return True
