"""The clerks' board, an order to ship, a parcel, and the page on which a clerk continues."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any, ClassVar
from uuid import UUID

import segno
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _, ngettext

from fusus_portal.ground.hooks import Contract
from fusus_portal.ground.lifecycle import why_not
from fusus_portal.ground.pages import times
from fusus_portal.ground.pages.acts import ActPage, Way
from fusus_portal.ground.pages.components import Cell, ListPage, Table, link, number
from registry.places.models import Premises
from shop.catalogue.models import ProductKind
from shop.catalogue.money import dollars
from shop.catalogue.presenters import pieces
from shop.catalogue.selectors import cores_in_stock
from shop.orders.hooks import year_pages
from shop.orders.models.orders import Order, OrderLine
from shop.orders.policies import can_be_canceled, is_to_do, must_be_to_do, services_of
from shop.orders.presenters import money as money_presenters
from shop.orders.presenters.orders import CLERK, OrderCard, OrderPage
from shop.orders.selectors import money, orders
from shop.orders.states import OrderState
from shop.parcels import policies, selectors
from shop.parcels.models import Shipment
from shop.parcels.selectors import Owed, owed_of, to_pack
from shop.parcels.states import OPEN, ShipmentState
from shop.payments.selectors import limit_alone
from shop.rules import PACKED_AT_ONCE, SHIP_WITHIN


def order_list(orders: Iterable[Order], *, is_filtered: bool) -> ListPage:
    columns = [_("Number"), _("Placed"), _("City"), number(_("Total")), _("State")]
    filtered = _("Write the whole number or less of the name, or choose another state.")
    return ListPage(
        _("Orders"),
        Table(_("Orders"), columns, [_order_row(OrderCard(order)) for order in orders]),
        (_("No order like this"), filtered)
        if is_filtered
        else (_("No orders yet"), _("Each order appears here as soon as it is placed.")),
        back=link(_("Fulfilment"), "fulfilment"),
    )


def _order_row(card: OrderCard) -> list[object]:
    order, overdue = card.order, [("bad", _("Overdue"))] if card.is_unpaid else []
    name, placed = link(order.number, "fulfilment_order", order.number), order.placed_at and times.day(order.placed_at)
    return [name, placed, order.ship_city, card.total, Cell(tags=[(card.kind, card.state_words), *overdue])]


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardRow:
    """A row of the clerks' board, without name and street: opening the board is no access to personal data.

    city: destination or origin. text: contents. serials: of its COREs. since: when this step began. tag: kind and words
    of what is unusual, ("", "") for nothing. obstacle: what is in the way of the next step, "" for nothing. can_tick:
    one press can pack it with others.
    """

    number: str
    url: str
    city: str
    text: str
    serials: Sequence[str] = ()
    since: datetime
    tag: tuple[str, str] = ("", "")
    obstacle: str = ""
    can_tick: bool = False

    @property
    def ago(self) -> str:
        return times.ago(self.since)

    @property
    def exactly(self) -> str:
        return times.moment(self.since)


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardSection:
    """A step of the clerks' board. count: of all rows. rows: the oldest. url: page of all rows, "" if all are here."""

    name: str
    heading: str
    count: int
    rows: Sequence[BoardRow]
    url: str = ""

    @property
    def has_serials(self) -> bool:
        return any(row.serials for row in self.rows)


@dataclass(frozen=True, slots=True)
class BoardPart:
    """Sections that a noun above parcels adds to the clerks' board, after those of parcels."""

    name: str
    sections: Callable[[], Sequence[BoardSection]]


board_parts = Contract[BoardPart]()


def next_page_of_parcel(parcel: Shipment) -> str:
    is_ready = parcel.state == ShipmentState.LABELLED and not policies.why_not_sent(parcel)
    return reverse("parcel_hand_over" if is_ready else "parcel", args=[parcel.pk])


def next_page_of_order(order: Order) -> str:
    if review := review_page(order):
        return review
    open_one = order.shipments.filter(state__in=OPEN).select_related("order").first()
    return next_page_of_parcel(open_one) if open_one else reverse("fulfilment_order", args=[order.number])


