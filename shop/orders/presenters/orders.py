"""An order for its buyer and for clerks: its state, its history, and the next step."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, ClassVar, Final
from uuid import UUID

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _, gettext_lazy

from fusus_portal.ground import steps
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.lifecycle import why_not
from fusus_portal.ground.pages.acts import CONSOLE, ActPage, Way
from fusus_portal.ground.pages.components import Moment
from fusus_portal.ground.pages.times import localized_moment
from integration.cores.states import CODED
from shop.catalogue.money import dollars
from shop.catalogue.presenters import pieces
from shop.orders.hooks import comes_off, year_pages
from shop.orders.models.orders import Order, OrderLine, PayMethod
from shop.orders.policies import (
    can_be_canceled,
    has_cores,
    has_goods,
    is_done,
    is_payment_over,
    is_to_do,
    must_not_be_renewal,
)
from shop.orders.presenters import money as money_presenters
from shop.orders.presenters.money import Totals, due_words, to_buyer, to_clerk
from shop.orders.selectors import money as money_selectors
from shop.orders.selectors.money import Split, canceled_split, standing_of
from shop.orders.states import OrderState
from shop.parcels import policies
from shop.parcels.models import Shipment, ShippingDelay
from shop.parcels.selectors import is_sent_again
from shop.parcels.states import ShipmentState
from shop.payments import selectors as payments
from shop.payments.cards import check_words, paid_by, why_not_charged, why_not_charged_for_clerks
from shop.payments.models import PaymentAttempt, Refund
from shop.payments.policies import being_processed, waits_for_decision
from shop.payments.states import LIVE_REFUNDS, AttemptState, RefundState


@dataclass(frozen=True, slots=True)
class Reader:
    """Sentences that differ between readers: the buyer is "you"; clerks read what "the buyer" did."""

    placed: str | Promise
    approved: str | Promise
    declined: str | Promise
    not_charged: str | Promise
    why: Callable[[str], str]
    held: str | Promise
    approval_next: str | Promise
    delay_next: str | Promise
    rest_next: str | Promise
    service_next: str | Promise
    arrival_next: str | Promise
    core_next: str | Promise
    failed_next: str | Promise
    money: Callable[[Split], str]
    canceled_card: Callable[[Order], str]


def _canceled_card(order: Order) -> str:
    return year_pages.answer.canceled_words(order)


BUYER: Final = Reader(
    placed=gettext_lazy("You placed the order"),
    approved=gettext_lazy("Your purchase order %(number)s was approved"),
    declined=gettext_lazy("Your purchase order %(number)s was declined: %(reason)s"),
    not_charged=gettext_lazy("Your card could not be charged. %(why)s"),
    why=why_not_charged,
    held=gettext_lazy("We hold your order until %(until)s."),
    approval_next=gettext_lazy("Next: a clerk reviews your purchase order."),
    delay_next=gettext_lazy("Next: you tell us whether you will wait, or cancel the order."),
    rest_next=gettext_lazy("Next: you tell us that you will wait for the rest, or call the office."),
    service_next=gettext_lazy("Next: we do what you ordered, and write to you when it is done."),
    arrival_next=gettext_lazy("Next: the parcel arrives. Then press “It arrived” here."),
    core_next=gettext_lazy(
        "Next: the parcel arrives. Then press “It arrived” here, and activate the CORE with the code that you see."
    ),
    failed_next=gettext_lazy("Next: your refund did not arrive. We send it again, or ship what you ordered after all."),
    money=to_buyer,
    canceled_card=_canceled_card,
)
CLERK: Final = Reader(
    placed=gettext_lazy("The buyer placed the order"),
    approved=gettext_lazy("Purchase order %(number)s was approved"),
    declined=gettext_lazy("Purchase order %(number)s was declined: %(reason)s"),
    not_charged=gettext_lazy("The card could not be charged. %(why)s"),
    why=why_not_charged_for_clerks,
    held=gettext_lazy("The order is held until %(until)s."),
    approval_next=gettext_lazy("Next: a clerk reviews the purchase order."),
    delay_next=gettext_lazy("Next: the buyer waits, or cancels the order."),
    rest_next=gettext_lazy("Next: the buyer waits for the rest, or calls the office."),
    service_next=gettext_lazy("Next: the service is done, and a clerk says so here."),
    arrival_next=gettext_lazy("Next: the parcel arrives, and the buyer says so."),
    core_next=gettext_lazy("Next: the parcel arrives, and the buyer says so."),
    failed_next=gettext_lazy(
        "Next: a refund did not arrive. Give it back again, or ship the goods after all. Until then they don't ship."
    ),
    money=to_clerk,
    canceled_card=lambda _order: "",
)


def moments_of(order: Order, refunds: list[Refund], reader: Reader) -> Iterator[Moment]:
    if order.placed_at:
        yield Moment(order.placed_at, _placed(order, reader))
    refused = (each for each in order.attempts.all() if not each.is_by_page and each.state == AttemptState.FAILED)
    yield from (_not_charged(each, reader) for each in refused)
    purchase = getattr(order, "purchase_order", None)
    if purchase and purchase.approved_at:
        yield Moment(purchase.approved_at, str(reader.approved) % {"number": purchase.number})
    if purchase and purchase.declined_at:
        facts = {"number": purchase.number, "reason": purchase.reason}
        yield Moment(purchase.declined_at, str(reader.declined) % facts)
    for payment in order.payments.all():
        words = _("%(amount)s paid (%(way)s)")
        facts = {"amount": dollars(payment.captured), "way": paid_by(payment)}
        yield Moment(payment.captured_at, words % facts)
    yield from _of_parcels(order)
    for refund in (refund for refund in refunds if refund.state in LIVE_REFUNDS):
        settled_at = refund.settled_at if refund.state == RefundState.SUCCEEDED else None
        yield Moment(settled_at or refund.requested_at, refund_words(refund))
    yield from _off_invoices(order)
    if order.ended_at and order.state in (OrderState.CANCELLED, OrderState.EXPIRED):
        yield Moment(order.ended_at, _ended(order))
    if order.ended_at and is_done(order):
        yield Moment(order.ended_at, _("What was ordered is done"))


def _of_parcels(order: Order) -> Iterator[Moment]:
    for shipment in order.shipments.all():
        if shipment.handed_over_at:
            words = _("Parcel %(number)s shipped (%(carrier)s)")
            facts = {"number": shipment.number, "carrier": shipment.get_carrier_display()}
            yield Moment(shipment.handed_over_at, words % facts)
        if shipment.ended_at and shipment.state == ShipmentState.DELIVERED:
            yield Moment(shipment.ended_at, _("Parcel %(number)s arrived") % {"number": shipment.number})
        if shipment.ended_at and shipment.state == ShipmentState.LOST:
            words = _("Parcel %(number)s was lost. What was in it is refunded.")
            if is_sent_again(shipment):
                words = _("Parcel %(number)s was lost. We will send what was in it again.")
            yield Moment(shipment.ended_at, words % {"number": shipment.number})


def _not_charged(attempt: PaymentAttempt, reader: Reader) -> Moment:
    words = str(reader.not_charged) % {"why": reader.why(attempt.failure)}
    return Moment(attempt.settled_at or attempt.begun_at, words)


def _placed(order: Order, reader: Reader) -> str:
    if order.is_bill:
        return _("Billed for the old CORE of claim %(number)s") % {"number": order.charged_claim.number}
    is_announced = order.renews_id is not None and order.method == PayMethod.CARD
    return _("The year was announced") if is_announced else str(reader.placed)


def _ended(order: Order) -> str:
    return _("The order was canceled") if order.state == OrderState.CANCELLED else _("The order was not paid in time")


def _off_invoices(order: Order) -> Iterator[Moment]:
    words = _("%(amount)s came off invoice %(invoice)s")
    for invoice in order.invoices.all():
        for note in invoice.credit_notes.all():
            if note.refund_id is None:
                facts = {"amount": dollars(note.total), "invoice": invoice.printed_number}
                yield Moment(note.issued_at, words % facts)


def refund_words(refund: Refund) -> str:
    """Return where the money of a refund is that did not fail, without the period."""
    amount = {"amount": dollars(refund.cents)}
    if check := check_words(refund):
        return _("A refund of %(amount)s, %(check)s") % {**amount, "check": check}
    if refund.state == RefundState.SUCCEEDED:
        return _("%(amount)s was refunded") % amount
    if refund.state == RefundState.REQUESTED and refund.clerk_id is not None:
        return _("A refund of %(amount)s was asked for") % amount
    return _("A refund of %(amount)s is on its way") % amount


KINDS = {
    OrderState.PAID: "good",
    OrderState.ON_ACCOUNT: "good",
    OrderState.SHIPPED: "good",
    OrderState.COMPLETED: "good",
    OrderState.PARTLY_SHIPPED: "good",
    OrderState.AWAITING_PAYMENT: "warn",
    OrderState.AWAITING_APPROVAL: "warn",
}


@dataclass(frozen=True, slots=True)
class Parcel:
    shipment: Shipment

    @property
    def items(self) -> list[str]:
        items = sorted(self.shipment.items.all(), key=lambda item: (item.line.position, item.packed_at))
        return [_item_words(item) for item in items]

    @property
    def has_arrived(self) -> bool:
        return self.shipment.state == ShipmentState.DELIVERED

    @property
    def is_on_its_way(self) -> bool:
        return self.shipment.state == ShipmentState.HANDED_OVER

    @property
    def holds_core(self) -> bool:
        return any(item.core is not None for item in self.shipment.items.all())

    @property
    def cores(self) -> list[Any]:
        if not self.has_arrived:
            return []
        found = [item.core for item in self.shipment.items.all() if item.core is not None]
        return [core for core in found if core.state in CODED]


@dataclass(frozen=True, slots=True)
class OrderCard:
    reader: ClassVar = BUYER

    order: Order

    @property
    def words(self) -> str:
        lines = sorted(self.order.lines.all(), key=lambda line: line.position)
        return ", ".join(pieces(line.quantity, line.local_name) for line in lines)

    @property
    def total(self) -> str:
        return dollars(self.order.total)

    @property
    def state_words(self) -> str:
        return state_words(self.order)

    @property
    def due(self) -> str:
        return due_words(self.order)

    @property
    def comes_off(self) -> Sequence[str]:
        return comes_off.answer(self.order, self.reader.money)

    @property
    def is_unpaid(self) -> bool:
        invoice = money_selectors.invoice_of(self.order)
        owed, today = money_selectors.owed_of(self.order), timezone.localdate()
        return invoice is not None and money_selectors.is_overdue(invoice, owed=owed, today=today)

    @property
    def kind(self) -> str:
        return KINDS.get(OrderState(self.order.state), "quiet")


@dataclass(frozen=True, slots=True)
class OrderPage(OrderCard):
    paper_pages: ClassVar = ("order_invoice", "order_credit_note")

    user: User
    refunds: list[Refund]

    @property
    def lines(self) -> list[tuple[str, str, str]]:
        return money_presenters.lines_of(self.order)

    @property
    def less(self) -> list[str]:
        """Sentences about pieces that don't ship any more, but for those of a failed refund: a clerk decides on it."""
        held = Counter[UUID]()
        for part in (part for refund in self.refunds if waits_for_decision(refund) for part in refund.lines.all()):
            held[part.line_id] += part.pieces
        found = [(line, number - held[line.pk]) for line, number in policies.not_shipping(self.order)]
        return [less_words(line, number) for line, number in found if number > 0]

    @property
    def totals(self) -> Totals:
        return money_presenters.totals(self.order)

    @property
    def addresses(self) -> list[tuple[str, Any]]:
        return money_presenters.addresses(self.order)

    @property
    def parcels(self) -> list[Parcel]:
        shown = [each for each in self.order.shipments.all() if each.handed_over_at is not None]
        return [Parcel(shipment) for shipment in shown]

    @property
    def can_be_paid(self) -> bool:
        waits = self.order.state == OrderState.AWAITING_PAYMENT and not is_payment_over(self.order)
        return waits and not self.is_processing

    @property
    def is_processing(self) -> bool:
        """True while the payment service works on a payment: it can be neither paid again nor canceled."""
        return self.order.state == OrderState.AWAITING_PAYMENT and payments.is_processing(self.order)

    @property
    def held(self) -> str:
        return held_words(self.order, self.reader)

    @property
    def why_no_cancel(self) -> str:
        order = self.order
        if order.renews_id is not None:
            return why_not(partial(must_not_be_renewal, order))
        if order.is_bill:
            return _("This is a bill. We cancel it when the old CORE arrives.")
        if is_done(order):
            return _("It is done, so it can't be canceled.")
        if order.state in (OrderState.PARTLY_SHIPPED, OrderState.SHIPPED, OrderState.COMPLETED):
            shipped = _("It has shipped, so it can't be canceled.")
            return f"{shipped} {_return_words(order)}".strip()
        if self.is_processing:
            return being_processed()
        return why_not(partial(steps.check, order, OrderState.CANCELLED, self.user))

    @property
    def can_refund(self) -> bool:
        is_paid = any(payment.refundable > 0 for payment in self.order.payments.all())
        return is_paid or money_selectors.owed_of(self.order) > 0

    @property
    def give_words(self) -> str:
        return give_words(self.order)

    @property
    def cancel_words(self) -> str:
        return canceled_words(self.order, self.reader)

    @property
    def choice(self) -> str:
        return choice_words(self.order)

    @property
    def has_goods(self) -> bool:
        return has_goods(self.order.lines.all())

    def cancel_page(self, back: str, base: str) -> ActPage:
        number, refusal = self.order.number, self.why_no_cancel
        stops = _("We then send nothing.") if self.has_goods else _("We then do nothing.")
        return ActPage(
            title=_("Cancel the order"),
            number=number if base == CONSOLE else "",
            heading=_("Cancel order %(number)s?") % {"number": number},
            intro=refusal or f"{stops} {self.cancel_words}",
            label="" if refusal else _("Cancel the order"),
            kind="secondary",
            way=Way(back, number, _("Keep it")),
            base=base,
        )

    @property
    def is_canceled(self) -> bool:
        return self.order.state == OrderState.CANCELLED

    @property
    def tick(self) -> str:
        """Label of the box that saves the card, "" if nothing recurs."""
        return year_pages.answer.tick_words(self.order)

    @property
    def is_ticked(self) -> bool:
        attempt = payments.latest_attempt(self.order)
        return attempt is not None and attempt.keeps != ""

    @property
    def card_words(self) -> str:
        """Sentence about the saved card, or that none is saved; "" if nothing recurs or the order is not bought yet."""
        if self.is_canceled:
            return year_pages.answer.canceled_words(self.order)
        return "" if self.order.bought_at is None else year_pages.answer.card_words(self.order)

    @property
    def delay(self) -> ShippingDelay | None:
        """The delay that the buyer has not agreed to yet, while the order may still ship."""
        if not policies.has_to_ship(self.order):
            return None
        return next((each for each in self.order.delays.all() if each.agreed_at is None), None)

    @property
    def papers(self) -> list[tuple[str, str]]:
        number, found = self.order.number, []
        of_invoice, of_note = self.paper_pages
        for invoice in sorted(self.order.invoices.all(), key=lambda each: each.number):
            words = _("Invoice %(number)s (PDF)") % {"number": invoice.printed_number}
            found.append((words, reverse(of_invoice, args=[number, invoice.pk])))
            for note in sorted(invoice.credit_notes.all(), key=lambda each: each.number):
                words = _("Credit note %(number)s (PDF)") % {"number": note.printed_number}
                found.append((words, reverse(of_note, args=[number, note.pk])))
        return found

    @property
    def timeline(self) -> list[Moment]:
        return sorted(moments_of(self.order, self.refunds, self.reader), key=lambda moment: moment.at)

    @property
    def next_text(self) -> str:
        if any(waits_for_decision(refund) for refund in self.refunds):
            return str(self.reader.failed_next)
        return _next_of(self.order, self.reader, [parcel for parcel in self.parcels if parcel.is_on_its_way])


