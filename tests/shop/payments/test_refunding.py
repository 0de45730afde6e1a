"""Refunds: never more than was paid, never twice, to the cent, and with the truth of the gateway."""

from datetime import timedelta
from functools import partial

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.utils import timezone
from hypothesis import given, settings, strategies as st

from audit.log.events import Event
from fusus_portal.ground.lifecycle import Refused, Stale
from fusus_portal.ground.notifications.models import Message
from shop.catalogue.money import percent, share
from shop.orders.models.invoices import CreditNote, Invoice
from shop.orders.models.orders import ShopTask, TaskKind
from shop.orders.services import orders as order_services
from shop.orders.states import OrderState
from shop.payments.gateway.answers import Failed, RefundStatus, Unknown
from shop.payments.models import Payment, Refund
from shop.payments.services import notices, refunds
from shop.payments.states import RefundState
from shop.rules import CLERK_REFUND_LIMIT, RETRY_AFTER
from tests.factories import person
from tests.registry.entries import entries_of
from tests.shop.orders import orders
from tests.shop.orders.orders import buyer_of
from tests.shop.payments.paper import Paper
from tests.shop.worlds import ready_with

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("world", "paper")]

make_world = partial(ready_with, payments=1, businesses=1, products=1)


def balance() -> int:
    """Return invoices less credit notes less what was taken and not given back: 0 when the books agree."""
    back = Refund.objects.filter(state=RefundState.SUCCEEDED)
    return (
        sum(each.total for each in Invoice.objects.all())
        - sum(each.total for each in CreditNote.objects.all())
        - sum(each.captured for each in Payment.objects.all())
        + sum(each.cents for each in back)
    )


def test_a_refund_has_its_credit_note_with_its_share_of_tax(paper: Paper) -> None:
    refund = orders.refund_at(RefundState.SUCCEEDED)
    note = CreditNote.objects.get()
    assert (note.total, note.refund) == (refund.cents, refund)
    assert note.tax == share(refund.cents, 38_500, 3_500) == 909
    assert note.printed_number == "CN-000001"
    assert balance() == 0


def test_its_buyer_is_told_once_whatever_gives_it_back(paper: Paper) -> None:
    by_clerk = orders.refund_at(RefundState.SUCCEEDED).payment.order
    canceled = orders.paid().order
    order_services.cancel(order=canceled, by=buyer_of(canceled))
    refunds.send_due()
    clerk = person("clerk")
    check = orders.requested(orders.check_payment(), by=clerk)
    refunds.pay_out(refund=refunds.submit(refund=check, by=clerk), by=clerk, check_number="2041")
    for order in (by_clerk, canceled, check.payment.order):
        assert Message.objects.filter(kind="order_refund", to=buyer_of(order).email).count() == 1


def test_an_answer_that_is_lost_is_looked_for_and_no_second_refund_is_made(paper: Paper) -> None:
    refund = orders.refund_at(RefundState.SUBMITTED)
    paper.after["create_refund"] = [Unknown("timeout")]
    assert refunds.send_due() == 0
    refund.refresh_from_db()
    assert refund.state == RefundState.SUBMITTED
    assert refund.payment.refundable + refund.cents == refund.payment.captured
    assert refunds.send_due() == 1
    refund.refresh_from_db()
    assert refund.state == RefundState.SUCCEEDED
    assert paper.refunded(refund.payment.gateway_id) == refund.cents


def test_a_call_that_may_still_arrive_is_waited_for(paper: Paper) -> None:
    refund = orders.refund_at(RefundState.SUBMITTED)
    paper.before["create_refund"] = [Unknown("timeout")]
    refunds.send_due()
    refunds.send_due()
    assert paper.calls.count("create_refund") == 1
    with time_machine.travel(timezone.now() + RETRY_AFTER + timedelta(seconds=1)):
        refunds.send_due()
    refund.refresh_from_db()
    assert refund.state == RefundState.SUCCEEDED
    assert paper.refunded(refund.payment.gateway_id) == refund.cents


@pytest.mark.parametrize("state", ["requested", "cancelled", "pending", "succeeded"])
def test_only_what_was_sent_and_is_not_there_yet_is_made(paper: Paper, state: str) -> None:
    refund = orders.refund_at(state)
    calls = list(paper.calls)
    with time_machine.travel(timezone.now() + RETRY_AFTER + timedelta(seconds=1)):
        assert refunds.send(pk=refund.pk).state == state
    assert paper.calls == calls


def test_what_was_paid_by_check_is_not_refunded_at_the_service(paper: Paper) -> None:
    clerk = person("clerk")
    refund = refunds.submit(refund=orders.requested(orders.check_payment(), by=clerk), by=clerk)
    assert refunds.send(pk=refund.pk).state == RefundState.SUBMITTED
    assert not paper.calls


