"""Money of an order in words: its cost, what is owed or refunded, and the text of invoices and credit notes."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import get_language, gettext as _

from shop.catalogue.money import dollars
from shop.catalogue.presenters import NOTHING
from shop.orders.models.invoices import CreditNote, Invoice, InvoiceLine
from shop.orders.models.orders import Order, OrderLine, PayMethod
from shop.orders.policies import has_goods
from shop.orders.selectors.money import Split, invoice_of, is_overdue, owed_of
from shop.orders.selectors.quotes import yearly_of
from shop.orders.states import OrderState
from shop.payments.cards import card_words
from shop.payments.models import PaymentMethod

Row = tuple[str, str]
"""Label and amount."""


@dataclass(frozen=True, slots=True)
class Totals:
    """Rows of a cost and their sum. later: the row for each later year, None if nothing recurs."""

    parts: list[Row]
    sum: Row
    later: Row | None = None


def lines_of(order: Order) -> list[tuple[str, str, str]]:
    """Return name, pieces with their price, and cost without tax, for each line of an order."""
    lines = sorted(order.lines.all(), key=lambda line: line.position)
    return [(line.local_name, _pieces_at(line), dollars(line.net)) for line in lines]


def totals(order: Order, *, method: str | None = None) -> Totals:
    """Return the cost of an order. method: how the buyer is about to pay, while the order does not say yet."""
    lines = list(order.lines.all())
    if order.renews_id is not None:
        parts = [(_("Yearly fee"), dollars(order.goods))]
    else:
        fees = sum(line.first_fee * line.quantity for line in lines)
        parts = goods_lines(goods=order.goods - fees, first_fees=fees, discount=order.discount)
    tax = _("none, by your exemption certificate") if order.exemption_id else dollars(order.tax)
    parts.append((tax_words(line.tax_basis_points for line in lines), tax))
    yearly = yearly_of(order)
    return Totals(parts, (_sum_words(order, method), dollars(order.total)), later_line(yearly) if yearly else None)


def goods_lines(*, goods: int, first_fees: int, discount: int) -> list[Row]:
    """Return rows for goods, fees and discount, without tax. Arguments in cents."""
    rows = [(_("Items"), dollars(goods))]
    if first_fees:
        rows.append((_("First-year fees"), dollars(first_fees)))
    if discount:
        rows.append((_("Discount"), dollars(-discount)))
    return rows


def later_line(yearly: int) -> Row:
    return _("Each later year, plus sales tax"), dollars(yearly)


def tax_words(rates: Iterable[int]) -> str:
    """Return the label of the sales tax, with its rate if all lines have the same. rates: basis points of each line."""
    known = set(rates)
    if len(known) != 1 or known == {0}:
        return _("Sales tax")
    return _("Sales tax (%(rate)s)") % {"rate": rate_words(known.pop())}


def rate_words(basis_points: int) -> str:
    return _("%(percent)s%%") % {"percent": f"{basis_points / 100:g}"}


def _pieces_at(line: OrderLine) -> str:
    parts = [_("%(count)d at %(price)s each") % {"count": line.quantity, "price": dollars(line.unit_cents)}]
    if line.first_fee:
        parts.append(_("with %(fee)s each for the first year") % {"fee": dollars(line.first_fee)})
    if line.discount:
        parts.append(_("%(off)s less") % {"off": dollars(line.discount)})
    return ", ".join(parts)


def _sum_words(order: Order, method: str | None) -> str:
    waits = order.state == OrderState.AWAITING_PAYMENT and order.renews_id is None
    return _("To be paid now") if waits or method == PayMethod.CARD else _("Total")


def addresses(order: Order) -> list[tuple[str, Any]]:
    """Return the addresses of an order and of its invoice; for a bill or a further year, of the invoice alone."""
    invoice = (_("The invoice goes to"), f"{order.party}, {order.bill_to}")
    if order.renews_id is not None or order.is_bill:
        return [invoice]
    goes_to = _("Ships to") if has_goods(order.lines.all()) else _("Place of the service")
    return [(goes_to, f"{order.ship_name}, {order.ship_to}"), invoice]


def to_buyer(split: Split) -> str:
    """Return the sentence that tells a buyer where the money of a canceled, returned or ended order goes.

    Every page, mail and PDF takes this sentence from here or from `to_clerk`, so that no two differ. It has no period
    at its end: a condition can follow.
    """
    facts = _money_facts(split, _way_of_buyer(split))
    if split.undivided:
        return _("%(all)s comes off invoice %(invoice)s first, and what you paid beyond that comes back to you") % facts
    if not split.off and not split.back:
        return _("You owe nothing")
    if not split.off:
        return _("You get %(back)s back %(way)s") % facts
    if split.back:
        return _("%(off)s comes off invoice %(invoice)s, and you get %(back)s back %(way)s") % facts
    return _off_words(split, facts)


def to_clerk(split: Split, party: str = "") -> str:
    """Return `to_buyer` in words for clerks. party: the name of the buyer, or "" for "the buyer"."""
    facts = {**_money_facts(split, _way_of_clerk(split)), "party": party or _("the buyer")}
    if split.undivided:
        words = _("%(all)s comes off invoice %(invoice)s first, and what was paid beyond that goes back to %(party)s")
        return words % facts
    if not split.off and not split.back:
        return _("The buyer owes nothing")
    if not split.off:
        return _("%(back)s goes back to %(party)s, %(way)s") % facts
    if split.back:
        return _("%(off)s comes off invoice %(invoice)s, and %(back)s goes back to %(party)s, %(way)s") % facts
    return _off_words(split, facts)


def due_words(order: Order) -> str:
    invoice, owed = invoice_of(order), owed_of(order)
    if invoice is None or invoice.due_on is None or not owed:
        return ""
    words = {"amount": dollars(owed), "day": date_format(invoice.due_on, "DATE_FORMAT")}
    if is_overdue(invoice, owed=owed, today=timezone.localdate()):
        return _("Overdue since %(day)s: %(amount)s") % words
    return _("To be paid by %(day)s: %(amount)s") % words


def _off_words(split: Split, facts: dict[str, str]) -> str:
    words = _("%(off)s comes off invoice %(invoice)s") % facts
    if not split.left:
        return words
    return _("%(money)s, and %(left)s of it is left to pay") % {"money": words, "left": dollars(split.left)}


def _money_facts(split: Split, way: str) -> dict[str, str]:
    amounts = {"off": dollars(split.off), "back": dollars(split.back), "all": dollars(split.all)}
    return {**amounts, "invoice": split.invoice, "way": way}


def _way_of_buyer(split: Split) -> str:
    if split.to_card and split.by_check:
        return _("the way you paid")
    return _("by check") if split.by_check else _("to the card that you paid with")


def _way_of_clerk(split: Split) -> str:
    if split.to_card and split.by_check:
        return _("the way it was paid")
    return _("by check") if split.by_check else _("to the card that it was paid with")


def paper_of(invoice: Invoice) -> dict[str, Any]:
    return {
        **_sheet(_("Invoice"), invoice, invoice, 1),
        "facts": list(_invoice_facts(invoice)),
        "is_due": invoice.due_on is not None and owed_of(invoice.order) > 0,
        "lines": [
            (
                line.name,
                line.quantity,
                dollars(line.unit_cents),
                dollars(-line.discount) if line.discount else NOTHING,
                rate_words(line.line.tax_basis_points) if line.line else NOTHING,
                dollars(line.net),
            )
            for line in _lines(invoice)
        ],
        "notes": [
            (note.printed_number, _day(note.issued_at), dollars(-note.total), note.reason)
            for note in invoice.credit_notes.order_by("number")
        ],
    }


def note_of(note: CreditNote) -> dict[str, Any]:
    invoice = note.invoice
    facts = [
        (_("Number"), note.printed_number),
        (_("Date"), _day(note.issued_at)),
        (_("Order"), invoice.order.number),
        (_("For invoice"), f"{invoice.printed_number}, {_day(invoice.issued_at)}"),
        (_("Reason"), note.reason),
        (_("The money"), to_buyer(_split_of(note))),
    ]
    reversed_by = getattr(note, "reversed_by", None)
    if reversed_by is not None:
        facts.append((_("Reversed by invoice"), reversed_by.printed_number))
    return {**_sheet(_("Credit note"), note, invoice, -1), "facts": facts}


def _sheet(title: str, document: Invoice | CreditNote, invoice: Invoice, sign: int) -> dict[str, Any]:
    """Return the parts that invoices and credit notes share. sign: -1 for a credit note."""
    tax = tax_words(line.line.tax_basis_points for line in _lines(invoice) if line.line)
    return {
        "language": get_language(),
        "title": title,
        "number": document.printed_number,
        "buyer": [invoice.party, invoice.street, f"{invoice.city}, {invoice.state_code} {invoice.zip_code}"],
        "totals": Totals(
            [(_("Before tax"), dollars(sign * document.net)), (tax, dollars(sign * document.tax))],
            (_("Total"), dollars(sign * document.total)),
        ),
    }


def _lines(invoice: Invoice) -> QuerySet[InvoiceLine]:
    return invoice.lines.select_related("line").order_by("position")


def _day(moment: datetime) -> str:
    return date_format(localtime(moment), "DATE_FORMAT")


def _paid_words(order: Order) -> str:
    cards = [card_words(each.card_brand, each.card_last4) for each in order.payments.order_by("captured_at")]
    which = next(filter(None, cards), "")
    return _("in full, by %(card)s") % {"card": which} if which else _("in full, by card")


def _account(invoice: Invoice) -> Iterator[tuple[str, str]]:
    owed = owed_of(invoice.order)
    paid = sum(payment.captured for payment in invoice.order.payments.all())
    if owed and invoice.due_on:
        yield _("To be paid by"), date_format(invoice.due_on, "DATE_FORMAT")
    if paid:
        yield _("Paid by check"), dollars(paid)
    if owed != invoice.total:
        yield _("Left to pay"), dollars(owed)


def _split_of(note: CreditNote) -> Split:
    if note.refund is None:
        return Split(off=note.total, invoice=note.invoice.printed_number)
    by_check = note.refund.payment.method == PaymentMethod.CHECK
    return Split(by_check=note.total) if by_check else Split(to_card=note.total)


def _invoice_facts(invoice: Invoice) -> Iterator[tuple[str, str]]:
    yield _("Number"), invoice.printed_number
    yield _("Date"), _day(invoice.issued_at)
    yield _("Order"), invoice.order.number
    if invoice.purchase_order:
        yield _("Your purchase order"), invoice.purchase_order
    if invoice.due_on:
        yield from _account(invoice)
    elif invoice.reverses_id is None:
        yield _("Paid"), _paid_words(invoice.order)
    if invoice.order.exemption is not None:
        yield _("No sales tax by certificate"), invoice.order.exemption.number
