"""Attempts and refunds, and the refunds that one person gave alone (docs/decisions/shop/refund-limit.md)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db.models import F, Q, QuerySet, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _

from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.lifecycle import find_or_refuse
from shop.catalogue.models import ProductKind
from shop.catalogue.policies import check_text
from shop.limits.models import ShopLimits
from shop.orders.models.invoices import CreditLine, CreditNote
from shop.orders.models.orders import Order, OrderLine
from shop.orders.policies import covered_pieces
from shop.orders.selectors.money import Split, owed_of, split_of
from shop.orders.selectors.orders import dropped_of, never_sent_of, unsent_of
from shop.payments import policies
from shop.payments.models import Payment, PaymentAttempt, PaymentMethod, Refund, RefundLine
from shop.payments.states import LIVE_REFUNDS, AttemptState, RefundState


@dataclass(frozen=True, slots=True)
class GivenAlone:
    """Cents that one person refunded alone, to a buyer and within a day, and the limit (refund-limit.md).

    A refund is one person's if nobody else answers for it: the person asked for it and sends it, or recorded a check
    and sends what the portal refunds of it. A return has two people: one who inspected it, one who pays. A refund that
    the portal makes to a card needs nobody. What a person takes off an invoice counts too, but for the price of pieces
    that don't ship any more.
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
    notes = CreditNote.objects.filter(clerk=by)
    of_buyer = notes.filter(_same_buyer(order, "invoice__order"))
    return GivenAlone(
        _sum_of(rows.filter(_same_buyer(order))) + _sum_of(of_buyer, "alone"),
        _sum_of(today) + _sum_of(notes.filter(issued_at__gt=since), "alone"),
        limit_alone(order),
    )


def limit_alone(order: Order) -> int:
    """Return the cents that one person may refund alone: always below the price of a CORE of the order."""
    limit = ShopLimits.current().clerk_refund
    prices = [line.net // line.quantity for line in order.lines.all() if line.kind == ProductKind.CORE]
    return min([limit, *(price - 1 for price in prices)])


@dataclass(frozen=True, slots=True)
class Giving:
    """A refund that a clerk asks for. The unpaid part comes off the invoice at once, and the rest is refunded.

    split: where it goes. off: lines with cents off the invoice, and the pieces that these cents cover, which don't ship
    any more. back: cents to be refunded, by line id: the refund holds the other pieces, until it is canceled. pieces:
    all that don't ship any more, or not again, by line id. less: those of them that would have shipped. alone: cents
    off for which nobody else answers: all but the price of pieces that no carrier ever had.
    """

    split: Split
    off: Sequence[tuple[OrderLine, int, int]]
    back: Mapping[UUID, int]
    pieces: Mapping[UUID, int]
    less: Mapping[UUID, int]
    alone: int

    @property
    def less_off(self) -> Mapping[UUID, int]:
        """The pieces of `less` that come off the invoice; the message about the refund names the others."""
        numbers = {line.pk: min(number, self.less.get(line.pk, 0)) for line, _cents, number in self.off}
        return {pk: number for pk, number in numbers.items() if number}


def giving_of(
    order: Order, by: User, *, amounts: Mapping[UUID, int], reason: str, pieces: Mapping[UUID, int] | None = None
) -> Giving:
    """Return what becomes of cents that a clerk gives back of lines of an order. pieces: as far as a clerk wrote them.

    Raises ValidationError on "amounts", "reason", or the field of a line.
    """
    lines = {line.pk: line for line in order.lines.order_by("position")}
    cents = policies.check_amounts(amounts, payment=payment_of(order), lines=lines, owed=owed_of(order))
    refunded = policies.check_all_pieces(pieces or {}, amounts=amounts, lines=lines)
    check_text("reason", reason, longest=200)
    split, unsent = split_of(order, cents), never_sent_of(order)
    left, off, back, alone = split.off, [], {}, 0
    for pk, line in lines.items():
        part = min(amounts.get(pk, 0), left)
        left -= part
        if part:
            is_all = part == amounts[pk]
            number = refunded[pk] if is_all else min(refunded[pk], covered_pieces(line, part))
            off.append((line, part, number))
            kept = min(number, unsent.get(pk, 0))
            alone += max(part - line.total * kept // line.quantity, 0)
        if amounts.get(pk, 0) > part:
            back[pk] = amounts[pk] - part
    given = given_alone(by, order)
    policies.check_alone(has_room=not alone or given.has_room_for(alone), bound=given.bound)
    ships = unsent_of(order)
    less = {pk: least for pk, number in refunded.items() if (least := min(number, ships.get(pk, 0)))}
    return Giving(split, off, back, refunded, less, alone)


def dropped_by(refund: Refund) -> Mapping[UUID, int]:
    """Return by line id how many pieces don't ship any more by a refund.

    What an earlier refund or credit note of the line dropped is not among them, so that each piece is named once.
    """
    dropped, numbers = dropped_of(refund.payment.order), dict[UUID, int]()
    earlier = Refund.objects.filter(requested_at__lt=refund.requested_at).exclude(state=RefundState.CANCELLED)
    for part in refund.lines.filter(pieces__gt=0):
        credited = CreditLine.objects.filter(line=part.line_id, note__issued_at__lt=refund.requested_at)
        refunded = RefundLine.objects.filter(line=part.line_id, refund__in=earlier)
        before = _sum_of(credited, "pieces") + _sum_of(refunded, "pieces")
        if (number := min(part.pieces, dropped.get(part.line_id, 0) - before)) > 0:
            numbers[part.line_id] = number
    return numbers


def payment_of(order: Order) -> Payment | None:
    """Return the payment of an order with the most left to refund, None if nothing is left."""
    left = [payment for payment in order.payments.all() if payment.refundable > 0]
    return max(left, key=lambda payment: payment.refundable, default=None)


def is_given(key: UUID, by: User) -> bool:
    """True if a person gave money back by a form. key: of the form, hidden in it."""
    return asked_refund(key, by) is not None or CreditNote.objects.filter(pk=key, clerk=by).exists()


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


def _same_buyer(order: Order, path: str = "payment__order") -> Q:
    """Return a condition for rows about an order's buyer; for those of the order, if the buyer has left."""
    if order.registrant_id is None:
        return Q(**{path: order})
    return Q(**{f"{path}__registrant": order.registrant_id})


def _sum_of(rows: "QuerySet[Any]", column: str = "cents") -> int:
    return rows.aggregate(sum=Sum(column))["sum"] or 0


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
    rows = Refund.objects.select_related("payment__order__registrant", "of_return", "clerk")
    return rows.prefetch_related("lines__line")
