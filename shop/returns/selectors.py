"""Returns, and the refund for a CORE by the deductions that were published when it was bought."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from uuid import UUID

from django.db.models import Count, F, Q, QuerySet, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _

from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.lifecycle import find_or_refuse
from fusus_portal.ground.lookup.finders import Typed
from integration.cores.models import Core
from integration.cores.selectors import serial_in
from integration.cores.states import CoreState, Whereabouts
from shop.connections.models import Subscription
from shop.connections.states import SubscriptionState
from shop.orders.models.orders import Order, OrderLine
from shop.orders.selectors import money
from shop.orders.selectors.money import Split
from shop.parcels import policies as parcels
from shop.parcels.models import ShipmentItem
from shop.payments.states import LIVE_REFUNDS
from shop.returns import worth
from shop.returns.models import AgeStep, DeductionSchedule, PartDeduction, Return, ReturnPicture
from shop.returns.states import NO_RETURNS, ReturnState
from shop.rules import ALL_BASIS_POINTS


def quote_of_core(core: Core) -> Return | None:
    """Return an unsaved Return for a CORE, as it would be recorded now; None if it was not bought here."""
    item = bought_item_of(core)
    return quote_of_item(item, core) if item is not None else None


def quote_of_item(item: ShipmentItem, core: Core) -> Return:
    """Return an unsaved Return for a shipped CORE, with its value, as it would be recorded now."""
    order, today = item.shipment.order, timezone.localdate()
    subscription = Subscription.objects.filter(item=item).first()
    position = subscription.position if subscription else free_position(item.line)
    paid = piece_of_line(item.line).paid(position)
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


def bought_item_of(core: Core) -> ShipmentItem | None:
    """Return the row by which a CORE was shipped to its buyer, None for a CORE that was given.

    A CORE that replaced another under warranty counts as the one it replaced, which has no value any more.
    """
    stands_for = ShipmentItem.objects.filter(subscription__core=core, back_at__isnull=True)
    if (found := stands_for.select_related("shipment__order", "line").order_by("-packed_at").first()) is not None:
        return found
    sent = ShipmentItem.objects.filter(
        core=core, void_at__isnull=True, back_at__isnull=True, shipment__handed_over_at__isnull=False
    )
    return sent.filter(subscription__isnull=True).select_related("shipment__order", "line").first()


def piece_of_line(line: OrderLine) -> worth.Piece:
    return worth.Piece(
        quantity=line.quantity,
        total=line.total,
        unit_cents=line.unit_cents,
        first_fee=line.first_fee,
        yearly_fee=line.yearly_fee,
        included=line.fee_included,
    )


def fee_back_of(subscription: Subscription | None, fee: int, today: date) -> int:
    """Return the cents of the first year's fee to refund: all of it before the year, nothing once the connection ended.

    A later year is refunded by its own order (`subscriptions.end_for_return`).
    """
    if subscription is None:
        return fee
    if subscription.state == SubscriptionState.ENDED:
        return 0
    first = (term for term in subscription.terms.all() if term.line_id == subscription.line_id)
    return sum(worth.unused(term.fee, term.starts_on, today) for term in first)


def free_position(line: OrderLine) -> int:
    """Return the position of the first piece of a line that has no connection and no return."""
    taken = set(Return.objects.filter(line=line).exclude(state__in=NO_RETURNS).values_list("position", flat=True))
    taken |= set(Subscription.objects.filter(line=line).values_list("position", flat=True))
    return next((n for n in range(1, line.quantity + 1) if n not in taken), line.quantity)


def schedule_at(moment: datetime) -> DeductionSchedule | None:
    """Return the version of deductions at a moment. None if none was published: then nothing is deducted."""
    return _schedules().filter(published_at__lte=moment).order_by("-published_at", "-version").first()


def current_age_steps() -> list[AgeStep]:
    """Return the current deductions by the age of a CORE, each with its `schedule`: one query, for product pages."""
    newest = DeductionSchedule.objects.filter(published_at__lte=timezone.now()).order_by("-published_at", "-version")
    return list(AgeStep.objects.filter(schedule=Subquery(newest.values("pk")[:1])).select_related("schedule"))


def schedules() -> QuerySet[DeductionSchedule]:
    return _schedules().order_by("-version")


def _schedules() -> QuerySet[DeductionSchedule]:
    return DeductionSchedule.objects.select_related("published_by").prefetch_related("steps", "parts")


OVER = (*NO_RETURNS, ReturnState.CLOSED)
PAID = (ReturnState.REFUNDING, ReturnState.CLOSED)
"""States of a return whose money went back, or is on its way."""


def own_returns(user: User) -> QuerySet[Return]:
    return _returns().filter(registrant__user=user).order_by("-requested_at")


def open_returns_of(order: Order) -> QuerySet[Return]:
    """Return the returns of an order whose money has not moved, in the order in which they were asked for."""
    return _returns().filter(order=order).exclude(state__in=(*OVER, *PAID)).order_by("requested_at", "pk")


def own_return(user: User, pk: UUID) -> Return:
    """Return a return of the user's own business. Raises NotYours."""
    return _found(own_returns(user), pk)


def one_return(pk: UUID) -> Return:
    """Return a return, with all that its page shows. Raises NotYours."""
    return _found(_returns(), pk)


def live_return_of(core: Core) -> Return | None:
    """Return the open or paid return of a CORE by its current owner, or None."""
    rows = Return.objects.filter(core=core, registrant=core.registrant_id).exclude(state__in=NO_RETURNS)
    sent = bought_item_of(core)
    return (rows.filter(item=sent) if sent else rows).order_by("-requested_at").first()


