"""Orders, purchase orders, certificates and invoices. Raises NotYours if a row is missing or another business's."""

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from uuid import UUID

from django.db.models import Exists, F, Max, OuterRef, Prefetch, Q, QuerySet
from django.utils.translation import gettext as _

from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.lifecycle import NotYours, find_or_refuse
from integration.cores.models import Core
from registry.places.hooks import Kept
from registry.registrants.models import Registrant
from shop.catalogue.models import SHIPPED, Reservation
from shop.orders.models.invoices import CreditNote, Invoice
from shop.orders.models.orders import Cart, ExemptionCertificate, Order, OrderLine, PayMethod, PurchaseOrder, TaxRate
from shop.orders.selectors.money import standing_of
from shop.orders.states import TO_DO, OrderState
from shop.parcels.models import Shipment, ShipmentItem
from shop.parcels.policies import not_shipping, to_ship
from shop.parcels.states import ShipmentState
from shop.rules import BOOKS_KEPT

A_PAGE = 25
READ_AT_ONCE = 200
ORDERS = "orders"


@dataclass(frozen=True, slots=True)
class Stretch:
    """A page of orders, newest first. older: the number of the last order shown, if the next page has more, else ""."""

    orders: Sequence[Order]
    older: str


def own(by: User) -> QuerySet[Order]:
    rows = Order.objects.filter(registrant__user=by).exclude(state=OrderState.DRAFT)
    return rows.order_by("-placed_at", "-pk").prefetch_related("lines", "payments", "invoices__credit_notes")


def all_orders(*, business: str = "") -> QuerySet[Order]:
    """Return all orders but drafts, for clerks, newest first. business: part of its name, "" for any."""
    rows = Order.objects.exclude(state=OrderState.DRAFT).order_by("-placed_at", "-pk")
    rows = rows.filter(party__icontains=business) if business else rows
    return rows.prefetch_related("lines", "payments", "invoices__credit_notes")


def with_goods() -> Exists:
    """Return the condition that an order has a line to ship, as `shop.orders.policies.has_goods` asks it of lines."""
    return Exists(OrderLine.objects.filter(order=OuterRef("pk"), kind__in=SHIPPED))


def to_do() -> QuerySet[Order]:
    """Return the bought orders for which `shop.orders.policies.is_to_do` is true, oldest first."""
    wanted = OrderLine.objects.filter(order=OuterRef("pk"), refunded__lt=F("quantity"))
    goods, services = wanted.filter(kind__in=SHIPPED), wanted.exclude(kind__in=SHIPPED)
    rows = Order.objects.filter(~Exists(goods), Exists(services), state__in=TO_DO).exclude(method=PayMethod.CHARGE)
    return rows.prefetch_related("lines").order_by("bought_at")


def unsent_of(order: Order) -> Mapping[UUID, int]:
    """Return the pieces of an order that still ship, by line id."""
    return {line.pk: number for line, number in to_ship(order)}


def dropped_of(order: Order) -> Mapping[UUID, int]:
    """Return the pieces of an order that no carrier has and that don't ship any more, by line id."""
    return {line.pk: number for line, number in not_shipping(order)}


def never_sent_of(order: Order) -> Mapping[UUID, int]:
    """Return the pieces of an order that no carrier ever had, by line id: what was lost is not among them.

    `shop_note_is_within_bound` counts the same.
    """
    taken_over = Q(void_at__isnull=True) | Q(void_at__gte=F("shipment__handed_over_at"))
    rows = ShipmentItem.objects.filter(taken_over, shipment__order=order, shipment__handed_over_at__isnull=False)
    sent = Counter[UUID]()
    for line, quantity in rows.values_list("line", "quantity"):
        sent[line] += quantity
    return {line.pk: max(line.wanted - sent[line.pk], 0) for line, _number in to_ship(order)}


def placed_by(registrant: Registrant) -> QuerySet[Order]:
    return Order.objects.filter(registrant=registrant, placed_at__isnull=False).order_by("-placed_at", "pk")


def kept_of(registrant: Registrant) -> Kept | None:
    """Return how many orders are kept, and until when, if a business leaves now; None without a placed order."""
    placed = placed_by(registrant)
    last = placed.aggregate(last=Max("placed_at"))["last"]
    return Kept(ORDERS, placed.count(), last + BOOKS_KEPT) if last else None


def own_one(by: User, number: str) -> Order:
    rows = _whole(Order.objects.filter(registrant__user=by, number=number.upper()))
    return find_or_refuse(rows, _("There is no such order."), subject=("order", number))


def live_reservations(order: Order) -> Mapping[UUID, Reservation]:
    """Return the reservations of an order that are not released, by product id. Stock is loaded with each."""
    rows = Reservation.objects.filter(order=order, released_at__isnull=True).select_related("stock")
    return {reservation.stock.product_id: reservation for reservation in rows}


def own_draft(by: User) -> Order | None:
    rows = Order.objects.filter(registrant__user=by, state=OrderState.DRAFT).select_related("exemption")
    return rows.prefetch_related("lines").first()


def own_core(by: User, number: str, pk: UUID) -> Core:
    """Return a CORE that arrived in a parcel of the user's own order. Raises NotYours."""
    items = ShipmentItem.objects.filter(shipment__order=own_one(by, number), void_at__isnull=True, core=pk)
    found = items.filter(shipment__state=ShipmentState.DELIVERED).select_related("core").first()
    if found is None or found.core is None:
        raise NotYours(_("There is no such CORE."), subject=("core", str(pk)))
    return found.core


