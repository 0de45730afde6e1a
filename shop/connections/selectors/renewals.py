from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db.models import Exists, Max, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.geo.geocoding import Address
from fusus_portal.ground.notifications.kinds import MessageKind
from fusus_portal.ground.notifications.models import Message
from fusus_portal.ground.queries import find_or_refuse
from integration.cores.states import CoreState
from shop.catalogue.selectors import price_of
from shop.connections.models import Subscription
from shop.connections.selectors.subscriptions import paid_until
from shop.connections.states import SubscriptionState
from shop.orders.models.orders import Order
from shop.orders.policies import check_zip
from shop.orders.selectors.quotes import OrderQuote, exemption_of, line_of, rates_at
from shop.orders.states import WAITING, OrderState
from shop.payments.models import PaymentAttempt
from shop.returns.models import Return
from shop.returns.states import NO_RETURNS
from shop.rules import ANNOUNCED_BEFORE, LAPSES_AFTER, NOTICE_LIFE, REMINDED_BEFORE

UNPAID = (SubscriptionState.ACTIVE, SubscriptionState.PAST_DUE)


def fee_of(subscription: Subscription) -> int:
    """Return the price of a further year without tax: today's, at most the fee of the consent (15 USC 8403)."""
    line = subscription.line
    price = price_of(line.product)
    return line.yearly_fee if price is None else min(line.yearly_fee, price.yearly_fee)


def place_of(subscription: Subscription) -> Address:
    """Return the address that decides the tax of a further year: where the CORE is, else where it was sent."""
    premises = subscription.core.premises
    return subscription.line.order.ship_to if premises is None else premises.address


def quote_of(subscription: Subscription) -> OrderQuote:
    """Return the price of a further year with today's tax. Raises ValidationError if no rate is known."""
    line, fee, today, place = subscription.line, fee_of(subscription), timezone.localdate(), place_of(subscription)
    check_zip("ship_zip", place.zip_code, place.state)
    rate = rates_at(state=place.state, zip_code=place.zip_code, on=today).get(line.product.tax_code)
    if rate is None:
        raise ValidationError({"ship_zip": _("We can't sell to this place yet. Please call the office.")})
    exemption = exemption_of(subscription.registrant, state=place.state, on=today)
    year = line_of(line.product, rate=rate, is_exempt=exemption is not None, unit_cents=fee, yearly_fee=fee)
    return OrderQuote([year], exemption)


def to_announce(today: date) -> QuerySet[Subscription]:
    """Return the connections whose paid year ends within 30 days or has ended, and whose next one is not announced."""
    rows = _in_use(Subscription.objects.filter(state=SubscriptionState.ACTIVE))
    waiting = Order.objects.filter(renews=OuterRef("pk"), state__in=WAITING)
    ends = rows.annotate(until=Max("terms__ends_on", filter=Q(terms__void_at__isnull=True)))
    soon = ends.filter(until__lte=today + ANNOUNCED_BEFORE, line__yearly_fee__gt=0)
    return soon.filter(~Exists(waiting)).order_by("until", "pk")


def to_pay(*, on: date | None = None) -> QuerySet[Order]:
    """Return the years that wait for a card payment, oldest first. on: only those that have begun by that day."""
    usable = _in_use(Subscription.objects.filter(pk=OuterRef("renews"), state__in=UNPAID))
    rows = Order.objects.filter(Exists(usable), renews__isnull=False, state=OrderState.AWAITING_PAYMENT)
    begun = rows.filter(year_from__lte=on) if on is not None else rows
    return begun.select_related("renews__line", "registrant__user").order_by("year_from", "pk")


def to_remind(today: date) -> QuerySet[Order]:
    """Return the years that begin within a week, of owners without a second notice."""
    return to_pay().filter(year_from__gt=today, year_from__lte=today + REMINDED_BEFORE, reminded_at__isnull=True)


def lapsing(today: date) -> QuerySet[Subscription]:
    rows = Subscription.objects.filter(state=SubscriptionState.PAST_DUE, past_due_on__lte=today - LAPSES_AFTER)
    return _in_use(rows).order_by("past_due_on", "pk")


def running_unpaid() -> QuerySet[Subscription, UUID]:
    """Return the ids of COREs that work although their connection has lapsed."""
    rows = Subscription.objects.filter(state=SubscriptionState.LAPSED, core__state=CoreState.ACTIVE)
    return rows.values_list("core", flat=True)


def owing() -> QuerySet[Subscription]:
    rows = Subscription.objects.filter(state__in=[SubscriptionState.PAST_DUE, SubscriptionState.LAPSED])
    whole = rows.select_related("core", "registrant__user", "line__order").prefetch_related("renewals")
    return whole.order_by("past_due_on", "pk")


def unheard() -> QuerySet[Order]:
    """Return the years whose first notice could not be delivered, so that nothing is charged for them."""
    failed = Message.objects.filter(kind=MessageKind.RENEWAL_ANNOUNCED, failed_at__isnull=False)
    waiting = Order.objects.filter(renews__isnull=False, state=OrderState.AWAITING_PAYMENT)
    lost = waiting.filter(pk__in=[UUID(pk) for pk in failed.values_list("subject_id", flat=True)])
    return lost.select_related("renews__core").order_by("year_from", "pk")


def waiting_of(subscription: Subscription) -> Order | None:
    return Order.objects.filter(renews=subscription, state__in=WAITING).first()


def own_waiting(user: User, number: str) -> Order:
    """Return a business's own unpaid order of a further year. Raises NotYours."""
    rows = Order.objects.filter(registrant__user=user, number=number.upper(), renews__isnull=False)
    rows = rows.filter(state=OrderState.AWAITING_PAYMENT).select_related("renews__core")
    return find_or_refuse(rows, _("There is no such order."), subject=("order", number))


def told_at(order: Order) -> datetime | None:
    """Return the time at which the first notice of a year really went out, None before."""
    sent = Message.objects.filter(
        kind=MessageKind.RENEWAL_ANNOUNCED, subject_kind="order", subject_id=str(order.pk), sent_at__isnull=False
    )
    return sent.order_by("sent_at").values_list("sent_at", flat=True).first()


def next_year(subscription: Subscription) -> tuple[int | None, date]:
    """Return the price, with tax, and the charge day of the next year; None as the price without a known tax rate.

    Its terms and the orders of its years must be loaded.
    """
    waiting = next((order for order in subscription.renewals.all() if order.state in WAITING), None)
    if waiting is not None:
        return waiting.total, charged_on(waiting)
    day = max(paid_until(subscription), timezone.localdate())
    try:
        return quote_of(subscription).total, day
    except ValidationError:
        return None, day


def charges_of(order: Order) -> Sequence[PaymentAttempt]:
    """Return the attempts to charge a saved card for a year, oldest first."""
    return list(order.attempts.exclude(card="").order_by("begun_at", "pk"))


def charged_on(order: Order) -> date:
    """Return the earliest day on which a year can be charged, as known now."""
    year_from = order.year_from or timezone.localdate()
    told = told_at(order) or order.placed_at or timezone.now()
    return max(year_from, timezone.localtime(told + NOTICE_LIFE).date())


def _in_use(rows: QuerySet[Subscription]) -> QuerySet[Subscription]:
    """Leave out connections whose owner has left or is returning the CORE."""
    back = Return.objects.filter(item=OuterRef("item")).exclude(state__in=NO_RETURNS)
    return rows.filter(~Exists(back), registrant__isnull=False)
