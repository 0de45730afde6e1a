"""Connections, their further years and the card for these. `own_subscription`, `own_unpaid_year` raise NotYours."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db.models import Exists, Max, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.geo.geocoding import Address
from fusus_portal.ground.lifecycle import find_or_refuse
from fusus_portal.ground.notifications.kinds import MessageKind
from fusus_portal.ground.notifications.models import Message
from integration.cores.models import Core
from integration.cores.states import CoreState
from registry.registrants.models import Registrant
from shop.catalogue.money import dollars
from shop.catalogue.selectors import price_of
from shop.connections import policies
from shop.connections.models import OWING, CardOnFile, CardUse, Subscription, Term
from shop.connections.states import SubscriptionState
from shop.orders.models.orders import Order, OrderLine
from shop.orders.policies import a_year_after, check_zip
from shop.orders.selectors.money import Split, done_split, split_of, taken_off
from shop.orders.selectors.orders import dropped_of
from shop.orders.selectors.quotes import OrderQuote, exemption_of, line_of, rates_at
from shop.orders.states import WAITING, OrderState
from shop.parcels.models import ShipmentItem
from shop.payments.models import PaymentAttempt
from shop.returns import worth
from shop.returns.models import Return
from shop.returns.states import NO_RETURNS, ReturnState
from shop.rules import ANNOUNCED_BEFORE, LAPSES_AFTER, NOTICE_LIFE, REMINDED_BEFORE


def subscription_of_core(core: Core) -> Subscription | None:
    """Return the latest connection of a CORE's current owner; None if the owner did not buy it."""
    return _whole().filter(core=core, registrant=core.registrant_id).order_by("-begun_at").first()


def own_subscriptions(user: User) -> QuerySet[Subscription]:
    return _whole().filter(registrant__user=user).order_by("-begun_at")


def own_subscription(user: User, core: Core) -> Subscription:
    own = own_subscriptions(user).filter(core=core)
    return find_or_refuse(own, _("There is no connection to cancel."), subject=core.subject)


def subscriptions_to_end(today: date) -> QuerySet[Subscription]:
    ending = Subscription.objects.filter(state=SubscriptionState.CANCEL_SCHEDULED, ends_on__lte=today)
    return ending.order_by("ends_on", "pk")


def terms_of(subscription: Subscription) -> list[Term]:
    """Return a connection's paid years in order, without those refunded before they began. Prefetch `terms`."""
    live = [term for term in subscription.terms.all() if term.void_at is None]
    return sorted(live, key=lambda term: term.starts_on)


def paid_until(subscription: Subscription) -> date:
    return max(term.ends_on for term in terms_of(subscription))


def year_ends_on(subscription: Subscription) -> date:
    """Return the day after the last day of a connection's current year; years paid ahead follow it."""
    today = timezone.localdate()
    return max(term.ends_on for term in terms_of(subscription) if term.starts_on <= today)


def unused_fee(term: Term, today: date) -> int:
    """Return the cents of a year's fee for months that have not begun, less refunds; of a future year the whole fee."""
    if term.ends_on <= today:
        return 0
    return worth.unused(term.fee, term.starts_on if term.starts_on <= today else None, today) - term.refunded


def splits_of(subscription: Subscription, *, from_day: date | None = None) -> list[Split]:
    """Return the refund of unused months if a connection ends now, a split a year. from_day: only years from then."""
    wanted = [term for term in terms_of(subscription) if from_day is None or term.starts_on >= from_day]
    return _splits(wanted, timezone.localdate())


def later_splits(item: ShipmentItem, since: datetime) -> list[Split]:
    """Return the refund, due or made, of the later years of a CORE whose return began at `since`, one split a year."""
    rows = Subscription.objects.filter(item=item).prefetch_related("terms__line__order")
    found = rows.first()
    if found is None or (found.ended_at is not None and found.ended_at < since):
        return []
    later = [term for term in terms_of(found) if term.line_id != found.line_id]
    if found.ended_at is None:
        return _splits(later, timezone.localdate(since))
    ended = [(term.line.order, term.refunded, taken_off(term.line.order)) for term in later if term.refunded]
    return [done_split(order, off=min(off, cents), back=max(cents - off, 0)) for order, cents, off in ended]


