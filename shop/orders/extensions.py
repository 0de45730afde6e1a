from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _, gettext_lazy, ngettext, ngettext_lazy

from audit import hooks as audit_hooks
from audit.hooks import Meaning
from fusus_portal.ground.access.permissions import Permission
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.accounts.roles import Role
from fusus_portal.ground.agency import hooks as agency
from fusus_portal.ground.agency.hooks import Group, Section
from fusus_portal.ground.lookup.finders import Finder, Found, Typed, among_all, finders, of_another_year
from fusus_portal.ground.pages import times
from fusus_portal.ground.tables import Cell
from fusus_portal.ground.worklist import sources
from fusus_portal.ground.worklist.sources import Source, Telling, WorkItem, link_act
from registry.access_log import hooks as access_log_hooks
from registry.access_log.hooks import NamedWith
from registry.places import hooks as place_hooks
from registry.places.hooks import Dependent, ProfileTab
from registry.registrants.models import Registrant
from shop.orders.models.invoices import CreditNote
from shop.orders.models.orders import Order, OrderLine
from shop.orders.presenters.orders import state_words
from shop.orders.selectors import orders
from shop.orders.selectors.orders import all_orders, placed_by
from shop.orders.selectors.quotes import rows_of
from shop.orders.views.checkout import cart_of
from shop.parcels import presenters as parcels
from shop.payments.cards import paid_by
from shop.payments.models import Refund


def purchase_order_items(_user: User) -> list[WorkItem]:
    """Return the purchase orders that wait for a decision, by order number, so that no buyer is named."""
    text = _("Purchase order · %(number)s")
    return [
        WorkItem(
            _("To approve"),
            "warn",
            text % {"number": each.order.number},
            reverse("purchase_order", args=[each.pk]),
            about=each.subject,
            act=link_act(_("Decide"), reverse("purchase_order", args=[each.pk]), each.order.number),
        )
        for each in orders.purchase_orders_to_decide()
    ]


def certificate_items(_user: User) -> list[WorkItem]:
    text = _("Tax certificate for %(state)s")
    return [
        WorkItem(
            _("To approve"),
            "warn",
            text % {"state": each.state_code},
            reverse("exemption", args=[each.pk]),
            about=each.subject,
            act=link_act(_("Decide"), reverse("exemption", args=[each.pk]), text % {"state": each.state_code}),
        )
        for each in orders.certificates_to_decide()
    ]


def services_to_do(_user: User) -> list[WorkItem]:
    found = list(orders.to_do())
    if not found:
        return []
    first, number = found[0], len(found)
    text = ngettext("%(number)d order of services to do", "%(number)d orders of services to do", number)
    return [
        WorkItem(
            _("To do"),
            "warn",
            text % {"number": number},
            reverse("fulfilment"),
            number=number,
            where=times.oldest(first.number, first.bought_at, number) if first.bought_at else first.number,
            act=link_act(_("Open it"), reverse("fulfilment_order", args=[first.number]), first.number),
        )
    ]


SOURCES = (
    Source(name="services_to_do", permission=Permission.FULFILMENT, find=services_to_do),
    Source(
        name="purchase_orders",
        permission=Permission.FULFILMENT,
        find=purchase_order_items,
        telling=Telling(
            words=ngettext_lazy(
                "A purchase order waits for approval.", "%(number)d purchase orders wait for approval.", "number"
            ),
            waits=lambda: orders.purchase_orders_to_decide().exists(),
        ),
    ),
    Source(
        name="tax_certificates",
        permission=Permission.FULFILMENT,
        find=certificate_items,
        telling=Telling(
            words=ngettext_lazy(
                "A tax certificate waits for approval.", "%(number)d tax certificates wait for approval.", "number"
            ),
            waits=lambda: orders.certificates_to_decide().exists(),
        ),
    ),
)


def orders_found(_by: User, typed: Typed) -> Iterable[Found]:
    number = typed.number("O")
    rows = all_orders().filter(number=number).select_related("purchase_order") if number else []
    return [Found(order.number, parcels.next_page_of_order(order), _how_old(order)) for order in rows]


FINDER = Finder(
    name="orders",
    kind=gettext_lazy("Order"),
    permission=Permission.FULFILMENT,
    example=lambda: "O-5R9XJM2D",
    find=orders_found,
    logged=among_all("O", Order.objects.all()),
)


def register() -> None:
    sources.register(*SOURCES)
    finders.register(FINDER)
    audit_hooks.understand(order_called)
    audit_hooks.name_by("order", audit_hooks.field(Order.objects.all(), "number"))
    access_log_hooks.named_with.register(
        NamedWith("order", gettext_lazy("saw your name and address to work on order %(number)s"))
    )
    exemption = gettext_lazy("saw your name to review tax exemption certificate %(number)s")
    access_log_hooks.named_with.register(NamedWith("exemption", exemption))
    place_hooks.registrants.register(
        Dependent(name="orders", tables={"orders": orders_table, "order_lines": order_lines_table}, next_page=go_on)
    )
    place_hooks.tabs.register(
        ProfileTab(
            "orders",
            gettext_lazy("Orders"),
            40,
            Permission.OWN_ORDERS,
            once=("orders-heading", "returns-heading"),
        )
    )
    agency.register_sections(
        Section(
            url_name="tax_rates",
            title=gettext_lazy("Sales tax"),
            text=gettext_lazy("The rate of each place and kind of thing, and from when to when it counts."),
            group=Group.SHOP,
            place=72,
            words=gettext_lazy("taxes"),
        )
    )


def go_on(request: HttpRequest) -> str:
    """Return "checkout", the page after registering, for a business with products in its cart; "" for anyone else."""
    role = getattr(request.user, "role", "")
    return "checkout" if role == Role.BUSINESS and rows_of(cart_of(request)) else ""


def order_called(text: str) -> Iterable[Meaning]:
    return [
        Meaning(_("Order %(number)s") % {"number": order.number}, actors=(), subjects=tuple(_subjects_of(order)))
        for order in Order.objects.filter(number=text.strip().upper())
    ]


def orders_table(registrant: Registrant) -> list[dict[str, Cell]]:
    """Return the orders of a registrant for the own-data file, newest first. Amounts are cents."""
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
            "paid_by": ", ".join(paid_by(payment) for payment in order.payments.all()),
            "consent": order.consent,
        }
        for order in placed_by(registrant).prefetch_related("payments")
    ]


def order_lines_table(registrant: Registrant) -> list[dict[str, Cell]]:
    """Return the lines of a registrant's orders for the own-data file, oldest order first. Amounts are cents."""
    rows = OrderLine.objects.filter(order__in=placed_by(registrant)).select_related("order")
    names = ("name", "quantity", "unit_cents", "first_fee", "yearly_fee", "discount", "tax", "total")
    return [
        {"order": line.order.number, **{name: getattr(line, name) for name in names}}
        for line in rows.order_by("order__placed_at", "position")
    ]


def _how_old(order: Order) -> str:
    last = order.ended_at or order.bought_at or order.placed_at
    return of_another_year(last, state_words(order)) if last else ""


def _subjects_of(order: Order) -> list[tuple[str, str]]:
    tables: list[QuerySet[Any]] = [
        order.attempts.all(),
        order.payments.all(),
        order.shipments.all(),
        order.invoices.all(),
        CreditNote.objects.filter(invoice__order=order),
        Refund.objects.filter(payment__order=order),
    ]
    return [order.subject, *(row.subject for rows in tables for row in rows)]
