"""The orders of further years: put together, placed, ended. All inside the caller's transaction.

Locks: CORE, the order that bought it, the orders of its years, its connection. Whoever places one holds the connection.
"""

from collections.abc import Sequence
from datetime import date, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from audit.actors import Actor
from fusus_portal.accounts.models import User
from fusus_portal.geo import Address
from registry.services.acting import task_actor
from shop.models import Order, OrderLine, PayMethod, ProductKind, Subscription
from shop.models.catalogue import LONGEST_NAME
from shop.policies.orders import LONGEST
from shop.selectors.quotes import Quote
from shop.selectors.renewals import place_of, quote_of
from shop.services import locking, orders, steps
from shop.services.drafting import amounts_of
from shop.states import WAITING, OrderState

RENEWER = "shop.renew_connections"
ACTOR = task_actor(RENEWER)
PARTS = ("street", "city", "state", "zip")
OF_LINE = ("unit_cents", "first_fee", "yearly_fee", "fee_included", "discount", "tax_basis_points", "net", "tax")


def draft(*, subscription: Subscription, year_from: date, like: Order | None = None) -> Order:
    """Put the order of a year together, of a locked connection with an owner.

    like: one that was announced for it, so that it costs as much. Raises ValidationError where no tax rate is known.
    """
    first, registrant = subscription.line.order, subscription.registrant
    if registrant is None:
        raise ValueError("a connection without an owner has no further year")
    shared: dict[str, object] = {
        "registrant": registrant,
        "party": registrant.name,
        "language": registrant.language,
        "ship_name": first.ship_name,
        **_columns("bill", first.bill_to),
        # The sentence that was agreed to when the CORE was bought is what a further year is charged by.
        "consent": first.consent,
        "consent_at": first.consent_at,
        "renews": subscription,
        "year_from": year_from,
    }
    if like is not None and _still_holds(like):
        same = {name: getattr(like, name) for name in ("goods", "discount", "tax", "total", "exemption")}
        order = Order.objects.create(**shared, **same, **_columns("ship", like.ship_to))
        _write_line(order, like.lines.get())
        return order
    quoted = quote_of(subscription)
    there = _columns("ship", place_of(subscription))
    order = Order.objects.create(**shared, exemption=quoted.exemption, **amounts_of(quoted), **there)
    _write_line(order, _line_of(quoted))
    return order


def place(*, order: Order, actor: Actor, pay_within: timedelta | None = None) -> Order:
    """Place a year that is to be paid by card. pay_within: it expires after that; else it waits as long as it may."""
    order.placed_at = timezone.now()
    order.method = PayMethod.CARD
    order.reserved_until = order.placed_at + pay_within if pay_within else None
    return steps.order(order, OrderState.AWAITING_PAYMENT, actor, facts=facts_of(order))


def facts_of(order: Order) -> dict[str, int | str]:
    """Return what an entry says about a year."""
    return {"number": order.number, "subscription": str(order.renews_id), "year_from": str(order.year_from)}


def lock_all(pk: int) -> None:
    """Lock the orders of a connection's years, before the connection itself."""
    years = Order.objects.filter(renews=pk).order_by("drafted_at", "pk").values_list("pk", flat=True)
    for each in list(years):
        locking.order(each)


def end_waiting(*, subscription: Subscription, by: User | Actor, role: str = "") -> Sequence[Order]:
    """Cancel the year of a locked connection that waits to be paid or approved; return those whose page is closed then.

    A payment that is just being processed goes back when it comes.
    """
    ended = []
    waiting = Order.objects.filter(renews=subscription, state__in=WAITING).values_list("pk", flat=True)
    for pk in list(waiting):
        order = locking.order(pk)
        if order.state in WAITING:
            orders.end(order=order, by=by, role=role, waits=False)
            ended.append(order)
    return ended


def _columns(kind: str, address: Address) -> dict[str, str]:
    """Return an address as columns of an order."""
    values = (address.street, address.city[: LONGEST["city"]], address.state, address.zip_code)
    return {f"{kind}_{part}": value for part, value in zip(PARTS, values, strict=True)}


def _still_holds(like: Order) -> bool:
    """Tell whether what made an order cheaper is still valid."""
    return like.exemption is None or like.exemption.valid_until >= timezone.localdate()


def _line_of(quoted: Quote) -> OrderLine:
    (year,) = quoted.lines
    same = {name: getattr(year, name) for name in OF_LINE}
    names = {}
    for language, name, column in (("en", year.product.name, "name"), ("es", year.product.name_es, "name_es")):
        with override(language):
            names[column] = (_("Yearly fee: %(name)s") % {"name": name})[:LONGEST_NAME]
    return OrderLine(product=year.product, tax_rate=year.tax_rate, total=year.total, **names, **same)


def _write_line(order: Order, line: OrderLine) -> None:
    """Write down the one line of a year: like another one, whatever that was of."""
    OrderLine.objects.create(
        order=order,
        position=1,
        product_id=line.product_id,
        kind=ProductKind.SERVICE,
        name=line.name,
        name_es=line.name_es,
        quantity=1,
        tax_rate_id=line.tax_rate_id,
        total=line.total,
        **{name: getattr(line, name) for name in OF_LINE},
    )
