import re
from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _, ngettext

from fusus_portal.ground.lifecycle import Stale, why_not
from fusus_portal.ground.lookup.finders import BARCODE_KIND, DIGITS, Typed
from integration.cores.models import Core
from integration.cores.states import CoreState
from shop.catalogue.models import SHIPPED, ProductKind
from shop.orders.models.orders import Order, OrderLine
from shop.orders.policies import can_be_canceled
from shop.orders.states import CONFIRMED, TO_DO, TO_SHIP, OrderState
from shop.parcels.models import Box, Carrier, Shipment, ShipmentItem
from shop.parcels.states import OPEN, SENT, ShipmentState
from shop.rules import SHIP_SOON, SHIP_WITHIN

_TRACKING = re.compile(r"[A-Z0-9]{8,40}")
LONGEST_DELAY_DAYS = 90


def left_of(line: OrderLine, gone: int) -> int:
    """Return the pieces of a line that still ship: not refunded. gone: its pieces in parcels that count."""
    return max(line.wanted - gone, 0)


def to_ship(order: Order) -> Sequence[tuple[OrderLine, int]]:
    """Return the lines of an order that still ship, with their pieces that no carrier has. A bill has none.

    For many orders prefetch `lines` and `shipments__items`.
    """
    return _unsent(order) if order.state in TO_SHIP else []


def _unsent(order: Order) -> Sequence[tuple[OrderLine, int]]:
    if order.is_bill:
        return []
    sent = _sent(order)
    lines = sorted(order.lines.all(), key=lambda line: line.position)
    found = [(line, left_of(line, sent[line.pk])) for line in lines if line.kind in SHIPPED]
    return [(line, pieces) for line, pieces in found if pieces > 0]


def not_packed(order: Order) -> Sequence[tuple[OrderLine, int]]:
    """Return the lines of an order that still ship, with their pieces that are in no parcel.

    For many orders prefetch `lines` and `shipments__items`.
    """
    packed = Counter[UUID]()
    for shipment in order.shipments.all():
        packed += _pieces_in(shipment) if shipment.state in OPEN else Counter[UUID]()
    found = [(line, pieces - packed[line.pk]) for line, pieces in to_ship(order)]
    return [(line, pieces) for line, pieces in found if pieces > 0]


def short_words(name: str, *, wanted: int, there: int) -> str:
    sentence = _("Of “%(name)s” it needs %(wanted)d, and %(there)d are in stock.")
    return sentence % {"name": name, "wanted": wanted, "there": there}


def not_shipping(order: Order) -> Sequence[tuple[OrderLine, int]]:
    """Return the lines of a bought order with their pieces that no carrier has and that don't ship any more.

    For many orders prefetch `lines` and `shipments__items`.
    """
    if order.state not in CONFIRMED or order.is_bill:
        return []
    sent, lines = _sent(order), sorted(order.lines.all(), key=lambda line: line.position)
    found = [(line, line.quantity - max(sent[line.pk], line.wanted)) for line in lines if line.kind in SHIPPED]
    return [(line, pieces) for line, pieces in found if pieces > 0]


def _sent(order: Order) -> Counter[UUID]:
    """Return the pieces of an order that a carrier has, or that arrived, by line id."""
    sent = Counter[UUID]()
    for shipment in order.shipments.all():
        if shipment.state in SENT:
            sent += _pieces_in(shipment)
    return sent


def has_to_ship(order: Order) -> bool:
    return bool(to_ship(order))


def state_by_parcels(order: Order) -> OrderState:
    """Return the state that its parcels, and the refunds of what is in none, give a bought order of goods.

    An order is shipped once carriers have all that is not refunded, and completed once all of it arrived. Until a
    parcel of it is sent, or its services are done, its state has other reasons.
    """
    state, parcels = OrderState(order.state), list(order.shipments.all())
    is_begun = state not in TO_DO or any(parcel.handed_over_at for parcel in parcels)
    if state not in CONFIRMED or not is_begun:
        return state
    if _unsent(order):
        return OrderState.PARTLY_SHIPPED
    is_on_its_way = any(parcel.state == ShipmentState.HANDED_OVER for parcel in parcels)
    return OrderState.SHIPPED if is_on_its_way else OrderState.COMPLETED


def must_have_to_ship(order: Order) -> None:
    """Raise Stale unless an order still has pieces to ship."""
    if has_to_ship(order):
        return
    sentence = _("Nothing of this order is to be sent: it is “%(state)s”.") % {"state": order.get_state_display()}
    if order.state in TO_SHIP and not order.is_bill:
        sentence = _("Nothing of this order is left to ship: it was sent or refunded.")
    raise Stale(sentence, subject=order.subject)