def _splits(terms: Iterable[Term], today: date) -> list[Split]:
    """Return the splits of the unused months of years, each by the order of its year; nothing is refunded twice."""
    amounts = [(term.line, unused_fee(term, today)) for term in terms]
    found = [split_of(line.order, cents, line=line) for line, cents in amounts if cents > 0]
    return [split for split in found if split.off + split.back > 0]


def _whole() -> QuerySet[Subscription]:
    rows = Subscription.objects.select_related("core", "line__order", "registrant__user")
    of_years = ("terms__line__order__payments", "terms__line__order__invoices__credit_notes")
    return rows.prefetch_related("terms", *of_years, "renewals")


def fee_of_year(subscription: Subscription) -> int:
    """Return the cents of a further year without tax: today's fee, at most what the buyer agreed to (15 USC 8403)."""
    line = subscription.line
    price = price_of(line.product)
    return line.yearly_fee if price is None else min(line.yearly_fee, price.yearly_fee)


def place_of_year(subscription: Subscription) -> Address:
    """Return the address that decides the tax of a further year: where the CORE is, else where it was shipped to."""
    premises = subscription.core.premises
    return subscription.line.order.ship_to if premises is None else premises.address


def quote_of_year(subscription: Subscription) -> OrderQuote:
    """Return the price of a further year with today's tax. Raises ValidationError if the place has no tax rate."""
    line, fee, place = subscription.line, fee_of_year(subscription), place_of_year(subscription)
    today = timezone.localdate()
    check_zip("ship_zip", place.zip_code, place.state)
    rate = rates_at(state=place.state, zip_code=place.zip_code, on=today).get(line.product.tax_code)
    if rate is None:
        raise ValidationError({"ship_zip": _("We can't sell to this place yet. Please call the office.")})
    exemption = exemption_of(subscription.registrant, state=place.state, on=today)
    year = line_of(line.product, rate=rate, is_exempt=exemption is not None, unit_cents=fee, yearly_fee=fee)
    return OrderQuote([year], exemption)


def subscriptions_to_announce(today: date) -> QuerySet[Subscription]:
    """Return the connections whose paid year ends within 30 days or has ended, and whose next year is not announced."""
    rows = _in_use(Subscription.objects.filter(state=SubscriptionState.ACTIVE))
    waiting = Order.objects.filter(renews=OuterRef("pk"), state__in=WAITING)
    ends = rows.annotate(until=Max("terms__ends_on", filter=Q(terms__void_at__isnull=True)))
    soon = ends.filter(until__lte=today + ANNOUNCED_BEFORE, line__yearly_fee__gt=0)
    return soon.filter(~Exists(waiting)).order_by("until", "pk")


def years_to_pay(*, on: date | None = None) -> QuerySet[Order]:
    """Return the orders of further years that wait for a card, oldest first. on: only years that begin by that day."""
    usable = _in_use(Subscription.objects.filter(pk=OuterRef("renews"), state__in=policies.GOING_ON))
    rows = Order.objects.filter(Exists(usable), renews__isnull=False, state=OrderState.AWAITING_PAYMENT)
    begun = rows.filter(year_from__lte=on) if on is not None else rows
    return begun.select_related("renews__line", "registrant__user").order_by("year_from", "pk")


def years_to_remind(today: date) -> QuerySet[Order]:
    """Return the orders of further years that begin within a week, if the owner has had no second notice."""
    return years_to_pay().filter(year_from__gt=today, year_from__lte=today + REMINDED_BEFORE, reminded_at__isnull=True)


def lapsing_subscriptions(today: date) -> QuerySet[Subscription]:
    rows = Subscription.objects.filter(state=SubscriptionState.PAST_DUE, past_due_on__lte=today - LAPSES_AFTER)
    return _in_use(rows).order_by("past_due_on", "pk")


def unpaid_cores_at_work() -> QuerySet[Subscription, UUID]:
    """Return the ids of COREs that work although their connection was stopped for an unpaid year."""
    rows = Subscription.objects.filter(state=SubscriptionState.LAPSED, core__state=CoreState.ACTIVE)
    return rows.values_list("core", flat=True)


def owing_subscriptions() -> QuerySet[Subscription]:
    rows = Subscription.objects.filter(state__in=OWING)
    whole = rows.select_related("core", "registrant__user", "line__order").prefetch_related("renewals")
    return whole.order_by("past_due_on", "pk")


