"""The next year of a CORE is announced 30 days before it begins, and once more 7 days before.

What was announced is what is charged: the order is placed with the first notice, and its amount never changes.
"""

from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from audit.events import Event
from audit.services import record
from fusus_portal.notifications.kinds import MessageKind
from shop.models import Order, Subscription, TaskKind
from shop.policies import renewals as policy
from shop.selectors import renewals as known
from shop.selectors.subscriptions import paid_until
from shop.services import locking, renewal_news, renewal_orders, renewing, staff_tasks
from shop.services.renewal_orders import ACTOR, RENEWER
from shop.states import OrderState

__all__ = ["RENEWER", "announce_again", "announce_due", "remind_due"]


def announce_due() -> int:
    """Announce the years that begin soon, or should have long since; return how many."""
    due = list(known.to_announce(timezone.localdate()).values_list("pk", "line__order"))
    return sum(_announce(pk, first) for pk, first in due)


def remind_due() -> int:
    """Tell once more of the years that begin within a week; return of how many."""
    soon = list(known.to_remind(timezone.localdate()).values_list("pk", flat=True))
    return sum(_remind(pk) for pk in soon)


def announce_again(*, order: Order) -> Order | None:
    """Announce a year whose purchase order was declined, for as much, inside the caller's transaction.

    order: the canceled one, locked. None when the connection has ended meanwhile.
    """
    subscription = renewing.locked(order)
    if order.year_from is None or subscription.registrant is None or not policy.goes_on(subscription):
        return None
    again = renewal_orders.draft(subscription=subscription, year_from=order.year_from, like=order)
    return _place(again)


@transaction.atomic
def _announce(pk: int, first: UUID) -> bool:
    locking.order(first)
    subscription = _still_due(pk)
    if subscription is None or known.fee_of(subscription) == 0:
        # What costs nothing is not renewed: it goes on.
        return False
    try:
        order = renewal_orders.draft(subscription=subscription, year_from=paid_until(subscription))
    except ValidationError:
        facts: dict[str, int | str] = {"kind": "no_tax_rate", "core": subscription.core.serial}
        about = f"subscription {subscription.pk}"
        staff_tasks.open_task(kind=TaskKind.RENEWAL_STUCK, about=about, order=subscription.line.order, facts=facts)
        return False
    _place(order)
    return True


def _still_due(pk: int) -> Subscription | None:
    """Lock a connection and return it if its next year is to be announced now."""
    rows = Subscription.objects.select_for_update(of=("self",), no_key=True)
    whole = rows.select_related("core", "line__order", "line__product", "registrant__user")
    subscription = whole.prefetch_related("terms").get(pk=pk)
    return subscription if known.to_announce(timezone.localdate()).filter(pk=pk).exists() else None


def _place(order: Order) -> Order:
    placed = renewal_orders.place(order=order, actor=ACTOR)
    facts = renewal_orders.facts_of(placed)
    record(event=Event.RENEWAL_ANNOUNCED, actor=ACTOR, subject=placed.subject, facts=facts)
    renewal_news.tell(placed, MessageKind.RENEWAL_ANNOUNCED)
    return placed


@transaction.atomic
def _remind(pk: UUID) -> bool:
    order = locking.order(pk)
    still = order.state == OrderState.AWAITING_PAYMENT
    if not still or not policy.may_be_reminded(order, told_at=known.told_at(order)):
        return False
    order.reminded_at = timezone.now()
    order.save(update_fields=["reminded_at"])
    facts = {**renewal_orders.facts_of(order), "again": 1}
    record(event=Event.RENEWAL_ANNOUNCED, actor=ACTOR, subject=order.subject, facts=facts)
    renewal_news.tell(order, MessageKind.RENEWAL_REMINDED)
    return True
