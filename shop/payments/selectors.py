"""Attempts and refunds, and the refunds that one person gave alone (docs/decisions/shop/refund-limit.md)."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.db.models import F, Q, QuerySet, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _

from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.lifecycle import find_or_refuse
from shop.catalogue.models import ProductKind
from shop.limits.models import ShopLimits
from shop.orders.models.orders import Order
from shop.payments.models import PaymentAttempt, PaymentMethod, Refund
from shop.payments.states import LIVE_REFUNDS, AttemptState, RefundState


@dataclass(frozen=True, slots=True)
class GivenAlone:
    """Cents that one person refunded alone, to a buyer and within a day, and the limit (refund-limit.md).

    A refund is one person's if nobody else answers for it: the person asked for it and sends it, or recorded a check
    and sends what the portal refunds of it. A return has two people: one who inspected it, one who pays. A refund that
    the portal makes to a card needs nobody.
    """

    to_buyer: int
    today: int
    bound: int

    def has_room_for(self, cents: int) -> bool:
        return max(self.to_buyer, self.today) + cents <= self.bound


def given_alone(by: User, order: Order, *, but: Refund | None = None) -> GivenAlone:
    """Return what a person refunded alone, to an order's buyer and in the last 24 hours. but: a refund to leave out."""
    asked = Q(clerk=by) & (Q(second__isnull=True) | Q(second=by))
    recorded = Q(clerk__isnull=True, second=by, payment__recorded_by=F("second"))
    alone = Refund.objects.filter(asked | recorded, state__in=LIVE_REFUNDS, needs_second=False, of_return__isnull=True)
    rows = alone.exclude(pk=but.pk) if but else alone
    since = timezone.now() - timedelta(days=1)
    today = rows.annotate(at=Coalesce("submitted_at", "requested_at")).filter(at__gt=since)
    # If the buyer has left, only the refunds of this order are known to be theirs.
    buyer = Q(payment__order__registrant=order.registrant_id) if order.registrant_id else Q(payment__order=order)
    return GivenAlone(_sum_of(rows.filter(buyer)), _sum_of(today), limit_alone(order))


def limit_alone(order: Order) -> int:
    """Return the cents that one person may refund alone: always below the price of a CORE of the order."""
    limit = ShopLimits.current().clerk_refund
    prices = [line.net // line.quantity for line in order.lines.all() if line.kind == ProductKind.CORE]
    return min([limit, *(price - 1 for price in prices)])


def is_alone(refund: Refund, by: User) -> bool:
    """True if this person, by sending a refund, would be the only one who answers for it."""
    if refund.of_return_id is not None:
        return False
    if refund.clerk_id is not None:
        return refund.clerk_id == by.pk
    return refund.payment.method == PaymentMethod.CHECK and refund.payment.recorded_by_id == by.pk


def is_within(refund: Refund, order: Order, by: User) -> bool:
    """True if two people answer for a refund that a person sends, or if the limit of one person covers it."""
    return not is_alone(refund, by) or given_alone(by, order, but=refund).has_room_for(refund.cents)


def _sum_of(rows: QuerySet[Refund]) -> int:
    return rows.aggregate(sum=Sum("cents"))["sum"] or 0


def latest_attempt(order: Order) -> PaymentAttempt | None:
    return order.attempts.order_by("-begun_at").first()


def is_processing(order: Order) -> bool:
    """True while the payment service works on a payment of the order."""
    return any(attempt.state == AttemptState.PROCESSING for attempt in order.attempts.all())


def refunds_of(order: Order) -> list[Refund]:
    return list(_whole_refunds().filter(payment__order=order).order_by("requested_at"))


def refund(pk: UUID) -> Refund:
    return find_or_refuse(_whole_refunds().filter(pk=pk), _("There is no such refund."), subject=("refund", str(pk)))


def asked_refund(key: UUID, by: User) -> Refund | None:
    """Return the refund that a person asked for by a form. key: of the form, hidden in it."""
    return _whole_refunds().filter(pk=key, clerk=by).first()


def waiting_refunds() -> QuerySet[Refund]:
    """Return the refunds that wait for a person to send them, or to pay them out by check, oldest first."""
    by_check = Q(payment__method=PaymentMethod.CHECK)
    asked = Q(state=RefundState.REQUESTED) & (Q(clerk__isnull=False) | by_check)
    return _whole_refunds().filter(asked | Q(state=RefundState.SUBMITTED) & by_check).order_by("requested_at", "pk")


def _whole_refunds() -> QuerySet[Refund]:
    return Refund.objects.select_related("payment__order__registrant", "of_return", "clerk")
