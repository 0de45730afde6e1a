"""What happened to an order, as its buyer reads it and as clerks do."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from fusus_portal.ground.pages.timeline import Moment
from shop.catalogue.money import dollars
from shop.orders.models.orders import Order, PayMethod
from shop.orders.presenters.readers import Reader
from shop.orders.states import OrderState
from shop.parcels.states import ShipmentState
from shop.payments.models.payments import PaymentAttempt
from shop.payments.models.refunds import Refund
from shop.payments.presenters.cards import paid_by
from shop.payments.states import LIVE_REFUNDS, AttemptState, RefundState


def moments(order: Order, refunds: list[Refund], reader: Reader) -> Iterator[Moment]:
    """Yield what happened to an order, in no order."""
    if order.placed_at:
        yield Moment(order.placed_at, _placed(order, reader))
    yield from (_not_charged(each, reader) for each in order.attempts.all() if _was_refused(each))
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
    yield from (_of_refund(refund) for refund in refunds if refund.state in LIVE_REFUNDS)
    yield from _off_invoices(order)
    if order.ended_at and order.state in (OrderState.CANCELLED, OrderState.EXPIRED):
        yield Moment(order.ended_at, _ended(order))


def _of_parcels(order: Order) -> Iterator[Moment]:
    for shipment in order.shipments.all():
        if shipment.handed_over_at:
            words = _("Parcel %(number)s shipped (%(carrier)s)")
            facts = {"number": shipment.number, "carrier": shipment.get_carrier_display()}
            yield Moment(shipment.handed_over_at, words % facts)
        if shipment.ended_at and shipment.state == ShipmentState.DELIVERED:
            yield Moment(shipment.ended_at, _("Parcel %(number)s arrived") % {"number": shipment.number})
        if shipment.ended_at and shipment.state == ShipmentState.LOST:
            words = _("Parcel %(number)s was lost. We will send what was in it again.")
            yield Moment(shipment.ended_at, words % {"number": shipment.number})


def _was_refused(attempt: PaymentAttempt) -> bool:
    return not attempt.is_by_page and attempt.state == AttemptState.FAILED


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


def _of_refund(refund: Refund) -> Moment:
    amount = {"amount": dollars(refund.cents)}
    if refund.state == RefundState.SUCCEEDED:
        return Moment(refund.settled_at or refund.requested_at, _("%(amount)s was refunded") % amount)
    if refund.state == RefundState.REQUESTED and refund.clerk_id is not None:
        return Moment(refund.requested_at, _("A refund of %(amount)s was asked for") % amount)
    return Moment(refund.requested_at, _("A refund of %(amount)s is on its way") % amount)
