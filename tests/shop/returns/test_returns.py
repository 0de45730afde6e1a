"""Promise I7: what comes back is refunded, to the cent, by what was published before it was bought, once."""

from datetime import timedelta
from functools import partial

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Sum
from django.utils import timezone

from fusus_portal.ground.accounts.roles import Role
from fusus_portal.ground.lifecycle import NotYours, Refused, Stale
from integration.cores.services import cores
from registry.people.services import registrants
from registry.places.models import Premises
from shop.catalogue.money import dollars
from shop.orders.models.invoices import CreditNote
from shop.parcels.models import ShipmentItem
from shop.payments.gateway.answers import RefundStatus
from shop.payments.models import RefundLine
from shop.payments.services import refunds
from shop.returns import services
from shop.returns.models import Return
from shop.returns.presenters.cases import CaseCard, actions, returns_waiting as waiting
from shop.returns.presenters.returns import ReturnCard
from shop.returns.selectors import free_position, quote_of_core, waiting_returns
from shop.returns.states import ReturnState
from tests.factories import person
from tests.integration.cores.devices import core_at, owner_of
from tests.shop.orders.orders import (
    PRICE,
    check_payment,
    drafted,
    order_at,
    paid,
    paper,
    placed,
    product,
    submitted,
)
from tests.shop.parcels import parcels
from tests.shop.payments.paper import Paper
from tests.shop.returns.returned import (
    accepted,
    arrived,
    begun,
    bought,
    core_of,
    doubtful,
    labelled,
    missing,
    owner_in,
    paid_back,
    published,
    received,
    refunded_in_part,
    return_at,
    snap,
)
from tests.shop.worlds import ready_with

__all__ = ["paper"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("world", "paper")]

make_world = partial(ready_with, cores=1, payments=1, businesses=1, products=1)

WHOLE = PRICE * 110 // 100
FEE = 16_500
"""15,000 of the 35,000 is for the first year; with the tax of 10 %."""
AGAIN = "The money did not arrive. Give it back again."
NOT_THERE = "Your refund did not arrive. We send it again."


def test_the_amount_that_is_shown_before_is_what_goes_back() -> None:
    core = bought()
    quote = quote_of_core(core)
    assert quote is not None
    assert quote.whole == WHOLE
    assert quote.expected == WHOLE - FEE + FEE * 11 // 12
    back = arrived(paid_back(accepted(received(begun(core)))))
    assert back.state == ReturnState.CLOSED
    assert back.refund == quote.expected == back.refunds.get().cents


def test_a_core_that_never_worked_brings_all_that_was_paid() -> None:
    back = begun(bought(active=False))
    assert back.expected == back.whole == WHOLE


def test_age_and_parts_are_deducted_by_the_version_of_the_day_it_was_bought() -> None:
    published()
    core = core_of(paid().order, months=13)
    published(lowest=1000, steps={0: 9000})
    back = accepted(received(begun(core)), parts=(1,))
    device = WHOLE - FEE
    assert back.schedule is not None
    assert back.schedule.version == 1
    assert back.age_off == device * 3000 // 10_000
    assert back.refund == device - back.age_off - device // 10
    assert back.fee_back == 0


def test_it_never_goes_to_nothing() -> None:
    back = accepted(received(begun(bought(months=40))), parts=(1, 2))
    assert back.age_off + (back.parts_off or 0) > back.device
    assert back.refund == back.lowest == back.device * 1500 // 10_000


def test_who_bought_before_anything_was_published_loses_nothing() -> None:
    with time_machine.travel(timezone.now() - timedelta(days=1)):
        order = paid(placed(drafted(things=((product(on_hand=1), 1),)))).order
    back = begun(core_of(order, months=20))
    assert back.schedule is None
    assert back.expected == WHOLE - FEE


def test_a_return_stops_the_core_and_opens_its_money_in_one_act() -> None:
    core = bought()
    back = begun(core)
    core.refresh_from_db()
    assert (core.state, back.state) == ("returning", ReturnState.APPROVED)


def test_a_core_that_was_given_and_not_bought_comes_back_without_money() -> None:
    core = core_at("active")
    cores.begin_return(core=core, by=owner_of(core))
    assert services.request_return(core=core, by=owner_of(core)) is None


