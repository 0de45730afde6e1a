"""The refund of a CORE, by the deductions that were published when it was bought."""

from datetime import date, datetime

from django.db.models import QuerySet, Subquery
from django.utils import timezone

from integration.cores.models import Core
from shop.connections.models import Subscription
from shop.connections.states import SubscriptionState
from shop.orders.models.orders import OrderLine
from shop.parcels.models import ShipmentItem
from shop.returns import worth
from shop.returns.models import AgeStep, DeductionSchedule, Return
from shop.returns.states import NO_RETURNS
from shop.rules import ALL_BASIS_POINTS


def quote_of(core: Core) -> Return | None:
    """Return the return of a CORE as it would be recorded now, None if it was not bought here."""
    item = item_of(core)
    return quote(item, core) if item is not None else None


def quote(item: ShipmentItem, core: Core) -> Return:
    """Return the return of a shipped CORE as it would be recorded now, with its value."""
    order, today = item.shipment.order, timezone.localdate()
    subscription = Subscription.objects.filter(item=item).first()
    position = subscription.position if subscription else free_position(item.line)
    paid = piece_of(item.line).paid(position)
    schedule = schedule_at(order.placed_at) if order.placed_at else None
    steps = {step.from_months: step.basis_points for step in schedule.steps.all()} if schedule else {}
    sent = timezone.localtime(item.shipment.handed_over_at).date()
    months = worth.whole_months(sent, today)
    return Return(
        item=item,
        order=order,
        line=item.line,
        core=core,
        position=position,
        schedule=schedule,
        age_months=months,
        whole=paid.whole,
        device=paid.device,
        fee=paid.fee,
        age_off=worth.age_off(paid.device, steps, months),
        fee_back=fee_back_of(subscription, paid.fee, today),
        lowest=worth.lowest(paid.device, schedule.lowest if schedule else ALL_BASIS_POINTS),
    )


def item_of(core: Core) -> ShipmentItem | None:
    """Return a CORE's shipment to its buyer, None for a CORE that was given.

    A CORE that replaced another under warranty counts as that one; the old one has no value any more.
    """
    stands_for = ShipmentItem.objects.filter(subscription__core=core, back_at__isnull=True)
    if (found := stands_for.select_related("shipment__order", "line").order_by("-packed_at").first()) is not None:
        return found
    sent = ShipmentItem.objects.filter(
        core=core, void_at__isnull=True, back_at__isnull=True, shipment__handed_over_at__isnull=False
    )
    return sent.filter(subscription__isnull=True).select_related("shipment__order", "line").first()


def piece_of(line: OrderLine) -> worth.Piece:
    return worth.Piece(
        quantity=line.quantity,
        total=line.total,
        unit_cents=line.unit_cents,
        first_fee=line.first_fee,
        yearly_fee=line.yearly_fee,
        included=line.fee_included,
    )


def fee_back_of(subscription: Subscription | None, fee: int, today: date) -> int:
    """Return the refund of the first year's fee: all of it before the year, nothing once canceled.

    A later year is refunded by its own order (`subscriptions.end_for_return`).
    """
    if subscription is None:
        return fee
    if subscription.state == SubscriptionState.ENDED:
        return 0
    first = (term for term in subscription.terms.all() if term.line_id == subscription.line_id)
    return sum(worth.unused(term.fee, term.starts_on, today) for term in first)


def free_position(line: OrderLine) -> int:
    """Return the first piece of a line without subscription and return."""
    taken = set(Return.objects.filter(line=line).exclude(state__in=NO_RETURNS).values_list("position", flat=True))
    taken |= set(Subscription.objects.filter(line=line).values_list("position", flat=True))
    return next((n for n in range(1, line.quantity + 1) if n not in taken), line.quantity)


def schedule_at(moment: datetime) -> DeductionSchedule | None:
    """Return the version at a moment. None if nothing was published: then nothing is deducted."""
    return _whole().filter(published_at__lte=moment).order_by("-published_at", "-version").first()


def age_steps_now() -> list[AgeStep]:
    """Return the steps of the current version, each with it: one query, for the page of a product."""
    newest = DeductionSchedule.objects.filter(published_at__lte=timezone.now()).order_by("-published_at", "-version")
    return list(AgeStep.objects.filter(schedule=Subquery(newest.values("pk")[:1])).select_related("schedule"))


def versions() -> QuerySet[DeductionSchedule]:
    return _whole().order_by("-version")


def _whole() -> QuerySet[DeductionSchedule]:
    return DeductionSchedule.objects.select_related("published_by").prefetch_related("steps", "parts")
