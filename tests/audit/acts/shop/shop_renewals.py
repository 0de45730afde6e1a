"""Acts about further years, and the card that is charged for them."""

from audit.log.events import Event
from registry.registrants.models import Registrant
from shop.connections.models import CardChange
from shop.connections.services import cards, years
from shop.orders.models.orders import Order
from shop.payments.gateway.answers import Unknown
from tests.audit.acts import Act, calls
from tests.integration.cores.devices import business_at, owner_of
from tests.shop.connections.renewed import MONTH, announced, lapsed, on_day, order_core, owing
from tests.shop.orders.orders import BACK, gateway, pdf
from tests.shop.returns.returned import bought


def then(order: Order, days: int, act: Act) -> Act:
    """Return an act that is done so many days after the first year of a CORE has ended."""
    core = order_core(order)

    def done() -> object:
        with on_day(core, days):
            return act()

    return done


def owner_in(order: Order) -> Registrant:
    """Return who pays a year."""
    assert order.registrant is not None
    return order.registrant


@calls(years.announce_due, Event.RENEWAL_ANNOUNCED)
def announce() -> Act:
    """A year ends soon."""
    gateway()
    core = bought()

    def act() -> object:
        with on_day(core, -MONTH):
            return years.announce_due()

    return act


@calls(years.remind_due, Event.RENEWAL_ANNOUNCED)
def remind() -> Act:
    """And sooner."""
    gateway()
    return then(announced(), -7, years.remind_due)


@calls(cards.charge_due, Event.SUBSCRIPTION_PAST_DUE)
def charge() -> Act:
    """It begins, and there is no card. What a card leads to is `go_on`'s."""
    gateway()
    order = announced()
    owner = owner_in(order)
    cards.remove(registrant=owner, by=owner.user)
    return then(order, 0, cards.charge_due)


@calls(cards.finish_charge, Event.PAYMENT_CAPTURED)
def go_on() -> Act:
    """A charge was left halfway."""
    gateway().next_charge = None
    order = announced()
    gateway().before["confirm_intent"] = [Unknown("timeout")]
    then(order, 0, cards.charge_due)()
    attempt = order.attempts.get()
    return then(order, 0, lambda: cards.finish_charge(attempt=attempt))


@calls(years.lapse_due, Event.SUBSCRIPTION_LAPSED)
def lapse() -> Act:
    """Nobody has paid."""
    return then(owing(), MONTH, years.lapse_due)


@calls(years.reconnect, Event.ORDER_PLACED)
def reconnect() -> Act:
    """An owner wants their CORE to work again."""
    core = lapsed()
    return lambda: years.reconnect(core=core, by=owner_of(core))


@calls(years.pay_by_purchase_order, Event.PURCHASE_ORDER_SUBMITTED)
def by_purchase_order() -> Act:
    """A school pays its year by a purchase order."""
    gateway()
    order = announced()
    by = owner_in(order).user
    return lambda: years.pay_by_purchase_order(order=order, by=by, number="PO-78", limit=10**6, paper=pdf())


@calls(cards.begin_change, Event.CARD_CHANGE_BEGUN)
def begin_change() -> Act:
    """A business leaves another card."""
    gateway()
    owner = business_at()
    return lambda: cards.begin_change(registrant=owner, by=owner.user, return_to=BACK)


def left() -> CardChange:
    """Return a change whose page a business has done with."""
    service, owner = gateway(), business_at()
    change = cards.begin_change(registrant=owner, by=owner.user, return_to=BACK)
    service.leave_card(change.session_id)
    return change


@calls(cards.settle_change, Event.CARD_SAVED)
def settle_change() -> Act:
    """And has left it."""
    change = left()
    return lambda: cards.settle_change(change=change)


@calls(cards.remove, Event.CARD_REMOVED)
def remove() -> Act:
    """And removes it."""
    change = left()
    cards.settle_change(change=change)
    owner = change.registrant
    return lambda: cards.remove(registrant=owner, by=owner.user)