def review_page(order: Order) -> str:
    """Return the address of the page on which a clerk decides on an order's purchase order, "" if nothing waits."""
    if order.state != OrderState.AWAITING_APPROVAL or not hasattr(order, "purchase_order"):
        return ""
    return reverse("purchase_order", args=[order.purchase_order.pk])


def deadline_tag(order: Order, now: datetime) -> tuple[str, str]:
    """Return kind and words of the tag for an order's deadline (16 CFR 435.2); both "" if nothing has to ship.

    No law and no promise sets a day for services: the tag says that they wait for longer than goods may.
    """
    if is_to_do(order):
        return _waiting_tag(order, now)
    if not policies.has_to_ship(order):
        return "", ""
    if order.registrant_id is None and needs_serial(order):
        return "bad", _("The business has left")
    day = {"day": date_format(timezone.localtime(policies.must_be_sent_by(order)), "N j")}
    if policies.is_overdue(order, now=now):
        return "bad", _("Overdue since %(day)s") % day
    return ("warn" if policies.is_soon(order, now=now) else "quiet"), _("Send by %(day)s") % day


def _waiting_tag(order: Order, now: datetime) -> tuple[str, str]:
    if order.bought_at is None or now <= order.bought_at + SHIP_WITHIN:
        return "", ""
    return "warn", _("Waits for more than %(days)d days") % {"days": SHIP_WITHIN.days}


@dataclass(frozen=True, slots=True)
class ClerkPage(OrderPage):
    paper_pages: ClassVar = ("fulfilment_invoice", "fulfilment_credit_note")
    reader: ClassVar = CLERK

    @property
    def year(self) -> list[tuple[str, str]]:
        """Facts of the further year that an order pays for; none for an order of goods."""
        if self.order.renews_id is None:
            return []
        serial, facts, state = year_pages.answer.facts(self.order)
        return [(_("A further year of"), serial), *facts, (_("Connection"), state)]

    @property
    def review(self) -> str:
        return review_page(self.order)

    @property
    def deadline(self) -> tuple[str, str]:
        return deadline_tag(self.order, timezone.now())

    @property
    def owed(self) -> list[Owed]:
        return list(owed_of(self.order))

    @property
    def parcel_tags(self) -> list[tuple[Shipment, tuple[str, str]]]:
        """All parcels of an order, each with its tag."""
        return [(parcel, parcel_tag(parcel)) for parcel in self.order.shipments.all()]

    @property
    def services(self) -> list[str]:
        """The services of an order that are not refunded: none for a further year, and for a bill."""
        if self.order.renews_id is not None or self.order.is_bill:
            return []
        return [pieces(number, line.local_name) for line, number in services_of(self.order)]

    @property
    def can_be_done(self) -> bool:
        return is_to_do(self.order)

    @property
    def done_page(self) -> ActPage:
        number = self.order.number
        return ActPage(
            title=_("Mark as done"),
            number=number,
            heading=_("Is order %(number)s done?") % {"number": number},
            points=self.services,
            sentences=[self._after_words],
            refusal=why_not(partial(must_be_to_do, self.order)),
            label=_("Mark as done"),
            way=Way(reverse("fulfilment_order", args=[number]), number, _("Not yet")),
        )

    @property
    def _after_words(self) -> str:
        """Sentence on what can be done with the money of an order once its services are done."""
        if not money.owed_of(self.order):
            return _("The buyer is told. After that the order can't be canceled, only refunded.")
        words = _(
            "The buyer is told. After that the order can't be canceled. What is not paid can still come off the "
            "invoice, by one person up to %(bound)s, and what is paid can be refunded."
        )
        return words % {"bound": dollars(limit_alone(self.order))}

    @property
    def can_pack(self) -> bool:
        return policies.has_to_ship(self.order) and any(owed.to_pack > 0 for owed in self.owed)

    @property
    def is_overdue(self) -> bool:
        return policies.is_overdue(self.order, now=timezone.now())

    @property
    def asked_words(self) -> str:
        """Sentence on what the buyer of a late order is asked; it ends with what a clerk can do."""
        if can_be_canceled(self.order):
            return _(
                "By law the buyer is asked now: they agree to a later day, or get all their money back (16 CFR 435.2)."
            )
        return _(
            "By law the buyer is asked now: they agree to a later day, or get the money for what has not shipped back "
            "(16 CFR 435.2). A part of it has shipped, so the order can't be canceled: give that money back."
        )

    @property
    def unpaid(self) -> str:
        """The unpaid amount of an order on account, or ""."""
        return dollars(owed) if (owed := money.owed_of(self.order)) else ""


