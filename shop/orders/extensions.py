"""What orders add to the apps below: a card of the profile, the search of the log, a person's own data."""

from collections.abc import Iterable

from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from audit.console import words
from audit.console.wanted import Meaning
from fusus_portal.accounts.roles import Role
from fusus_portal.agency import sections
from fusus_portal.agency.sections import Section
from fusus_portal.notifications import kinds
from fusus_portal.notifications.kinds import MessageKind
from registry import next_pages, own_tables, profile_cards
from registry.archive import Cell
from registry.models import Registrant
from registry.profile_cards import ProfileCard
from shop.orders import messages
from shop.orders.models.invoices import CreditNote, Invoice
from shop.orders.models.orders import Order, OrderLine
from shop.orders.selectors.carts import rows_of
from shop.orders.selectors.orders import placed_by
from shop.orders.visitor_carts import cart_of
from shop.parcels.models import Shipment
from shop.payments.models.payments import Payment, PaymentAttempt
from shop.payments.models.refunds import Refund


def register() -> None:
    """Add them."""
    words.understand(order_called)
    words.call("order", words.field(Order.objects.all(), "number"))
    kinds.register(MessageKind.ORDER_CONFIRMED, messages.order_confirmed)
    kinds.register(MessageKind.ORDER_REFUSED, messages.order_refused)
    own_tables.register("orders", orders_table)
    own_tables.register("order_lines", order_lines_table)
    next_pages.register("shop", go_on)
    profile_cards.register(
        ProfileCard(
            url_name="orders",
            title=gettext_lazy("Orders"),
            text=gettext_lazy(
                "What you ordered: its parcels, its invoices, and what comes next. What is in your cart waits there."
            ),
            label=gettext_lazy("See my orders"),
            roles=frozenset({Role.BUSINESS}),
            place=30,
        )
    )
    sections.register(
        Section(
            url_name="tax_rates",
            title=gettext_lazy("Sales tax"),
            text=gettext_lazy("The rate of each place and kind of thing, and from when to when it counts."),
            place=72,
            label=gettext_lazy("See the rates"),
        )
    )


def go_on(request: HttpRequest) -> str:
    """Return the checkout for a business whose cart waits, "" for everybody else."""
    role = getattr(request.user, "role", "")
    return "checkout" if role == Role.BUSINESS and rows_of(cart_of(request)) else ""


def order_called(text: str) -> Iterable[Meaning]:
    """Return the order of exactly this number: what was done with it, with its payments and its refunds."""
    return [
        Meaning(_("Order %(number)s") % {"number": order.number}, actors=(), subjects=tuple(_subjects_of(order)))
        for order in Order.objects.filter(number=text.strip().upper())
    ]


def orders_table(registrant: Registrant) -> list[dict[str, Cell]]:
    """Return each order, newest first. Amounts are cents."""
    return [
        {
            "number": order.number,
            "state": order.state,
            "placed_at": order.placed_at.isoformat() if order.placed_at else "",
            "party": order.party,
            "ship_to": f"{order.ship_name}, {order.ship_to}",
            "bill_to": str(order.bill_to),
            "goods": order.goods,
            "discount": order.discount,
            "tax": order.tax,
            "total": order.total,
            "consent": order.consent,
        }
        for order in placed_by(registrant)
    ]


def order_lines_table(registrant: Registrant) -> list[dict[str, Cell]]:
    """Return each line of each order. Amounts are cents."""
    rows = OrderLine.objects.filter(order__in=placed_by(registrant)).select_related("order")
    return [
        {
            "order": line.order.number,
            "name": line.name,
            "quantity": line.quantity,
            "unit_cents": line.unit_cents,
            "first_fee": line.first_fee,
            "yearly_fee": line.yearly_fee,
            "discount": line.discount,
            "tax": line.tax,
            "total": line.total,
        }
        for line in rows.order_by("order__placed_at", "position")
    ]


def _subjects_of(order: Order) -> Iterable[tuple[str, str]]:
    yield order.subject
    for attempt in PaymentAttempt.objects.filter(order=order):
        yield attempt.subject
    for payment in Payment.objects.filter(order=order):
        yield payment.subject
    for shipment in Shipment.objects.filter(order=order):
        yield shipment.subject
    for invoice in Invoice.objects.filter(order=order):
        yield invoice.subject
    for note in CreditNote.objects.filter(invoice__order=order):
        yield note.subject
    for refund in Refund.objects.filter(payment__order=order):
        yield refund.subject
