"""Refunds that one person gave alone: to one buyer, and within a day (docs/decisions/shop/refund-limit.md)."""

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import F, Q, QuerySet, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone

from fusus_portal.ground.accounts.models import User
from shop.catalogue.models import ProductKind
from shop.limits.models import ShopLimits
from shop.orders.models.orders import Order
from shop.payments.models.payments import PaymentMethod
from shop.payments.models.refunds import Refund
from shop.payments.states import LIVE_REFUNDS

A_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Given:
    """Cents that a person gave back alone, to a buyer and within a day, and the limit (refund-limit.md).

    A refund is one person's if nobody else answers for it: the person asked for it and sends it, or recorded a check
    and sends what the portal gives back of it. A return has two people: one who inspected it, one who pays. What the
    portal gives back to a card needs nobody.
    """

    to_buyer: int
    today: int
    bound: int

    def has_room_for(self, cents: int) -> bool:
        return max(self.to_buyer, self.today) + cents <= self.bound


def given_by(by: User, order: Order, *, but: Refund | None = None) -> Given:
    """Return what a person gave back alone, to the buyer of an order and within a day. but: a refund to leave out."""
    rows = _of(by).exclude(pk=but.pk) if but else _of(by)
    since = timezone.now() - A_DAY
    today = rows.annotate(at=Coalesce("submitted_at", "requested_at")).filter(at__gt=since)
    return Given(_sum(rows.filter(_same_buyer(order))), _sum(today), bound_of(order))


def bound_of(order: Order) -> int:
    """Return the limit of one person alone, in cents: always below the price of a CORE of the order."""
    limit = ShopLimits.current().clerk_refund
    prices = [line.net // line.quantity for line in order.lines.all() if line.kind == ProductKind.CORE]
    return min([limit, *(price - 1 for price in prices)])


def is_alone(refund: Refund, by: User) -> bool:
    """True if nobody else answers for a refund that this person sends."""
    if refund.of_return_id is not None:
        return False
    if refund.clerk_id is not None:
        return refund.clerk_id == by.pk
    return refund.payment.method == PaymentMethod.CHECK and refund.payment.recorded_by_id == by.pk


def is_within(refund: Refund, order: Order, by: User) -> bool:
    """True if two people answer for a refund that a person sends, or if one alone may give it back."""
    return not is_alone(refund, by) or given_by(by, order, but=refund).has_room_for(refund.cents)


def _of(by: User) -> QuerySet[Refund]:
    asked = Q(clerk=by) & (Q(second__isnull=True) | Q(second=by))
    recorded = Q(clerk__isnull=True, second=by, payment__recorded_by=F("second"))
    rows = Refund.objects.filter(asked | recorded, state__in=LIVE_REFUNDS, needs_second=False)
    return rows.filter(of_return__isnull=True)


def _same_buyer(order: Order) -> Q:
    """Match the refunds of a buyer; if the buyer has left, those of the order."""
    if order.registrant_id is None:
        return Q(payment__order=order)
    return Q(payment__order__registrant=order.registrant_id)


def _sum(rows: QuerySet[Refund]) -> int:
    return rows.aggregate(sum=Sum("cents"))["sum"] or 0