def state_words(order: Order) -> str:
    """Return the state of an order, as every page and list says it, and as clerks choose it for their list."""
    return str(standing_of(order).label)


def order_page(order: Order, user: User) -> OrderPage:
    return OrderPage(order, user, payments.refunds_of(order))


def _next_of(order: Order, reader: Reader, on_their_way: Sequence[Parcel]) -> str:
    if order.state == OrderState.AWAITING_PAYMENT and payments.is_processing(order):
        return _("Next: the payment service finishes the payment.")
    if order.state == OrderState.AWAITING_PAYMENT:
        return f"{_('Next: the payment.')} {held_words(order, reader)}".strip()
    if order.state == OrderState.AWAITING_APPROVAL:
        return str(reader.approval_next)
    if policies.has_to_ship(order):
        return _sending_next(order, reader)
    if is_to_do(order):
        return str(reader.service_next)
    holds_core = any(parcel.holds_core for parcel in on_their_way)
    return str(reader.core_next if holds_core else reader.arrival_next) if on_their_way else ""


def _sending_next(order: Order, reader: Reader) -> str:
    if any(delay.agreed_at is None for delay in order.delays.all()):
        return str(reader.delay_next if can_be_canceled(order) else reader.rest_next)
    day = {"day": date_format(timezone.localtime(policies.must_be_sent_by(order)), "DATE_FORMAT")}
    if policies.is_overdue(order, now=timezone.now()):
        return _("Next: we ship it. It had to ship by %(day)s, so it is late.") % day
    return _("Next: we ship it, by %(day)s at the latest.") % day