def undelivered_years() -> QuerySet[Order]:
    """Return the unpaid orders of further years whose first notice was not delivered, so that they are not charged."""
    failed = Message.objects.filter(kind=MessageKind.RENEWAL_ANNOUNCED, failed_at__isnull=False)
    waiting = Order.objects.filter(renews__isnull=False, state=OrderState.AWAITING_PAYMENT)
    lost = waiting.filter(pk__in=[UUID(pk) for pk in failed.values_list("subject_id", flat=True)])
    return lost.select_related("renews__core").order_by("year_from", "pk")


def waiting_order_of(subscription: Subscription) -> Order | None:
    return Order.objects.filter(renews=subscription, state__in=WAITING).first()


def own_unpaid_year(user: User, number: str) -> Order:
    rows = Order.objects.filter(registrant__user=user, number=number.upper(), renews__isnull=False)
    rows = rows.filter(state=OrderState.AWAITING_PAYMENT).select_related("renews__core")
    return find_or_refuse(rows, _("There is no such order."), subject=("order", number))


def announced_at(order: Order) -> datetime | None:
    """Return when the first notice of a further year really went out, None if it has not."""
    about = Message.objects.filter(subject_kind="order", subject_id=str(order.pk))
    sent = about.filter(kind=MessageKind.RENEWAL_ANNOUNCED, sent_at__isnull=False)
    return sent.order_by("sent_at").values_list("sent_at", flat=True).first()


def next_year(subscription: Subscription) -> tuple[int | None, date]:
    """Return the cents, with tax, and the charge day of a connection's next year; None as cents without a tax rate."""
    waiting = next((order for order in subscription.renewals.all() if order.state in WAITING), None)
    if waiting is not None:
        return waiting.total, charge_day_of(waiting)
    day = max(paid_until(subscription), timezone.localdate())
    try:
        return quote_of_year(subscription).total, day
    except ValidationError:
        return None, day


def charges_of_year(order: Order) -> list[PaymentAttempt]:
    """Return the attempts to charge a saved card for a further year, oldest first."""
    return list(order.attempts.exclude(card="").order_by("begun_at", "pk"))


def charge_day_of(order: Order) -> date:
    """Return the earliest day on which a further year can be charged, as known now."""
    year_from = order.year_from or timezone.localdate()
    told = announced_at(order) or order.placed_at or timezone.now()
    return max(year_from, timezone.localtime(told + NOTICE_LIFE).date())


def _in_use(rows: QuerySet[Subscription]) -> QuerySet[Subscription]:
    """Return `rows` without connections whose owner has left or is returning the CORE."""
    return rows.filter(~Exists(_returns_of(OuterRef("item"))), registrant__isnull=False)


def is_coming_back(subscription: Subscription) -> bool:
    """True if the owner is returning the CORE of a connection; the return ends the connection."""
    return subscription.state != SubscriptionState.ENDED and _returns_of(subscription.item_id).exists()


def _returns_of(item: Any) -> QuerySet[Return]:
    return Return.objects.filter(item=item).exclude(state__in=NO_RETURNS)


OVER = (OrderState.CANCELLED, OrderState.EXPIRED)
CAME_BACK = (ReturnState.REFUNDING, ReturnState.CLOSED)


def first_order_id(order: Order) -> UUID:
    """Return the id of the order that bought a CORE, given that order or the order of a further year of the CORE."""
    if order.renews_id is None:
        return order.pk
    return Subscription.objects.values_list("line__order", flat=True).get(pk=order.renews_id)


def card_of_order(order: Order) -> CardOnFile | None:
    if order.registrant_id is None:
        return None
    return CardOnFile.objects.filter(registrant=order.registrant_id, uses__order=first_order_id(order)).first()


def card_of_subscription(subscription: Subscription) -> CardOnFile | None:
    first = subscription.line.order_id
    return CardOnFile.objects.filter(registrant=subscription.registrant_id, uses__order=first).first()


def cards_of_orders(orders: Iterable[Order]) -> Mapping[UUID, CardOnFile]:
    """Return the saved card for each order of a further year, by order id. Load `renews__line` first. One query."""
    firsts = {order.pk: order.renews.line.order_id for order in orders if order.renews is not None}
    uses = CardUse.objects.filter(order__in=firsts.values()).select_related("card")
    known = {use.order_id: use.card for use in uses}
    return {pk: known[first] for pk, first in firsts.items() if first in known}