def test_anybody_else_finds_no_such_return() -> None:
    back = labelled()
    stranger = person(Role.BUSINESS)
    with pytest.raises(NotYours):
        services.send_return(back=back, by=stranger)
    with pytest.raises(NotYours):
        services.withdraw_return(back=back, by=stranger, premises=None)


def test_what_is_theirs_is_never_declined() -> None:
    with pytest.raises(Stale, match="already"):
        services.decline_return(back=begun(), by=person(Role.CLERK), reason="No")
    back = doubtful()
    with pytest.raises(Refused):
        services.decline_return(back=back, by=owner_in(back), reason="No")
    assert services.decline_return(back=back, by=person(Role.CLERK), reason="Not theirs").state == ReturnState.DECLINED


def test_a_parcel_without_the_core_ends_its_return_and_the_core_may_still_come() -> None:
    other = missing(serial="FC4-OTHER")
    assert (other.state, other.found) == (ReturnState.REJECTED, "FC4-OTHER")
    again = services.request_return(core=other.core, by=owner_in(other))
    assert again is not None
    assert again.pk != other.pk
    assert again.state == ReturnState.APPROVED


def test_an_owner_keeps_a_core_after_all_with_a_new_code() -> None:
    back = labelled()
    place = Premises.objects.get(registrant=back.registrant)
    issued = services.withdraw_return(back=back, by=owner_in(back), premises=place)
    back.refresh_from_db()
    assert (back.state, issued.core.state) == (ReturnState.WITHDRAWN, "shipped")
    assert issued.code
    assert begun(issued.core).state == ReturnState.APPROVED


def test_a_label_is_replaced_only_when_it_is_too_old() -> None:
    back = labelled()
    with pytest.raises(Stale, match="still good"):
        labelled(back)
    Return.objects.filter(pk=back.pk).update(labelled_at="2026-01-01T00:00:00Z")
    labelled(back)
    with pytest.raises(Stale, match="still good"):
        labelled(back)


@pytest.mark.parametrize(
    ("state", "role", "error"),
    [("in_transit", Role.CLERK, Stale), ("approved", Role.AUDITOR, Refused), ("label_sent", Role.AUDITOR, Refused)],
)
def test_who_can_t_send_a_label_is_told_so_before_its_number_is_checked(
    state: str, role: Role, error: type[Exception]
) -> None:
    with pytest.raises(error):
        services.label_return(back=return_at(state), by=person(role), carrier="ups", tracking="?")


def test_an_inspection_needs_pictures_and_deductions_that_were_published() -> None:
    back = received()
    clerk = person(Role.CLERK)
    with pytest.raises(ValidationError) as none:
        services.inspect_return(back=back, by=clerk, parts=[], note="", pictures=[])
    assert "picture" in none.value.message_dict
    other = published().parts.first()
    assert other is not None
    with pytest.raises(ValidationError) as foreign:
        services.inspect_return(back=back, by=clerk, parts=[other], note="", pictures=[snap()])
    assert "parts" in foreign.value.message_dict


def test_a_refund_that_fails_later_is_owed_again_and_paid_by_another_row(paper: Paper) -> None:
    back = arrived(paid_back())
    refund = back.refunds.get()
    failed = paper.move(refund.gateway_id, RefundStatus.FAILED)
    refunds.apply_answer(pk=refund.pk, answer=failed)
    back.refresh_from_db()
    assert back.state == ReturnState.REFUNDING
    assert (CaseCard(back).next_words, waiting_returns()) == (AGAIN, [back])
    assert ReturnCard(back).next_words == NOT_THERE
    assert [action.name for action in actions(back, person(Role.CLERK))] == ["pay"]
    services.pay_return(back=back, by=person(Role.CLERK))
    assert CaseCard(back).next_words != AGAIN
    assert ReturnCard(back).next_words == "Your money is on its way back, the same way you paid."
    assert not waiting_returns()
    assert arrived(back).state == ReturnState.CLOSED
    assert [each.state for each in back.refunds.order_by("requested_at")] == ["failed", "succeeded"]
    with pytest.raises(Stale):
        services.pay_return(back=back, by=person(Role.CLERK))


def test_of_two_pieces_the_first_comes_back_first() -> None:
    line = parcels.bought(cores=2).lines.get()
    assert free_position(line) == 1