def canceled_words(order: Order, reader: Reader = BUYER) -> str:
    """Return what became of the money and the saved card of a canceled order, or would if it were canceled now."""
    return f"{reader.money(canceled_split(order))}. {reader.canceled_card(order)}".strip()


def choice_words(order: Order) -> str:
    """Return the choices of a buyer who does not want to wait for a late order."""
    if can_be_canceled(order):
        words = _("If you don't want to wait, cancel the order.")
        return f"{words} {canceled_words(order)}"
    words = _(
        "A part of it has shipped, so it can't be canceled. If you don't want to wait for the rest, please call the "
        "office."
    )
    return f"{words} {_return_words(order)}".strip()


def _return_words(order: Order) -> str:
    return _("You can return a CORE at any time.") if has_cores(order.lines.all()) else ""


def give_words(order: Order) -> str:
    """Return the label of a clerk's act: money goes back, or, before anything is paid, comes off the invoice."""
    is_paid = any(payment.refundable > 0 for payment in order.payments.all())
    return _("Give money back") if is_paid else _("Take it off the invoice")


def held_words(order: Order, reader: Reader = BUYER) -> str:
    """Return until when an unpaid order is reserved, or "" if it has no reservation or the time is over."""
    if order.reserved_until is None or is_payment_over(order):
        return ""
    return str(reader.held) % {"until": localized_moment(order.reserved_until)}


def less_words(line: OrderLine, number: int) -> str:
    """Return the sentence that so many pieces of a line don't ship any more."""
    return _("This does not ship any more: %(pieces)s.") % {"pieces": pieces(number, line.local_name)}


def _item_words(item: Any) -> str:
    if item.core is not None:
        return f"{item.line.local_name}, {item.core.serial}"
    return pieces(item.quantity, item.line.local_name)
