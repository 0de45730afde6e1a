"""The clerks' board: sections in the order of work."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from shop.catalogue.money import dollars
from shop.catalogue.presenters.products import pieces
from shop.orders.models.orders import Order
from shop.orders.selectors import money, orders
from shop.parcels import next_page, selectors
from shop.parcels.board_parts import BoardRow, BoardSection, board_parts
from shop.parcels.models import Shipment
from shop.parcels.presenters.parcels import deadline
from shop.parcels.selectors import OPEN
from shop.parcels.states import ShipmentState
from shop.rules import PACKED_AT_ONCE

PICK, SHIP = "pick", "ship"


def sections() -> list[BoardSection]:
    now = timezone.now()
    returned = [section for part in board_parts for section in part.sections()]
    return [
        _section("approve", _("To approve"), [*_purchase_orders(), *_certificates()]),
        _section(PICK, _("To pick"), list(_to_pick(now))),
        _parcels("pack", _("To pack"), ShipmentState.PACKING),
        _parcels(SHIP, _("To ship"), ShipmentState.LABELLED),
        _parcels("way", _("On the way"), ShipmentState.HANDED_OVER),
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
    for order in selectors.to_send():
        if order.bought_at is None or any(each.state in OPEN for each in order.shipments.all()):
            continue
        yield BoardRow(
            number=order.number,
            url=_page(order),
            city=order.ship_city,
            text=", ".join(pieces(line.quantity, line.local_name) for line in order.lines.all()),
            since=order.bought_at,
            tag=deadline(order, now),
            can_tick=True,
        )


def _parcels(name: str, heading: str, state: ShipmentState) -> BoardSection:
    found = selectors.parcels(state)
    rows = [_parcel(each) for each in found[:PACKED_AT_ONCE]]
    count = len(rows) if len(rows) < PACKED_AT_ONCE else found.count()
    url = reverse("fulfilment_orders") if count > len(rows) else ""
    return BoardSection(name=name, heading=heading, count=count, rows=rows, url=url)


def _parcel(parcel: Shipment) -> BoardRow:
    items = list(parcel.items.all())
    counted = [pieces(item.quantity, item.line.local_name) for item in items if item.core is None]
    return BoardRow(
        number=parcel.number,
        url=next_page.of_parcel(parcel),
        city=parcel.order.ship_city,
        text=", ".join([parcel.order.number, *counted]),
        serials=[item.core.serial for item in items if item.core is not None],
        since=parcel.handed_over_at or parcel.labelled_at or parcel.begun_at,
    )


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
