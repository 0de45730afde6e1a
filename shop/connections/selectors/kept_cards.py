"""The card on file and what it pays: what somebody ticked, and nothing else. Pages and mails ask here.

It pays the later years of the COREs of certain orders (`CardUse`), and of no other.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from uuid import UUID

from django.db.models import Sum
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from fusus_portal.ground.accounts.models import User
from registry.people.models import Registrant
from shop.catalogue.money import dollars
from shop.connections import policies
from shop.connections.models import CardOnFile, CardUse, Subscription
from shop.connections.policies import a_year_after
from shop.connections.selectors.renewals import fee_of, next_year
from shop.connections.states import SubscriptionState
from shop.orders.models.orders import Order
from shop.orders.states import OrderState
from shop.payments.models.payments import PaymentAttempt
from shop.returns.models import Return
from shop.returns.states import ReturnState

OVER = (OrderState.CANCELLED, OrderState.EXPIRED)
CAME_BACK = (ReturnState.REFUNDING, ReturnState.CLOSED)


def bought_by(order: Order) -> UUID:
    """Return the id of the order that bought the CORE: of a further year that of its first one."""
    if order.renews_id is None:
        return order.pk
    return Subscription.objects.values_list("line__order", flat=True).get(pk=order.renews_id)


def card_of(order: Order) -> CardOnFile | None:
    """Return the card that pays the later years of an order, None where none is kept for it."""
    if order.registrant_id is None:
        return None
    return CardOnFile.objects.filter(registrant=order.registrant_id, uses__order=bought_by(order)).first()


def card_for(subscription: Subscription) -> CardOnFile | None:
    """Return the card that pays the next year of a connection."""
    rows = CardOnFile.objects.filter(registrant=subscription.registrant_id, uses__order=subscription.line.order_id)
    return rows.first()


def cards_of(orders: Iterable[Order]) -> Mapping[UUID, CardOnFile]:
    """Return the card that pays each of these years, by its order; `renews` must be loaded. One query."""
    firsts = {order.pk: order.renews.line.order_id for order in orders if order.renews is not None}
    uses = CardUse.objects.filter(order__in=firsts.values()).select_related("card")
    known = {use.order_id: use.card for use in uses}
    return {pk: known[first] for pk, first in firsts.items() if first in known}


def own_card(user: User) -> CardOnFile | None:
    """Return the card that a business has left."""
    return CardOnFile.objects.filter(registrant__user=user).first()


def customer_of(order: Order) -> str:
    """Return what the buyer is called at the payment service, "" where no card is kept."""
    found = CardOnFile.objects.filter(registrant=order.registrant_id) if order.registrant_id else None
    card = found.first() if found is not None else None
    return card.customer if card is not None else ""


def is_still_left(attempt: PaymentAttempt) -> bool:
    """Tell whether its owner still wants to pay by the card that is to be charged."""
    left = CardOnFile.objects.filter(customer=attempt.customer, method=attempt.card)
    return left.filter(registrant__orders=attempt.order_id, uses__order=bought_by(attempt.order)).exists()


def is_over(order: Order) -> bool:
    """Tell whether nothing of an order has a later year to pay any more: it was canceled, or each CORE has ended."""
    if order.state in OVER:
        return True
    lines = order.lines.filter(yearly_fee__gt=0)
    pieces = lines.aggregate(sum=Sum("quantity"))["sum"] or 0
    ended = Subscription.objects.filter(line__order=order, state=SubscriptionState.ENDED).count()
    back = Return.objects.filter(order=order, item__subscription__isnull=True, state__in=CAME_BACK).count()
    return pieces <= ended + back


def others_of(card: CardOnFile, order: Order) -> list[Order]:
    """Return the orders that a card pays for besides one."""
    return [use.order for use in _uses(card) if use.order_id != bought_by(order)]


def can_keep(order: Order) -> bool:
    """Tell whether a card that is paid with now can pay later years: where there is a yearly fee."""
    return order.renews_id is not None or any(line.yearly_fee for line in order.lines.all())


def tick_words(order: Order) -> str:
    """Return what is ticked when the card that an order is paid with is kept: what it pays and when; "" for nothing."""
    if not can_keep(order):
        return ""
    card = CardOnFile.objects.filter(registrant=order.registrant_id).first() if order.registrant_id else None
    others = others_of(card, order) if card is not None else []
    mine = Order.objects.get(pk=bought_by(order))
    words = _("Keep this card at the payment service. %(pays)s") % {"pays": _pays([mine, *others], paying=order)}
    return f"{words} {_('It takes the place of the card that is kept now.')}" if card is not None else words


def pays_words(card: CardOnFile) -> str:
    """Return what a card on file pays and when, in a sentence."""
    return _pays([use.order for use in _uses(card)])


def pays_if_left(registrant: Registrant) -> str:
    """Return what a card pays that a business leaves now on the page for that."""
    return _pays(left_for(registrant))


def left_for(registrant: Registrant) -> list[Order]:
    """Return the orders whose later years a card pays that is left on its page: all that are bought and not over."""
    rows = Order.objects.filter(registrant=registrant, renews__isnull=True, bought_at__isnull=False)
    with_fee = rows.filter(lines__yearly_fee__gt=0).distinct().order_by("bought_at", "pk")
    return [order for order in with_fee if not is_over(order)]


def canceled_words(order: Order) -> str:
    """Return what becomes of a card that is kept for an order when that is canceled, or became; "" for no such card."""
    card = CardOnFile.objects.filter(registrant=order.registrant_id).first() if order.registrant_id else None
    was_kept = order.attempts.exclude(keeps="").exists()
    if not was_kept and (card is None or not card.uses.filter(order=bought_by(order)).exists()):
        return ""
    others = others_of(card, order) if card is not None else []
    if card is None or (card.brought_by_id is not None and not others):
        return _("Your card is no longer kept.")
    return _("Your card stays on file. %(pays)s") % {"pays": _pays(others)}


def none_words() -> str:
    """Return what is said where no card is kept for a CORE."""
    return _("No card is kept for it: nothing is charged automatically")


def _uses(card: CardOnFile) -> list[CardUse]:
    rows = card.uses.select_related("order").order_by("order__placed_at", "pk")
    return [use for use in rows if not is_over(use.order)]


def _pays(orders: Iterable[Order], *, paying: Order | None = None) -> str:
    """Return what a card pays of these orders. paying: the order that is about to be paid with it."""
    parts = [words for order in orders for words in _parts(order, paying)]
    if not parts:
        return _("It pays nothing now.")
    return _("It pays %(list)s, and each later year until you cancel.") % {"list": "; ".join(parts)}


def _parts(order: Order, paying: Order | None) -> list[str]:
    """Return what is paid of an order: the next year of each CORE at work, and the first later one of each other."""
    rows = Subscription.objects.filter(line__order=order).select_related("core__premises", "line__product")
    begun = list(rows.prefetch_related("terms", "renewals").order_by("pk"))
    parts = []
    for subscription in begun:
        is_paid_now = paying is not None and paying.renews_id == subscription.pk
        if is_paid_now or (policies.can_go_on(subscription) and fee_of(subscription) > 0):
            cents, day = _after(paying) if paying is not None and is_paid_now else next_year(subscription)
            amount = dollars(subscription.line.yearly_fee if cents is None else cents)
            facts = {"serial": subscription.core.serial, "amount": amount, "day": date_format(day)}
            parts.append(_("%(amount)s with sales tax for CORE %(serial)s on %(day)s") % facts)
    return [*parts, *_still_to_come(order, len(begun))]


def _after(paying: Order) -> tuple[int, date]:
    """Return what the year costs, and when it begins, that comes after one that is about to be paid."""
    begins = paying.year_from or timezone.localdate()
    if paying.renews is not None and paying.renews.state == SubscriptionState.LAPSED:
        begins = max(begins, timezone.localdate())
    return paying.total, a_year_after(begins)


def _still_to_come(order: Order, begun: int) -> list[str]:
    """Return what the COREs of an order cost in their first later year that are not activated yet."""
    lines = [line for line in order.lines.all() if line.yearly_fee]
    back = Return.objects.filter(order=order, item__subscription__isnull=True, state__in=CAME_BACK).count()
    left = sum(line.quantity for line in lines) - begun - back
    if left <= 0 or order.state in OVER:
        return []
    # The dearest first: nothing that is said is less than what is charged.
    fees = sorted((line.yearly_fee for line in lines for _piece in range(line.quantity)), reverse=True)[:left]
    day = date_format(a_year_after(timezone.localdate()))
    facts = {"amount": dollars(sum(fees)), "number": order.number, "day": day}
    words = _("%(amount)s plus sales tax for order %(number)s, a year after activation, not before %(day)s")
    return [words % facts]
