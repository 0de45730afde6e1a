from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

import segno
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from registry.places.models import Premises
from shop.catalogue.models import ProductKind
from shop.catalogue.money import dollars
from shop.connections.presenters.renewals import YearPage
from shop.orders.models.orders import Order, OrderLine
from shop.orders.presenters import money as money_presenters
from shop.orders.presenters.orders import CLERK, OrderPage
from shop.orders.selectors import money
from shop.parcels import policies
from shop.parcels.models import Shipment
from shop.parcels.selectors import Owed, owed_of, to_pack


def deadline(order: Order, now: datetime) -> tuple[str, str]:
    """Return kind and words of the tag for the deadline (16 CFR 435.2)."""
    if not policies.is_sent(order):
        return "", ""
    day = {"day": date_format(timezone.localtime(policies.must_be_sent_by(order)), "N j")}
    if policies.is_overdue(order, now=now):
        return "bad", _("Overdue since %(day)s") % day
    return ("warn" if policies.is_soon(order, now=now) else "quiet"), _("Send by %(day)s") % day


@dataclass(frozen=True, slots=True)
class ClerkPage(OrderPage):
    paper_pages: ClassVar = ("fulfilment_invoice", "fulfilment_credit_note")
    reader: ClassVar = CLERK

    @property
    def year(self) -> list[tuple[str, str]]:
        """Facts of a further year; none for goods."""
        if self.order.renews_id is None:
            return []
        year = YearPage(self.order)
        state = year.subscription.get_state_display()
        return [(_("A further year of"), year.core[1]), *year.facts[1:], (_("Connection"), state)]

    @property
    def deadline(self) -> tuple[str, str]:
        return deadline(self.order, timezone.now())

    @property
    def owed(self) -> list[Owed]:
        return list(owed_of(self.order))

    @property
    def can_pack(self) -> bool:
        return policies.is_sent(self.order) and any(owed.to_pack > 0 for owed in self.owed)

    @property
    def is_overdue(self) -> bool:
        return policies.is_overdue(self.order, now=timezone.now())

    @property
    def unpaid(self) -> str:
        """The unpaid amount of an order on account, "" for none."""
        return dollars(owed) if (owed := money.owed_of(self.order)) else ""


def by_serial(order: Order) -> bool:
    """True if a CORE of an order is in no parcel yet."""
    return any(line.kind == ProductKind.CORE for line in to_pack(order))


def by_number(order: Order) -> list[OrderLine]:
    """Return the lines that are packed by counting and not yet fully in parcels."""
    return [line for line in to_pack(order) if line.kind != ProductKind.CORE]


def facts_of(parcel: Shipment) -> list[tuple[str, Any]]:
    rows = [(_("Goes to"), money_presenters.addresses(parcel.order)[0][1])]
    if parcel.carrier:
        rows.append((_("Carrier"), parcel.get_carrier_display()))
    if parcel.tracking:
        rows.append((_("Tracking number"), parcel.tracking))
    return rows


def qr_code(text: str) -> SafeString:
    """Return a QR code as SVG for machines, without a name: the text is beside it."""
    drawing = segno.make(text, error="m").svg_inline(scale=6, border=2, svgclass="qr-code", lineclass=None)
    return mark_safe(drawing.replace("<svg ", '<svg aria-hidden="true" ', 1))  # noqa: S308  (drawn here, of our own)


def likely_place(parcel: Shipment, places: list[Premises]) -> Premises | None:
    """Return the place at the address of a parcel; else the only one; None if that is not clear."""
    same = [
        place
        for place in places
        if (place.address.street.casefold(), place.address.zip_code[:5])
        == (parcel.order.ship_street.casefold(), parcel.order.ship_zip[:5])
    ]
    return next(iter(same), places[0] if len(places) == 1 else None)
