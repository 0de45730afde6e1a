"""A bill for an old CORE that never came back after a warranty replacement. No card is ever charged for it.

It is an order that nobody placed: one line, on account, due in 30 days. It is canceled in full if the old CORE arrives
later.
"""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from fusus_portal.ground import steps
from fusus_portal.ground.accounts.models import User
from registry.people.models import Registrant
from shop.catalogue.models import LONGEST_NAME, ProductKind
from shop.orders.models.orders import Order, PayMethod
from shop.orders.models.staff_tasks import TaskKind
from shop.orders.selectors.quotes import OrderQuote, exemption_of, line_of
from shop.orders.services import invoices, orders, staff_tasks
from shop.orders.states import OrderState
from shop.parcels.models import ShipmentItem
from shop.returns import worth
from shop.rules import DUE_AFTER
from shop.warranty import locks, policies, selectors
from shop.warranty.models import Claim
from shop.warranty.services import claims
from shop.warranty.states import ClaimState


def charge(*, claim: Claim, by: User) -> Claim:
    """Bill the value of an old CORE after the day by which it was due, as a clerk.

    Raises Stale before that, for a CORE that nobody bought here, and for a business that has left; Refused.
    """
    with transaction.atomic():
        locked = locks.claim(claim.pk)
        steps.check(locked, ClaimState.CHARGED, by)
        policies.must_be_late(locked, today=timezone.localdate())
        cents = selectors.worth_of_old(locked)
        owner = policies.check_billed(locked, cents)
        item = selectors.bought_as(locked)
        if item is None:
            raise ValueError("what has a worth was bought")
        order = locked.charge = _bill(locked, owner, item, cents)
        steps.take(locked, ClaimState.CHARGED, by, facts={"order": order.number, "cents": order.total})
        order.placed_at = order.bought_at = timezone.now()
        steps.take(order, OrderState.ON_ACCOUNT, by, facts={"number": order.number, "claim": locked.number})
        invoices.issue(order=order, actor=by.actor, due_on=timezone.localdate() + DUE_AFTER)
        billed = f"Billed by order {order.number}"
        staff_tasks.settle_by_act(kind=TaskKind.OLD_UNIT_LATE, about=str(locked.pk), by=by, note=billed)
        claims.tell(locked)
    return locked


def take_back(*, order: Order, claim: Claim, by: User) -> None:
    """Cancel a locked bill because the old CORE arrived, inside the caller's transaction.

    Payments are refunded in full, and the rest is credited on the invoice.
    """
    if order.state == OrderState.ON_ACCOUNT:
        orders.end(order=order, by=by)
        claims.tell(claim)


def _bill(claim: Claim, owner: Registrant, item: ShipmentItem, cents: int) -> Order:
    """Write the order for an amount, tax included, to the addresses of the purchase."""
    bought = item.shipment.order
    rate = selectors.rate_for(item.line)
    exemption = exemption_of(owner, state=bought.ship_state, on=timezone.localdate())
    net = worth.net_within(cents, 0 if exemption else rate.basis_points)
    line = line_of(item.line.product, rate=rate, is_exempt=exemption is not None, unit_cents=net)
    # Nothing is sent for it, so its line is a service.
    line.kind, line.name, line.name_es = ProductKind.SERVICE, _name(claim, "en"), _name(claim, "es")
    return orders.insert(
        owner=owner,
        quoted=OrderQuote([line], exemption),
        method=PayMethod.CHARGE,
        ship_name=bought.ship_name,
        **orders.address_columns("bill", bought.bill_to),
        **orders.address_columns("ship", bought.ship_to),
    )


def _name(claim: Claim, language: str) -> str:
    with override(language):
        name = _("Old CORE %(serial)s that did not come back") % {"serial": claim.core.serial}
    return name[:LONGEST_NAME]
