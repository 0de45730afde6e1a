"""The card on file, and the orders whose later years it pays (`CardUse`): those that its owner agreed to, no other."""

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
from shop.payments.models import PaymentAttempt
from shop.returns.models import Return
from shop.returns.states import ReturnState

OVER = (OrderState.CANCELLED, OrderState.EXPIRED)
CAME_BACK = (ReturnState.REFUNDING, ReturnState.CLOSED)


def bought_by(order: Order) -> UUID:
    """Return the id of the order that bought the CORE; for a further year, that of its first order."""
    if order.renews_id is None:
        return order.pk
    return Subscription.objects.values_list("line__order", flat=True).get(pk=order.renews_id)


def card_of(order: Order) -> CardOnFile | None:
    if order.registrant_id is None:
        return None
    return CardOnFile.objects.filter(registrant=order.registrant_id, uses__order=bought_by(order)).first()


def card_for(subscription: Subscription) -> CardOnFile | None:
    rows = CardOnFile.objects.filter(registrant=subscription.registrant_id, uses__order=subscription.line.order_id)
    return rows.first()


def cards_of(orders: Iterable[Order]) -> Mapping[UUID, CardOnFile]:
    """Return the card of each of these years by its order's id. `renews` must be loaded. One query."""
    firsts = {order.pk: order.renews.line.order_id for order in orders if order.renews is not None}
    uses = CardUse.objects.filter(order__in=firsts.values()).select_related("card")
    known = {use.order_id: use.card for use in uses}
    return {pk: known[first] for pk, first in firsts.items() if first in known}


def own_card(user: User) -> CardOnFile | None:
    return CardOnFile.objects.filter(registrant__user=user).first()


def customer_of(order: Order) -> str:
    """Return the buyer's id at the payment service, "" without a card."""
    found = CardOnFile.objects.filter(registrant=order.registrant_id) if order.registrant_id else None
    card = found.first() if found is not None else None
    return card.customer if card is not None else ""


def is_still_left(attempt: PaymentAttempt) -> bool:
    """True if the card that an attempt charges is still kept for its order."""
    left = CardOnFile.objects.filter(customer=attempt.customer, method=attempt.card)
    return left.filter(registrant__orders=attempt.order_id, uses__order=bought_by(attempt.order)).exists()


def is_over(order: Order) -> bool:
    """True if an order has no later year to pay: it was canceled, or each of its COREs has ended or came back."""
    if order.state in OVER:
        return True
    lines = order.lines.filter(yearly_fee__gt=0)
    pieces = lines.aggregate(sum=Sum("quantity"))["sum"] or 0
    ended = Subscription.objects.filter(line__order=order, state=SubscriptionState.ENDED).count()
    back = Return.objects.filter(order=order, item__subscription__isnull=True, state__in=CAME_BACK).count()
    return pieces <= ended + back


def others_of(card: CardOnFile, order: Order) -> list[Order]:
    return [use.order for use in _uses(card) if use.order_id != bought_by(order)]


def can_keep(order: Order) -> bool:
    return order.renews_id is not None or any(line.yearly_fee for line in order.lines.all())


def tick_words(order: Order) -> str:
    """Return the text of the tick that keeps the card: what it pays and when; "" if no later year follows."""
    if not can_keep(order):
        return ""
    card = CardOnFile.objects.filter(registrant=order.registrant_id).first() if order.registrant_id else None
    others = others_of(card, order) if card is not None else []
    mine = Order.objects.get(pk=bought_by(order))
    words = _("Keep this card at the payment service. %(pays)s") % {"pays": _pays([mine, *others], paying=order)}
    return f"{words} {_('It takes the place of the card that is kept now.')}" if card is not None else words


def pays_words(card: CardOnFile) -> str:
    return _pays([use.order for use in _uses(card)])


def pays_if_left(registrant: Registrant) -> str:
    """Return the text about a card that a business saves now on the page for that."""
    return _pays(left_for(registrant))


def left_for(registrant: Registrant) -> list[Order]:
    rows = Order.objects.filter(registrant=registrant, renews__isnull=True, bought_at__isnull=False)
    with_fee = rows.filter(lines__yearly_fee__gt=0).distinct().order_by("bought_at", "pk")
    return [order for order in with_fee if not is_over(order)]


def canceled_words(order: Order) -> str:
    card = CardOnFile.objects.filter(registrant=order.registrant_id).first() if order.registrant_id else None
    was_kept = order.attempts.exclude(keeps="").exists()
    if not was_kept and (card is None or not card.uses.filter(order=bought_by(order)).exists()):
        return ""
    others = others_of(card, order) if card is not None else []
    if card is None or (card.brought_by_id is not None and not others):
        return _("Your card is no longer kept.")
    return _("Your card stays on file. %(pays)s") % {"pays": _pays(others)}


def none_words() -> str:
    return _("No card is kept for it: nothing is charged automatically")


def _uses(card: CardOnFile) -> list[CardUse]:
    rows = card.uses.select_related("order").order_by("order__placed_at", "pk")
    return [use for use in rows if not is_over(use.order)]


def _pays(orders: Iterable[Order], *, paying: Order | None = None) -> str:
    """Return the payments of these orders in words. paying: the order that is about to be paid with the card."""
    parts = [words for order in orders for words in _parts(order, paying)]
    if not parts:
        return _("It pays nothing now.")
    return _("It pays %(list)s, and each later year until you cancel.") % {"list": "; ".join(parts)}


def _parts(order: Order, paying: Order | None) -> list[str]:
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
    begins = paying.year_from or timezone.localdate()
    if paying.renews is not None and paying.renews.state == SubscriptionState.LAPSED:
        begins = max(begins, timezone.localdate())
    return paying.total, a_year_after(begins)


def _still_to_come(order: Order, begun: int) -> list[str]:
    lines = [line for line in order.lines.all() if line.yearly_fee]
    back = Return.objects.filter(order=order, item__subscription__isnull=True, state__in=CAME_BACK).count()
    left = sum(line.quantity for line in lines) - begun - back
    if left <= 0 or order.state in OVER:
        return []
    # The dearest first, so that no announced amount is below the later charge.
    fees = sorted((line.yearly_fee for line in lines for _piece in range(line.quantity)), reverse=True)[:left]
    day = date_format(a_year_after(timezone.localdate()))
    facts = {"amount": dollars(sum(fees)), "number": order.number, "day": day}
    words = _("%(amount)s plus sales tax for order %(number)s, a year after activation, not before %(day)s")
    return [words % facts]