def test_a_definite_no_frees_the_amount_and_staff_are_told(paper: Paper) -> None:
    refund = orders.refund_at(RefundState.SUBMITTED)
    paper.before["create_refund"] = [Failed("charge_disputed")]
    refunds.send(pk=refund.pk)
    refund.refresh_from_db()
    refund.payment.refresh_from_db()
    assert (refund.state, refund.failure, refund.payment.held) == (RefundState.FAILED, "charge_disputed", 0)
    assert ShopTask.objects.get().kind == TaskKind.REFUND_FAILED


def test_a_refund_that_fails_days_later_takes_its_credit_note_back(paper: Paper) -> None:
    refund = orders.refund_at(RefundState.SUCCEEDED)
    paper.move(refund.gateway_id, RefundStatus.FAILED)
    refunds.settle(refund=refund)
    refunds.settle(refund=refund)
    reversal = Invoice.objects.get(reverses__isnull=False)
    assert reversal.total == refund.cents
    (note,) = entries_of(Event.CREDIT_NOTE_ISSUED)
    assert note.facts["number"] == CreditNote.objects.get().printed_number
    assert Invoice.objects.get(reverses__isnull=True).credited == 0
    assert balance() == 0
    again = orders.requested(refund.payment, cents=refund.payment.captured)
    refunds.submit(refund=again, by=person("administrator"))
    paper.next_refund = RefundStatus.SUCCEEDED
    refunds.send(pk=again.pk)
    invoice = Invoice.objects.get(reverses__isnull=True)
    assert invoice.credited == invoice.total
    notes = CreditNote.objects.filter(reversed_by__isnull=True)
    assert sum(note.tax for note in notes) == invoice.tax
    assert balance() == 0


def test_an_old_word_does_not_undo_a_newer_one(paper: Paper) -> None:
    refund = orders.refund_at(RefundState.PENDING)
    pending = paper.refunds[refund.gateway_id]
    paper.move(refund.gateway_id, RefundStatus.SUCCEEDED)
    refunds.settle(refund=refund)
    refunds.apply_answer(pk=refund.pk, answer=pending)
    refund.refresh_from_db()
    assert refund.state == RefundState.SUCCEEDED
    assert CreditNote.objects.count() == 1


def test_a_refund_that_is_another_at_the_gateway_is_not_believed(paper: Paper) -> None:
    refund = orders.refund_at(RefundState.SUBMITTED)
    answer = paper.refund_by_hand(refund.payment.gateway_id, refund.cents + 1)
    refunds.apply_answer(pk=refund.pk, answer=answer)
    refund.refresh_from_db()
    assert refund.state == RefundState.SUBMITTED
    assert ShopTask.objects.get().kind == TaskKind.DIFFERENCE


def test_a_refund_of_the_dashboard_becomes_a_row_and_the_order_is_left_alone(paper: Paper) -> None:
    payment = orders.paid()
    answer = paper.refund_by_hand(payment.gateway_id, 700)
    first = refunds.record_external(payment=payment, answer=answer)
    assert first is not None
    assert refunds.record_external(payment=payment, answer=answer) == first
    payment.refresh_from_db()
    payment.order.refresh_from_db()
    assert (payment.held, first.source, first.state) == (700, "external", RefundState.SUCCEEDED)
    assert payment.order.state == OrderState.PAID
    assert ShopTask.objects.get().kind == TaskKind.REFUND_EXTERNAL
    assert balance() == 0


def test_what_the_service_tells_of_a_refund_is_looked_up_and_booked(paper: Paper) -> None:
    ours = orders.refund_at(RefundState.PENDING)
    paper.move(ours.gateway_id, RefundStatus.SUCCEEDED)
    foreign = paper.refund_by_hand(orders.paid().gateway_id, 700)
    for told in (ours.gateway_id, foreign.id):
        notices.follow(kind="refund.updated", object_id=told)
    ours.refresh_from_db()
    assert ours.state == RefundState.SUCCEEDED
    assert Refund.objects.get(gateway_id=foreign.id).source == "external"


def test_a_refund_of_the_dashboard_that_is_too_much_is_told_and_not_booked(paper: Paper) -> None:
    refund = orders.refund_at(RefundState.SUCCEEDED)
    answer = paper.refund_by_hand(refund.payment.gateway_id, refund.payment.captured)
    assert refunds.record_external(payment=refund.payment, answer=answer) is None
    assert ShopTask.objects.get().kind == TaskKind.DIFFERENCE
    assert Refund.objects.count() == 1