def must_be_packing(shipment: Shipment) -> None:
    """Raise Stale if the parcel is closed already."""
    if shipment.state != ShipmentState.PACKING:
        raise Stale(_("This parcel is closed already."), subject=shipment.subject)


def must_hold_something(shipment: Shipment) -> None:
    """Raise Stale for an empty parcel."""
    if not shipment.items.filter(void_at__isnull=True).exists():
        raise Stale(_("Nothing is in this parcel yet."), subject=shipment.subject)


def must_hold_what_ships(shipment: Shipment) -> None:
    """Raise Stale if a parcel that no carrier has must be unpacked.

    Its order is canceled, its business has left, pieces are refunded, or it is empty and nothing is left to pack. Of
    several parcels the one that was begun last is unpacked. For many parcels prefetch `items`, and of their orders
    `lines` and `shipments__items`.
    """
    if shipment.state not in OPEN:
        return
    order, held = shipment.order, _pieces_in(shipment)
    if order.state == OrderState.CANCELLED:
        raise Stale(_("Unpack the parcel: its order is canceled."), subject=shipment.subject)
    if order.registrant_id is None and any(item.core_id and not item.void_at for item in shipment.items.all()):
        raise Stale(f"{_('Unpack the parcel.')} {departed_words(order)}", subject=shipment.subject)
    packed, so_far = Counter[UUID](), Counter[UUID]()
    for parcel in order.shipments.all():
        pieces_in = _pieces_in(parcel) if parcel.state in OPEN else Counter[UUID]()
        packed += pieces_in
        so_far += pieces_in if parcel.begun_at <= shipment.begun_at else Counter[UUID]()
    left = {line.pk: pieces for line, pieces in to_ship(order)}
    for line in sorted(order.lines.all(), key=lambda line: line.position):
        number = min(held[line.pk], so_far[line.pk] - left.get(line.pk, 0))
        if number > 0:
            raise Stale(_refunded_words(shipment, line, number), subject=shipment.subject)
    if not held.total() and all(packed[pk] >= pieces for pk, pieces in left.items()):
        raise Stale(_("Unpack the parcel: nothing is in it, and nothing is left to pack."), subject=shipment.subject)


def why_not_sent(shipment: Shipment) -> str:
    """Return why a parcel must be unpacked, and what to take out of it; "" if it may be closed and handed over."""
    return why_not(must_hold_what_ships, shipment)


def _pieces_in(shipment: Shipment) -> Counter[UUID]:
    """Return the pieces in a parcel, by line id."""
    held = Counter[UUID]()
    for item in shipment.items.all():
        held[item.line_id] += 0 if item.void_at else item.quantity
    return held


def departed_words(order: Order) -> str:
    """Return why no CORE ships to a business that has left, and what a clerk does with its order."""
    if can_be_canceled(order):
        return _("The business has left, so no CORE can be given to it. Cancel the order.")
    return _("The business has left, so no CORE can be given to it. Give back what was paid for it.")


def _refunded_words(shipment: Shipment, line: OrderLine, number: int) -> str:
    sentence = ngettext(
        "Unpack the parcel: %(number)d of “%(name)s” does not ship any more.",
        "Unpack the parcel: %(number)d of “%(name)s” do not ship any more.",
        number,
    )
    if shipment.state == ShipmentState.PACKING:
        sentence = ngettext(
            "Remove %(number)d of “%(name)s” from the parcel: it does not ship any more.",
            "Remove %(number)d of “%(name)s” from the parcel: they do not ship any more.",
            number,
        )
    return sentence % {"number": number, "name": line.name}


def check_serial(core: Core | None, *, serial: str, order: Order, lines: list[OrderLine]) -> OrderLine:
    """Return the line of the order that a scanned CORE is packed for. Raises ValidationError on "serial".

    core: None if no CORE has that serial number, else locked unless it has an owner. lines: lines of the order to pack.
    """
    typed = {"serial": serial}
    if order.registrant_id is None:
        raise ValidationError({"serial": departed_words(order)})
    if core is None:
        raise ValidationError({"serial": _("There is no CORE with the serial number %(serial)s.") % typed})
    other = ShipmentItem.objects.filter(core=core, void_at__isnull=True, back_at__isnull=True).first()
    if other is not None:
        raise ValidationError({"serial": _in_a_parcel(other, order) % typed})
    if core.state != CoreState.IN_STOCK:
        words = {**typed, "state": CoreState(core.state).label}
        raise ValidationError({"serial": _("%(serial)s is not in stock: it is “%(state)s”.") % words})
    fitting = [line for line in lines if line.kind == ProductKind.CORE]
    found = next((line for line in fitting if line.product.core_model_id == core.model_id), None)
    if found is None:
        words = {**typed, "model": core.model.name}
        raise ValidationError({"serial": _("%(serial)s is a %(model)s, and none of these is owed here.") % words})
    return found