def test_what_was_never_paid_is_taken_off_the_invoice_and_no_money_moves() -> None:
    published()
    order = order_at("on_account")
    back = paid_back(accepted(received(begun(core_of(order, active=False)))))
    note = CreditNote.objects.get(invoice__order=order)
    assert (back.state, back.refunds.count()) == (ReturnState.CLOSED, 0)
    assert (note.total, note.refund) == (back.refund, None)


def test_of_an_order_paid_in_part_the_unpaid_is_taken_off_and_the_rest_goes_back() -> None:
    published()
    order = parcels.approved(submitted(drafted(things=((product(), 2),))))
    check_payment(order, cents=60_000)
    back = paid_back(accepted(received(begun(core_of(order, active=False)))))
    assert back.refund == WHOLE
    assert (back.credited, back.refunds.get().cents) == (17_000, WHOLE - 17_000)
    with pytest.raises(Stale, match="on its way already"):
        services.pay_return(back=back, by=person(Role.CLERK))


def test_what_was_given_back_for_the_line_before_is_not_given_twice() -> None:
    back = paid_back(accepted(received(begun(refunded_in_part(WHOLE)))))
    assert (back.refund, back.refunds.count(), back.state) == (WHOLE - FEE + FEE * 11 // 12, 0, ReturnState.CLOSED)


def test_its_pages_say_what_is_left_of_it_after_a_refund_by_staff() -> None:
    back, left = accepted(received(begun(refunded_in_part(10_000)))), WHOLE - 10_000
    assert back.refund is not None
    assert ReturnCard(back).lines[-2:] == [
        ("Refunded before", f"-{dollars(back.refund - left)}"),
        ("Goes back", dollars(left)),
    ]
    assert [amount for _back, amount, _button in waiting(person(Role.CLERK))] == [dollars(left)]
    told = [(card.amount, dollars(left) in card.money) for card in (ReturnCard(back), CaseCard(back))]
    done = paid_back(back)
    assert done.refunds.get().cents == left
    told += [(card.amount, dollars(left) in card.money) for card in (ReturnCard(done), CaseCard(done))]
    assert told == [(dollars(left), True)] * 4


def test_nothing_more_is_said_to_go_back_after_staff_gave_all_of_it() -> None:
    card = ReturnCard(accepted(received(begun(refunded_in_part(WHOLE)))))
    assert (card.money, card.is_off) == ("Nothing more goes back, since it was refunded before", False)


def test_all_pieces_of_a_line_bring_its_price_to_the_cent_with_its_tax() -> None:
    published()
    order = paid(placed(drafted(things=((product(cents=33_333), 3),)))).order
    line = order.lines.get()
    for _each in range(3):
        arrived(paid_back(accepted(received(begun(core_of(order, active=False))))))
    line.refresh_from_db()
    assert line.held == line.total
    assert RefundLine.objects.filter(line=line).aggregate(tax=Sum("tax"))["tax"] == line.tax


def test_the_database_refuses_to_pay_a_return_twice_or_before_it_is_accepted() -> None:
    back = arrived(paid_back())
    refund = back.refunds.get()
    for state in ("requested", "succeeded"):
        refund.pk, refund._state.adding, refund.gateway_id, refund.state = None, True, f"re_{state}", state
        refund.id = type(refund)._meta.pk.get_default()
        with pytest.raises(IntegrityError), transaction.atomic():
            refund.save(force_insert=True)


@pytest.mark.parametrize("columns", [{"device": 1}, {"state": "closed"}, {"refund": 1}])
def test_what_a_return_is_worth_is_never_edited(columns: dict[str, object]) -> None:
    back = accepted()
    with pytest.raises(IntegrityError), transaction.atomic():
        Return.objects.filter(pk=back.pk).update(**columns)


def test_one_that_is_paid_for_may_be_sent_to_somebody_else() -> None:
    back = paid_back()
    assert ShipmentItem.objects.get(pk=back.item_id).back_at is not None
    assert quote_of_core(back.core) is None


def test_who_leaves_is_paid_for_the_core_that_comes_back() -> None:
    core = bought()
    owner = core.registrant
    assert owner is not None
    registrants.leave(registrant=owner, by=owner.user)
    back = Return.objects.get(core=core)
    assert (back.state, back.registrant) == (ReturnState.APPROVED, None)
    done = arrived(paid_back(accepted(received(back))))
    assert done.state == ReturnState.CLOSED
    assert done.refunds.get().cents == back.expected