def parcel_tag(parcel: Shipment) -> tuple[str, str]:
    """Return kind and words of the tag for the state of a parcel, as clerks read it."""
    return ("warn", _("Unpack")) if policies.why_not_sent(parcel) else ("quiet", parcel.get_state_display())


def needs_serial(order: Order) -> bool:
    """True if a CORE of an order is in no parcel yet."""
    return any(line.kind == ProductKind.CORE for line in to_pack(order))


def counted_lines(order: Order) -> list[OrderLine]:
    """Return the lines of an order that are not fully in parcels, and are packed without serial numbers."""
    return [line for line in to_pack(order) if line.kind != ProductKind.CORE]


def parcel_facts(parcel: Shipment) -> list[tuple[str, Any]]:
    rows = [(_("Goes to"), money_presenters.addresses(parcel.order)[0][1])]
    if parcel.carrier:
        rows.append((_("Carrier"), parcel.get_carrier_display()))
    if parcel.box:
        rows.append((_("Box"), parcel.get_box_display()))
    if parcel.tracking:
        rows.append((_("Tracking number"), parcel.tracking))
    return rows


def qr_code(text: str) -> SafeString:
    """Return a QR code as SVG. Screen readers skip it: the text is beside it."""
    drawing = segno.make(text, error="m").svg_inline(scale=6, border=2, svgclass="qr-code", lineclass=None)
    return mark_safe(drawing.replace("<svg ", '<svg aria-hidden="true" ', 1))  # noqa: S308  (drawn here, of our own)


def likely_place(parcel: Shipment, places: list[Premises]) -> Premises | None:
    """Return the business's place at the address of a parcel; else its only place; None if that is not clear."""
    same = [
        place
        for place in places
        if (place.address.street.casefold(), place.address.zip_code[:5])
        == (parcel.order.ship_street.casefold(), parcel.order.ship_zip[:5])
    ]
    return next(iter(same), places[0] if len(places) == 1 else None)


PICK, SHIP = "pick", "ship"


def board_sections() -> list[BoardSection]:
    now = timezone.now()
    returned = [section for part in board_parts for section in part.sections()]
    parcels = selectors.parcels(*OPEN)
    unpacked = [parcel for parcel in parcels if policies.why_not_sent(parcel)]
    packed = {state: [each for each in parcels if each.state == state and each not in unpacked] for state in OPEN}
    return [
        _section("approve", _("To approve"), [*_purchase_orders(), *_certificates()]),
        _section(PICK, _("To pick"), list(_to_pick(now))),
        _section("pack", _("To pack"), list(map(_parcel, packed[ShipmentState.PACKING]))),
        _section("unpack", _("To unpack"), list(map(_parcel, unpacked))),
        _section(SHIP, _("To ship"), list(map(_parcel, packed[ShipmentState.LABELLED]))),
        section_of("way", _("On the way"), selectors.parcels(ShipmentState.HANDED_OVER), _parcel, "fulfilment_orders"),
        _section("services", _("Services to do"), list(_services(now))),
        *returned,
        _section("overdue", _("Overdue invoices"), list(_overdue(now))),
    ]


def _section(name: str, heading: str, rows: Sequence[BoardRow]) -> BoardSection:
    url = "" if len(rows) <= PACKED_AT_ONCE else reverse("fulfilment_orders")
    return BoardSection(name=name, heading=heading, count=len(rows), rows=rows[:PACKED_AT_ONCE], url=url)


def _purchase_orders() -> Iterator[BoardRow]:
    for each in orders.purchase_orders_to_decide():
        words = _("Purchase order %(number)s, %(total)s")
        yield BoardRow(
            number=each.order.number,
            url=reverse("purchase_order", args=[each.pk]),
            city=each.order.ship_city,
            text=words % {"number": each.number, "total": dollars(each.total)},
            since=each.submitted_at,
        )