def whereabouts(cores: Iterable[UUID] | None = None) -> Mapping[UUID, Whereabouts]:
    """Return where the COREs are that came back and are not wiped yet, by CORE id. cores: None for all."""
    rows = Return.objects.filter(core__state=CoreState.RETURNING, registrant=F("core__registrant"))
    rows = rows if cores is None else rows.filter(core__in=list(cores))
    newest = rows.exclude(state__in=NO_RETURNS).order_by("core", "-requested_at").distinct("core")
    return {back.core_id: Whereabouts.BACK for back in newest if back.received_at is not None}


def returns_on_board(*, state: str, text: str) -> QuerySet[Return]:
    """Return the returns in a list for clerks, oldest first. state: "" for any; if text is "" too, for all open ones.

    text: as in the box of every console page (number, serial number, tracking number), or part of the business's name.
    """
    rows = _returns().order_by("requested_at", "pk")
    if state:
        rows = rows.filter(state=state)
    if text:
        typed = Typed(text)
        named = Q(registrant__name__icontains=text) | Q(order__party__icontains=text)
        labeled = Q(tracking__in=parcels.tracking_numbers_meant(typed), tracking__gt="")
        # Numbers of older returns begin with another letter.
        numbered = Q(number=typed.number("X")) | Q(number__iexact=text)
        return rows.filter(numbered | Q(core__serial=serial_in(text)) | labeled | named)
    return rows if state else rows.exclude(state__in=OVER)


def returns_at(states: Iterable[ReturnState]) -> QuerySet[Return]:
    return _returns().filter(state__in=list(states)).order_by("requested_at", "pk")


def numbered(number: str, *, tracking: Iterable[str]) -> QuerySet[Return]:
    """Return the returns with this number, or one of these tracking numbers, newest first."""
    rows = Return.objects.filter(Q(number=number) | Q(tracking__in=tracking, tracking__gt=""))
    return rows.order_by("-requested_at")


def counts_by_state() -> dict[str, int]:
    rows = Return.objects.values_list("state").annotate(number=Count("pk")).order_by()
    return dict(rows)


def worth_of(back: Return) -> int:
    """Return the cents of a return: expected, and once it is accepted the fixed refund."""
    return back.expected if back.refund is None else back.refund


def split_of_return(back: Return) -> Split:
    """Return where the money of a return goes, or where it went.

    Earlier refunds of the same line of the order are not paid again. The returns of an order share what is owed on its
    invoice in the order in which their parcels arrive, so that no dollar comes off for two of them: the split is fixed
    when a return is accepted. Until then it has no parts, if they depend on which of several returns arrives first.
    """
    if back.state in PAID:
        return money.done_split(back.order, off=back.credited, back=_given(back) + left_of(back))
    cents, owed = worth_of(back), money.owed_of(back.order)
    others = list(open_returns_of(back.order).exclude(pk=back.pk)) if owed else []
    ahead = [each for each in others if each.off is not None or _is_here_before(each, back)]
    behind = [each for each in others if each.off is None]
    free = owed - sum(each.off or 0 for each in others)
    if back.refund is None and behind and 0 < free < cents + sum(worth_of(each) for each in behind):
        return money.undivided_split(back.order, cents, line=back.line)
    if back.off is not None:
        return money.split_of(back.order, cents, line=back.line, most_off=back.off)
    taken = sum(worth_of(each) if each.off is None else each.off for each in ahead)
    return money.split_of(back.order, cents, line=back.line, ahead=taken)


def _is_here_before(other: Return, back: Return) -> bool:
    """True if the parcel of another return of the order arrived first."""
    if other.received_at is None:
        return False
    return back.received_at is None or (other.received_at, other.pk) < (back.received_at, back.pk)


def left_of(back: Return) -> int:
    """Return the cents of an accepted return that can still be refunded: owed, and held by the order's payments."""
    owed = worth_of(back) - back.credited - _given(back)
    return min(owed, money.refundable_of(back.order, back.line))


def waiting_returns() -> Sequence[Return]:
    """Return the accepted returns whose money has not all moved, oldest first."""
    rows = Return.objects.filter(state__in=[ReturnState.ACCEPTED, ReturnState.REFUNDING])
    whole = rows.select_related("registrant", "order", "line", "core").order_by("inspected_at", "pk")
    return [back for back in whole if back.state == ReturnState.ACCEPTED or left_of(back) > 0]


def parts_of_return(back: Return) -> QuerySet[PartDeduction]:
    """Return the parts for which something may be deducted from a return, by the version that counts for it."""
    return PartDeduction.objects.filter(schedule=back.schedule_id).order_by("position")


def picture_of_return(back: Return, pk: UUID) -> ReturnPicture:
    """Return a picture of a return. Raises NotYours."""
    return find_or_refuse(back.pictures.filter(pk=pk), _("There is no such picture."), subject=back.subject)


def _given(back: Return) -> int:
    return sum(refund.cents for refund in back.refunds.all() if refund.state in LIVE_REFUNDS)


def _found(rows: QuerySet[Return], pk: UUID) -> Return:
    return find_or_refuse(rows.filter(pk=pk), _("There is no such return."), subject=("return", str(pk)))


def _returns() -> QuerySet[Return]:
    rows = Return.objects.select_related("core__registrant", "order", "line", "registrant__user", "schedule")
    return rows.prefetch_related("parts__part", "pictures", "refunds__payment")