def _in_a_parcel(item: ShipmentItem, order: Order) -> str:
    if item.shipment.order_id == order.pk:
        return _("%(serial)s is in a parcel of this order already.")
    return _("%(serial)s is in a parcel of another order. Put it back there, and take another one.")


def check_quantity(*, wanted: int, owed: int) -> None:
    """Raise ValidationError on "quantity" unless `wanted` is from 1 to `owed`."""
    if not 1 <= wanted <= owed:
        raise ValidationError({"quantity": _("Of this, %(owed)d are still owed.") % {"owed": owed}})


def check_label(*, carrier: str, tracking: str) -> str:
    """Return the tracking number as printed. Raises ValidationError on "carrier" or "tracking"."""
    if carrier not in Carrier.values:
        raise ValidationError({"carrier": _("Choose who brings it.")})
    return check_tracking(tracking, carrier=carrier)


def check_box(box: str) -> str:
    if box not in {"", *Box.values}:
        raise ValidationError({"box": _("Choose one of these.")})
    return box


def check_tracking(tracking: str, *, carrier: str) -> str:
    """Return a tracking number as printed, "" if the office delivers. Raises ValidationError on "tracking"."""
    tidy = tracking_number_in(tracking)
    if carrier == Carrier.OFFICE:
        return ""
    if not _TRACKING.fullmatch(tidy):
        raise ValidationError({"tracking": _("Scan or write the tracking number: 8 to 40 letters and digits.")})
    return tidy


def must_be_sent_by(order: Order) -> datetime:
    """Return the time by which a bought order must ship: by law (16 CFR 435.2), or as its buyer agreed."""
    if order.bought_at is None:
        raise ValueError("this order is not bought")
    agreed = [delay.sent_by_then for delay in order.delays.all() if delay.agreed_at is not None]
    by_law = timezone.localtime(order.bought_at + SHIP_WITHIN)
    if not agreed:
        return by_law
    day = max(agreed)
    return by_law.replace(year=day.year, month=day.month, day=day.day)


def is_overdue(order: Order, *, now: datetime) -> bool:
    return has_to_ship(order) and now > must_be_sent_by(order)


def is_soon(order: Order, *, now: datetime) -> bool:
    return has_to_ship(order) and not is_overdue(order, now=now) and now > must_be_sent_by(order) - SHIP_SOON


def check_delay(day: date) -> None:
    """Raise ValidationError on "sent_by_then" unless the day is in the next 90 days."""
    ahead = (day - timezone.localdate()).days
    if not 0 < ahead <= LONGEST_DELAY_DAYS:
        sentence = _("Promise a day within the next %(days)d days.") % {"days": LONGEST_DELAY_DAYS}
        raise ValidationError({"sent_by_then": sentence})


_USPS = (re.compile(r"420\d{9}(9[1-5]\d{20})"), re.compile(r"420\d{5}(9[1-5]\d{24}|9[1-5]\d{20})"))
"""Barcodes of USPS, with nine or five digits of the ZIP code. 34 digits can be either: the check digit decides."""

_FEDEX = re.compile(r"96\d{5}(\d{15})|(?:100\d\d|96\d{3})\d{15}(?:00(\d{12})|(\d{14}))")
"""Barcodes of FedEx: Ground with 22 digits; Express and Ground with 34: the last 14, or the last 12 after 00."""

_UPS = re.compile(r"[1IL]Z([A-Z0-9]{8})([0-9OIL]{8})")


def tracking_number_in(text: str) -> str:
    """Return the tracking number in a barcode or typed text, as printed: capitals, no spaces, no dashes."""
    tidy = re.sub(r"[\s-]", "", BARCODE_KIND.sub("", text)).upper()
    usps = [match[1] for each in _USPS if (match := each.fullmatch(tidy))]
    if usps:
        return next(filter(_is_checked, usps), usps[0])
    if match := _FEDEX.fullmatch(tidy):
        return next(str(group) for group in match.groups() if group)
    if match := _UPS.fullmatch(tidy):
        return f"1Z{match[1]}{match[2].translate(DIGITS)}"
    return tidy


def tracking_numbers_meant(typed: Typed) -> set[str]:
    """Return the tracking numbers that a typed text may mean. Letters are also read as digits if only digits remain."""
    texts = [typed.bare, typed.digits] if typed.digits.isdigit() else [typed.bare]
    return {number for text in texts for number in (text, tracking_number_in(text)) if number}


def _is_checked(number: str) -> bool:
    """True if a tracking number ends with the check digit of USPS (modulo 10, weights 3 and 1)."""
    digits = [int(each) for each in reversed(number)]
    return (sum(digits[::2]) + 3 * sum(digits[1::2])) % 10 == 0