def _card_of_buyer(order: Order) -> CardOnFile | None:
    return CardOnFile.objects.filter(registrant=order.registrant_id).first() if order.registrant_id else None


def own_card(user: User) -> CardOnFile | None:
    return CardOnFile.objects.filter(registrant__user=user).first()


def customer_of(order: Order) -> str:
    return card.customer if (card := _card_of_buyer(order)) else ""


def is_card_kept(attempt: PaymentAttempt) -> bool:
    """True if the card that an attempt charges is still saved for the attempt's order."""
    left = CardOnFile.objects.filter(customer=attempt.customer, method=attempt.card)
    return left.filter(registrant__orders=attempt.order_id, uses__order=first_order_id(attempt.order)).exists()


def is_order_over(order: Order) -> bool:
    """True if an order has no later year to pay: it was canceled, or no CORE of it will ship, be connected or stay so.

    A CORE on its way back still counts: its owner may keep it after all.
    """
    if order.state in OVER:
        return True
    ended = Subscription.objects.filter(line__order=order, state=SubscriptionState.ENDED).count()
    return _cores_of(order) <= ended + _came_back(order)


def _came_back(order: Order) -> int:
    """Return how many COREs of an order came back before they were connected."""
    return Return.objects.filter(order=order, item__subscription__isnull=True, state__in=CAME_BACK).count()


def _cores_of(order: Order) -> int:
    """Return how many COREs of an order with a yearly fee have shipped or will ship."""
    return sum(line.quantity - less for line, less in _cores_less(order))


def _cores_less(order: Order) -> list[tuple[OrderLine, int]]:
    """Return the lines of COREs with a yearly fee, with how many of each don't ship any more."""
    less = dropped_of(order)
    return [(line, less.get(line.pk, 0)) for line in order.lines.all() if line.yearly_fee]


def other_orders_of_card(card: CardOnFile, order: Order) -> list[Order]:
    return [use.order for use in _uses(card) if use.order_id != first_order_id(order)]


def can_keep_card(order: Order) -> bool:
    return order.renews_id is not None or any(line.yearly_fee for line in order.lines.all())


def card_tick_words(order: Order) -> str:
    """Return the label of the box that saves a card: what it pays and when; "" if no later year follows."""
    if not can_keep_card(order):
        return ""
    card = _card_of_buyer(order)
    others = other_orders_of_card(card, order) if card is not None else []
    mine = Order.objects.get(pk=first_order_id(order))
    words = _("Keep this card at the payment service. %(pays)s") % {"pays": words_for([mine, *others], paying=order)}
    return f"{words} {_('It takes the place of the card that is kept now.')}" if card is not None else words


def card_pays_words(card: CardOnFile) -> str:
    return words_for([use.order for use in _uses(card)], is_named=True)


def pays_words(order: Order) -> str:
    card = card_of_order(order)
    return "" if card is None else words_for([use.order for use in _uses(card)])


def card_words(order: Order) -> str:
    first = Order.objects.get(pk=first_order_id(order))
    if not can_keep_card(order) or is_order_over(first) or _is_all_returned(first):
        return ""
    return words_for([first], is_named=True) if card_of_order(order) else f"{policies.NO_CARD_KEPT}."


def _is_all_returned(order: Order) -> bool:
    """True if each CORE of an order is back or on its way back; the owner may still change their mind."""
    return 0 < _cores_of(order) <= Return.objects.filter(order=order).exclude(state__in=NO_RETURNS).count()


def orders_for_new_card(registrant: Registrant) -> list[Order]:
    rows = Order.objects.filter(registrant=registrant, renews__isnull=True, bought_at__isnull=False)
    with_fee = rows.filter(lines__yearly_fee__gt=0).distinct().order_by("bought_at", "pk")
    return [order for order in with_fee if not is_order_over(order)]