def invoice(number: str, pk: UUID) -> Invoice:
    return _invoice(Invoice.objects.all(), number, pk)


def own_invoice(by: User, number: str, pk: UUID) -> Invoice:
    return _invoice(Invoice.objects.filter(order__registrant__user=by), number, pk)


def credit_note(number: str, pk: UUID) -> CreditNote:
    return _credit_note(CreditNote.objects.all(), number, pk)


def own_credit_note(by: User, number: str, pk: UUID) -> CreditNote:
    return _credit_note(CreditNote.objects.filter(invoice__order__registrant__user=by), number, pk)


def one(number: str) -> Order:
    rows = _whole(Order.objects.exclude(state=OrderState.DRAFT).filter(number=number.upper()))
    return find_or_refuse(rows, _("There is no such order."), subject=("order", number))


def line_of(order: Order, pk: UUID) -> OrderLine:
    return find_or_refuse(order.lines.filter(pk=pk), _("There is no such line."), subject=order.subject)


def purchase_orders_to_decide() -> QuerySet[PurchaseOrder]:
    rows = PurchaseOrder.objects.filter(
        approved_at__isnull=True, declined_at__isnull=True, order__state=OrderState.AWAITING_APPROVAL
    )
    return rows.select_related("order").order_by("submitted_at")


def purchase_order(pk: UUID) -> PurchaseOrder:
    rows = PurchaseOrder.objects.select_related("order").filter(pk=pk)
    return find_or_refuse(rows, _("There is no such purchase order."), subject=("purchase_order", str(pk)))


def certificates_to_decide() -> QuerySet[ExemptionCertificate]:
    rows = ExemptionCertificate.objects.filter(approved_at__isnull=True, declined_at__isnull=True)
    return rows.filter(registrant__isnull=False).order_by("sent_at")


def certificate(pk: UUID) -> ExemptionCertificate:
    rows = ExemptionCertificate.objects.filter(pk=pk)
    return find_or_refuse(rows, _("There is no such certificate."), subject=("exemption", str(pk)))


def certificates_of(by: User) -> QuerySet[ExemptionCertificate]:
    return ExemptionCertificate.objects.filter(registrant__user=by).order_by("-sent_at")


def stretch(rows: QuerySet[Order], *, before: str = "", standing: str = "") -> Stretch:
    """Return a page of orders, newest first by the time of placing.

    A page starts after an order, not at a page number, so that no order is shown twice. before: the number of the last
    order on the page before; ignored if it is not among the rows. standing: of `Standing`, "" for any.
    """
    if before:
        last = rows.filter(number=before.upper()).values_list("placed_at", "pk").first()
        if last is not None:
            rows = rows.filter(Q(placed_at__lt=last[0]) | Q(placed_at=last[0], pk__lt=last[1]))
    newest = rows.order_by("-placed_at", "-pk")
    # The words of a list can't be asked of the database: they are of the order with its payments and credit notes.
    like = (order for order in newest.iterator(chunk_size=READ_AT_ONCE) if standing_of(order) == standing)
    found = list(islice(like, A_PAGE + 1) if standing else newest[: A_PAGE + 1])
    return Stretch(found[:A_PAGE], found[A_PAGE - 1].number if len(found) > A_PAGE else "")


def _invoice(rows: QuerySet[Invoice], number: str, pk: UUID) -> Invoice:
    found = rows.filter(order__number=number.upper(), pk=pk).select_related("order").prefetch_related("lines")
    return find_or_refuse(found, _("There is no such invoice."), subject=("invoice", str(pk)))


def _credit_note(rows: QuerySet[CreditNote], number: str, pk: UUID) -> CreditNote:
    found = rows.filter(invoice__order__number=number.upper(), pk=pk).select_related("invoice__order", "reversed_by")
    return find_or_refuse(found, _("There is no such credit note."), subject=("credit_note", str(pk)))


def _whole(orders: QuerySet[Order]) -> QuerySet[Order]:
    items = ShipmentItem.objects.filter(void_at__isnull=True).select_related("core", "line")
    parcels_of = Shipment.objects.order_by("begun_at").prefetch_related(Prefetch("items", queryset=items))
    lines = OrderLine.objects.order_by("position").select_related("product")
    return orders.select_related("registrant", "exemption", "purchase_order").prefetch_related(
        Prefetch("lines", queryset=lines),
        Prefetch("shipments", queryset=parcels_of),
        "payments",
        "attempts",
        "invoices__credit_notes",
        "delays",
    )


def tax_rates() -> QuerySet[TaxRate]:
    return TaxRate.objects.order_by("state_code", "zip_prefix", "tax_code", "-starts_on")


def tax_rate(pk: UUID) -> TaxRate:
    return find_or_refuse(TaxRate.objects.filter(pk=pk), _("There is no such tax rate."), subject=("tax_rate", str(pk)))


def cart_of(*, user: User | None, browser: str) -> Cart | None:
    """Return the cart of an account, or of a browser by the key in its session; None if there is no cart."""
    if user is not None:
        return Cart.objects.filter(user=user).first()
    return Cart.objects.filter(browser=browser_digest(browser)).first() if browser else None


def browser_digest(browser: str) -> str:
    """Return the SHA-256 of a session's key: a reader of the table can't take over a cart."""
    return hashlib.sha256(browser.encode()).hexdigest()
