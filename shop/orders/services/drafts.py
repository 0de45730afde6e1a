"""Draft orders, which a buyer checks before ordering (WCAG 3.3.4). One for each business."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from audit.log.events import Event
from audit.log.services import record
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.geo.geocoding import Address
from registry.people import locks
from registry.people.models import Registrant
from shop.limits.models import ShopLimits
from shop.orders.models.carts import Cart
from shop.orders.models.orders import Order, OrderLine
from shop.orders.policies import orders
from shop.orders.policies.orders import Sending
from shop.orders.selectors.carts import has_changed, rows_of
from shop.orders.selectors.quotes import OrderQuote, quote
from shop.orders.states import OrderState


def draft(*, registrant: Registrant, cart: Cart | None, by: User, sending: Sending) -> Order:
    """Make a draft order from a cart, at current prices and taxes. It replaces the one before.

    Nothing is bought or reserved yet. Raises NotYours for another's registration, Refused for a person, and
    ValidationError: on "cart" if it is empty, on "prices" if one differs from the price that the buyer has seen, on
    "lines" if too few are left, else by field.
    """
    with transaction.atomic():
        owner = locks.own_registrant(registrant.pk, by=by)
        orders.check_business(owner)
        columns = orders.check_sending(sending)
        rows = rows_of(cart)
        if not rows:
            raise ValidationError({"cart": _("Your cart is empty.")})
        if has_changed(rows):
            raise ValidationError({"prices": changed_sentence()})
        if short := [row for row in rows if row.is_short]:
            words = [orders.short_words(row.line.product.local_name, row.line.product.free or 0) for row in short]
            raise ValidationError({"lines": words})
        limits = ShopLimits.current()
        for row in rows:
            orders.check_quantity(row.line.quantity, most=limits.most_of_one)
        orders.check_lines(len(rows), most=limits.most_lines)
        wanted = [(row.line.product, row.line.quantity) for row in rows]
        quoted = quote(wanted, state=columns["ship_state"], zip_code=columns["ship_zip"], registrant=owner)
        Order.objects.filter(registrant=owner, state=OrderState.DRAFT).delete()
        order = write_down(owner=owner, quoted=quoted, **columns)
        facts: dict[str, int | str] = {"number": order.number, "total": order.total}
        record(event=Event.ORDER_DRAFTED, actor=by.actor, subject=order.subject, facts=facts)
    return order


def write_down(*, owner: Registrant, quoted: OrderQuote, **columns: object) -> Order:
    """Insert an order with its lines, inside the caller's transaction. columns: its addresses, and others."""
    amounts = {name: getattr(quoted, name) for name in ("goods", "discount", "tax", "total")}
    order = Order.objects.create(
        registrant=owner,
        party=owner.name,
        language=owner.language,
        exemption=quoted.exemption,
        **amounts,
        **columns,
    )
    for position, line in enumerate(quoted.lines, start=1):
        line.order, line.position = order, position
    OrderLine.objects.bulk_create(quoted.lines)
    return order


def columns_of(kind: str, address: Address) -> dict[str, str]:
    """Return an address as columns of an order. kind: "ship" or "bill"."""
    values = (address.street, address.city[: orders.LONGEST["city"]], address.state, address.zip_code)
    return {f"{kind}_{part}": value for part, value in zip(("street", "city", "state", "zip"), values, strict=True)}


def changed_sentence() -> str:
    return _("A price has changed since you looked. Nothing was ordered. Please check the new total.")