def card_canceled_words(order: Order) -> str:
    """Return what becomes of the card kept for an order that is canceled, or what became of it; "" without one."""
    card = _card_of_buyer(order)
    was_kept = order.bought_at is not None and order.attempts.exclude(keeps="").exists()
    if not was_kept and (card is None or not card.uses.filter(order=first_order_id(order)).exists()):
        return ""
    is_canceled = order.state == OrderState.CANCELLED
    if card is None:
        return _("Your card is no longer kept.") if is_canceled else ""
    # The order of a further year ends without the connection that its card pays for.
    others = [use.order for use in _uses(card) if order.renews_id is not None or use.order_id != order.pk]
    if card.brought_by_id is not None and not others:
        return _("Your card is no longer kept.") if is_canceled else _("Your card is then no longer kept.")
    return _("Your card stays on file. %(pays)s") % {"pays": words_for(others)}


def ended_words(order: Order, at: datetime) -> str:
    """Return which connections that an order paid ended on a day, and if its card is no longer kept, or ""."""
    rows = Subscription.objects.filter(terms__line__order=order, state=SubscriptionState.ENDED).distinct()
    ended = rows.filter(ended_at__date=timezone.localdate(at)).select_related("core").order_by("ended_at", "pk")
    words = _("The connection of CORE %(serial)s ended on %(day)s.")
    said = [words % {"serial": each.core.serial, "day": day_of(each)} for each in ended]
    first = Order.objects.get(pk=first_order_id(order))
    was_kept = first.attempts.exclude(keeps="").exists()
    if was_kept and _card_of_buyer(order) is None and is_order_over(first):
        said.append(_("Your card is no longer kept."))
    return " ".join(said)


def day_of(ended: Subscription) -> str:
    """Return the day on which a connection ended, which it has."""
    return date_format(timezone.localtime(ended.ended_at))


def _uses(card: CardOnFile) -> list[CardUse]:
    rows = card.uses.select_related("order").order_by("order__placed_at", "pk")
    return [use for use in rows if not is_order_over(use.order)]


def words_for(orders: Iterable[Order], *, paying: Order | None = None, is_named: bool = False) -> str:
    """Return the sentence that says what a card pays for orders. paying: the order about to be paid with the card.

    is_named: the sentence names the card, since no sentence before it does.
    """
    parts = [words for order in orders for words in _parts(order, paying)]
    if not parts:
        return _("Your card pays nothing now.") if is_named else _("It pays nothing now.")
    words = _("It pays %(list)s, and each later year until you cancel.")
    if is_named:
        words = _("Your card pays %(list)s, and each later year until you cancel.")
    return words % {"list": "; ".join(parts)}


def _parts(order: Order, paying: Order | None) -> list[str]:
    rows = Subscription.objects.filter(line__order=order).select_related("core__premises", "line__product")
    begun = list(rows.prefetch_related("terms", "renewals").order_by("pk"))
    parts = []
    for subscription in begun:
        is_paid_now = paying is not None and paying.renews_id == subscription.pk
        is_next = policies.can_go_on(subscription) and not is_coming_back(subscription)
        if is_paid_now or (is_next and fee_of_year(subscription) > 0):
            cents, day = _after(paying) if paying is not None and is_paid_now else next_year(subscription)
            amount = dollars(subscription.line.yearly_fee if cents is None else cents)
            facts = {"serial": subscription.core.serial, "amount": amount, "day": date_format(day)}
            parts.append(_("%(amount)s with sales tax for CORE %(serial)s on %(day)s") % facts)
    return [*parts, *_still_to_come(order, len(begun))]


def _after(paying: Order) -> tuple[int, date]:
    begins = paying.year_from or timezone.localdate()
    if paying.renews is not None and paying.renews.state == SubscriptionState.LAPSED:
        begins = max(begins, timezone.localdate())
    return paying.total, a_year_after(begins)


def _still_to_come(order: Order, begun: int) -> list[str]:
    lines = _cores_less(order)
    returns = Return.objects.filter(order=order, item__subscription__isnull=True).exclude(state__in=NO_RETURNS)
    left = sum(line.quantity - less for line, less in lines) - begun - returns.count()
    if left <= 0 or order.state in OVER:
        return []
    # The dearest first, so that no announced amount is below the later charge.
    fees = sorted((line.yearly_fee for line, less in lines for _piece in range(line.quantity - less)), reverse=True)
    fees = fees[:left]
    day = date_format(a_year_after(timezone.localdate()))
    facts = {"amount": dollars(sum(fees)), "number": order.number, "day": day}
    words = _("%(amount)s plus sales tax for order %(number)s, a year after activation, not before %(day)s")
    return [words % facts]