def test_what_is_left_after_a_refund_goes_back_when_the_order_is_canceled(paper: Paper) -> None:
    refund = orders.refund_at(RefundState.SUCCEEDED)
    order = refund.payment.order
    order_services.cancel(order=order, by=buyer_of(order))
    refunds.send_due()
    line = order.lines.get()
    assert line.held == line.total
    assert paper.refunded(refund.payment.gateway_id) == order.total
    assert sum(each.tax for each in CreditNote.objects.all()) == order.tax
    assert balance() == 0


def test_of_each_line_what_is_left_goes_back_when_the_order_is_canceled(paper: Paper) -> None:
    things = (orders.product(), 1), (orders.product(kind="accessory", cents=1_000), 1)
    payment = orders.paid(orders.placed(orders.drafted(things=things)))
    order = payment.order
    first = order.lines.earliest("position")
    refunds.request(payment=payment, by=person("clerk"), amounts={first.pk: 10_000}, reason="Scratched")
    order_services.cancel(order=order, by=buyer_of(order))
    assert [line.total - line.held for line in order.lines.all()] == [0, 0]


def test_of_a_line_no_more_goes_back_than_was_paid_for_it(paper: Paper) -> None:
    dear, cheap = orders.product(cents=90_000), orders.product(kind="accessory", cents=1_000)
    payment = orders.paid(orders.placed(orders.drafted(things=((dear, 1), (cheap, 1)))))
    line = payment.order.lines.get(product=cheap)
    by = person("clerk")
    error = orders.refused(
        lambda: refunds.request(payment=payment, by=by, amounts={line.pk: 1_101}, reason="Scratched")
    )
    assert isinstance(error, ValidationError)
    assert "$11.00" in error.message_dict[str(line.pk)][0]
    for amounts in ({}, {line.pk: 0}, {payment.pk: 1}):
        with pytest.raises(ValidationError, match="amounts"):
            refunds.request(payment=payment, by=by, amounts=amounts, reason="Scratched")


def test_a_large_refund_takes_a_second_person_and_cutting_it_up_does_not_help(paper: Paper) -> None:
    payment = orders.paid(orders.placed(orders.drafted(things=((orders.product(cents=90_000), 1),))))
    clerk = person("clerk")
    small = orders.requested(payment, cents=CLERK_REFUND_LIMIT, by=clerk)
    assert refunds.submit(refund=small, by=clerk).state == RefundState.SUBMITTED
    more = orders.requested(payment, cents=1, by=clerk)
    error = orders.refused(lambda: refunds.submit(refund=more, by=clerk))
    assert isinstance(error, Refused)
    assert "$300.00" in error.sentence
    assert refunds.submit(refund=more, by=person("clerk")).second != clerk


def test_only_staff_give_money_back(paper: Paper) -> None:
    payment = orders.paid()
    assert isinstance(orders.refused(lambda: orders.requested(payment, by=buyer_of(payment.order))), Refused)
    refund = orders.requested(payment)
    for role in ("business", "deputy", "auditor"):
        by = person(role)
        with pytest.raises(Refused):
            refunds.submit(refund=refund, by=by)
    with pytest.raises(Stale, match="goes back to the card automatically"):
        refunds.pay_out(refund=refund, by=person("clerk"), check_number="1")


def test_no_check_is_sent_for_what_goes_back_to_a_card(paper: Paper) -> None:
    error = orders.refused(
        lambda: refunds.pay_out(refund=orders.refund_at("submitted"), by=person("clerk"), check_number="1")
    )
    assert isinstance(error, Stale)
    assert "to the card" in error.sentence


def test_a_canceled_order_on_account_owes_nothing(paper: Paper) -> None:
    order = orders.order_at(OrderState.ON_ACCOUNT)
    orders.check_payment(order, cents=10_000)
    order_services.cancel(order=order, by=person("clerk"))
    assert CreditNote.objects.get().total == order.total - 10_000
    refund = refunds.submit(refund=Refund.objects.get(), by=person("clerk"))
    assert refunds.send_due() == 0
    refunds.pay_out(refund=refund, by=person("clerk"), check_number="2201")
    invoice = order.invoices.get()
    assert invoice.credited == invoice.total
    assert sum(each.tax for each in CreditNote.objects.all()) == order.tax
    assert balance() == 0


@given(
    total=st.integers(1, 10**7),
    basis_points=st.integers(0, 3000),
    cuts=st.lists(st.integers(1, 10**7), max_size=12),
)
@settings(max_examples=60)
def test_parts_of_a_line_take_its_tax_along_to_the_cent(total: int, basis_points: int, cuts: list[int]) -> None:
    tax = percent(total, basis_points)
    whole, gone, taken = total + tax, 0, 0
    for cut in [*cuts, total + tax]:
        part = min(cut, whole - gone)
        if part > 0:
            gone += part
            with_these = share(gone, whole, tax)
            assert 0 <= with_these - taken <= part
            taken = with_these
    assert (gone, taken) == (whole, tax)