def _certificates() -> Iterator[BoardRow]:
    for each in orders.certificates_to_decide():
        yield BoardRow(
            number=each.number,
            url=reverse("exemption", args=[each.pk]),
            city=each.state_code,
            text=_("Certificate for %(state)s") % {"state": each.state_code},
            since=each.sent_at,
        )


def _to_pick(now: datetime) -> Iterator[BoardRow]:
    cores = dict(cores_in_stock(list(selectors.whereabouts())))
    for order in selectors.to_send():
        if order.bought_at is None or any(each.state in OPEN for each in order.shipments.all()):
            continue
        yield BoardRow(
            number=order.number,
            url=_page(order),
            city=order.ship_city,
            text=", ".join(pieces(count, line.local_name) for line, count in policies.to_ship(order)),
            since=order.bought_at,
            tag=deadline_tag(order, now),
            obstacle=_in_the_way(order, cores),
            can_tick=True,
        )


def _in_the_way(order: Order, cores: dict[UUID, int]) -> str:
    """Return why an order can't be packed now. cores: those in stock by model; it takes its own from them."""
    short = []
    for line, wanted in policies.not_packed(order):
        model = line.product.core_model_id
        if model is None:
            continue
        if order.registrant_id is None:
            return policies.departed_words(order)
        there = cores.get(model, 0)
        if there < wanted:
            short.append(policies.short_words(line.local_name, wanted=wanted, there=there))
        cores[model] = max(there - wanted, 0)
    return " ".join(short)


def _services(now: datetime) -> Iterator[BoardRow]:
    for order in orders.to_do():
        if order.bought_at is not None:
            yield BoardRow(
                number=order.number,
                url=_page(order),
                city=order.ship_city,
                text=", ".join(pieces(number, line.local_name) for line, number in services_of(order)),
                since=order.bought_at,
                tag=deadline_tag(order, now),
            )


def section_of(name: str, heading: str, found: Any, row: Callable[[Any], BoardRow], page: str) -> BoardSection:
    """Return a step of the board. found: a query, oldest first. page: URL name of the list of all rows."""
    rows = [row(each) for each in found[:PACKED_AT_ONCE]]
    count = len(rows) if len(rows) < PACKED_AT_ONCE else found.count()
    url = reverse(page) if count > len(rows) else ""
    return BoardSection(name=name, heading=heading, count=count, rows=rows, url=url)


def _parcel(parcel: Shipment) -> BoardRow:
    items = list(parcel.items.all())
    counted = [pieces(item.quantity, item.line.local_name) for item in items if item.core is None]
    return BoardRow(
        number=parcel.number,
        url=next_page_of_parcel(parcel),
        city=parcel.order.ship_city,
        text=", ".join([parcel.order.number, *counted]),
        serials=[item.core.serial for item in items if item.core is not None],
        since=parcel.handed_over_at or parcel.labelled_at or parcel.begun_at,
        tag=parcel_tag(parcel) if policies.why_not_sent(parcel) else ("", ""),
        obstacle=_left_to_do(parcel),
    )


def _left_to_do(parcel: Shipment) -> str:
    """Return what a parcel lacks for its next step, "" for nothing."""
    if refusal := policies.why_not_sent(parcel):
        return refusal
    if parcel.state == ShipmentState.PACKING:
        left = ", ".join(pieces(count, line.local_name) for line, count in policies.not_packed(parcel.order))
        return _("Still to pack: %(pieces)s") % {"pieces": left} if left else _("All is in it. Close it.")
    is_ready = parcel.state != ShipmentState.LABELLED or parcel.carrier
    return "" if is_ready else _("Its carrier and tracking number are missing.")


def _overdue(now: datetime) -> Iterator[BoardRow]:
    today = timezone.localdate(now)
    for invoice in money.overdue_invoices(today):
        late = (today - invoice.due_on).days if invoice.due_on else 0
        words = _("Invoice %(invoice)s, %(owed)s")
        tag = ngettext("%(days)d day late", "%(days)d days late", late) % {"days": late}
        yield BoardRow(
            number=invoice.order.number,
            url=_page(invoice.order),
            city=invoice.city,
            text=words % {"invoice": invoice.printed_number, "owed": dollars(money.owed_of(invoice.order))},
            since=invoice.issued_at,
            tag=("bad", tag),
        )


def _page(order: Order) -> str:
    return reverse("fulfilment_order", args=[order.number])
