"""Pages of returns and claims at each state: sums, days and what can be done."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.utils import timezone

from integration.cores.models import Core
from registry.registrants.models import Registrant
from shop.orders.models.orders import Order, OrderLine
from shop.payments.models import Payment, Refund
from shop.returns import policies
from shop.returns.models import DeductionSchedule, PartDeduction, Return, ReturnPart
from shop.returns.presenters.cases import CaseCard, confirm_acceptance
from shop.returns.presenters.returns import QuoteCard, ReturnCard, money_lines, share_of_year, version_words
from shop.returns.states import ReturnState
from shop.rules import LABEL_LIFE
from shop.warranty.models import Claim
from shop.warranty.presenters import ClaimCard, ClaimCase, words_of
from shop.warranty.states import ClaimState
from tests.unsaved import beside

MONDAY = datetime(2026, 4, 6, 12, tzinfo=timezone.get_default_timezone())
SECOND = timedelta(seconds=1)
SCHEDULE = DeductionSchedule(version=3, published_at=MONDAY)


def back_of(*, parts: tuple[int, ...] = (), refunds: tuple[Refund, ...] = (), **columns: Any) -> Return:
    """Return a return that is not saved. parts: what is taken off for each, in cents."""
    usual = {"device": 100_00, "fee_back": 0, "age_off": 0, "lowest": 15_00, "age_months": 0, "state": "received"}
    order = beside(
        Order(party="Acme"), payments=[Payment(method="card", captured=500_00, captured_at=MONDAY)], invoices=[]
    )
    line = OrderLine(total=500_00, held=0)
    back = Return(core=Core(serial="FC4-1", state="returning"), order=order, line=line, **{**usual, **columns})
    found = [ReturnPart(part=PartDeduction(name=f"Part {cents}"), cents=cents) for cents in parts]
    return beside(back, parts=list(found), refunds=list(refunds))


def amounts(back: Return) -> list[str]:
    return [amount for _words, amount in ReturnCard(back).lines]


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        ({}, ["$100.00", "$100.00"]),
        ({"age_off": 10_00}, ["$100.00", "-$10.00", "$90.00"]),
        ({"fee_back": 5_00}, ["$100.00", "$5.00", "$105.00"]),
        ({"age_off": 10_00, "fee_back": 5_00}, ["$100.00", "-$10.00", "$5.00", "$95.00"]),
        ({"age_off": 10_00, "parts": (4_00,)}, ["$100.00", "-$10.00", "-$4.00", "$90.00"]),
        ({"parts": (4_00,), "refund": 96_00}, ["$100.00", "-$4.00", "$96.00"]),
        ({"age_off": 80_00, "parts": (9_00,), "refund": 15_00}, ["$100.00", "-$80.00", "-$9.00", "$4.00", "$15.00"]),
    ],
)
def test_how_the_amount_comes_about(columns: dict[str, Any], said: list[str]) -> None:
    assert amounts(back_of(**columns)) == said


@pytest.mark.parametrize(
    ("age_off", "fee_back", "said"),
    [
        (10_00, 5_00, ["$100.00", "-$10.00", "$5.00", "$95.00"]),
        (90_00, 0, ["$100.00", "-$85.00", "$15.00"]),
    ],
)
def test_what_a_return_would_bring_comes_about_the_same_way(age_off: int, fee_back: int, said: list[str]) -> None:
    quoted = back_of(age_months=3, age_off=age_off, fee_back=fee_back)
    assert [amount for _words, amount in QuoteCard(quoted).lines] == said


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        ({"age_off": 10_00, "parts": (4_00,), "parts_off": 4_00}, ["$100.00", "-$10.00", "-$4.00", "$86.00"]),
        (
            {"age_off": 80_00, "parts": (9_00,), "parts_off": 9_00},
            ["$100.00", "-$80.00", "-$9.00", "$4.00", "$15.00"],
        ),
        ({"fee_back": 5_00}, ["$100.00", "$5.00", "$105.00"]),
    ],
)
def test_before_it_is_accepted_the_sum_is_what_then_goes_back(columns: dict[str, Any], said: list[str]) -> None:
    check = confirm_acceptance(back_of(state="inspected", **columns))
    assert [amount for _words, amount in check.lines] == said
    assert check.will[0].startswith(f"{said[-1]} goes back to Acme, to the card that it was paid with.")


def test_what_is_taken_off_for_its_age_says_for_how_long() -> None:
    assert money_lines(back_of(age_months=3, age_off=10_00))[1] == ("Deducted for 3 months", "-$10.00")


@pytest.mark.parametrize(("refund", "amount", "is_fixed"), [(None, "$90.00", False), (80_00, "$80.00", True)])
def test_an_amount_is_expected_until_it_is_fixed(refund: int | None, amount: str, is_fixed: bool) -> None:
    card = ReturnCard(back_of(age_off=10_00, refund=refund))
    assert (card.amount, card.is_fixed) == (amount, is_fixed)


@pytest.mark.parametrize("state", ReturnState)
def test_what_its_owner_can_do(state: ReturnState) -> None:
    card = ReturnCard(back_of(state=state))
    assert card.can_withdraw is (state in ("requested", "approved", "label_sent"))
    assert card.can_send is (state == "label_sent")
    assert card.can_be_sent is (state in ("approved", "label_sent"))


def test_its_facts_name_label_reason_and_days_once_there_are_any() -> None:
    assert [name for name, _value in ReturnCard(back_of()).facts] == ["CORE", "Order"]
    whole = back_of(carrier="ups", tracking="1Z", reason="Too slow", received_at=MONDAY)
    assert ReturnCard(whole).facts[2:] == [
        ("Label", "UPS 1Z"),
        ("Reason", "Too slow"),
        ("We inspect it by", "April 13, 2026"),
        ("We pay you by", "April 22, 2026"),
    ]
    whole.inspected_at = MONDAY
    assert ReturnCard(whole).facts[-1] == ("We pay you by", "April 15, 2026")
    assert "We inspect it by" not in dict(ReturnCard(whole).facts)
    whole.inspected_at = None
    assert CaseCard(whole).facts[-2:] == [("Inspect by", "April 13, 2026"), ("Pay out by", "April 22, 2026")]
    assert ("Label", "UPS") in ReturnCard(back_of(carrier="ups")).facts


@pytest.mark.parametrize(
    ("state", "due", "inspected"),
    [
        ("received", date(2026, 4, 13), None),
        ("inspected", date(2026, 4, 16), MONDAY + timedelta(days=1)),
        ("accepted", date(2026, 4, 16), MONDAY + timedelta(days=1)),
        ("refunding", date(2026, 4, 22), None),
    ],
)
def test_the_office_is_late_the_day_after_the_one_that_stands_there(
    state: str, due: date, inspected: datetime | None
) -> None:
    back = back_of(state=state, received_at=MONDAY, inspected_at=inspected)
    assert ReturnCard(back).due == due
    assert not policies.is_late(back, today=due)
    assert policies.is_late(back, today=due + timedelta(days=1))
    assert not policies.is_late(back_of(state="approved"), today=due + timedelta(days=99))


def test_what_happened_to_it_is_told_with_its_day() -> None:
    assert [moment.text for moment in ReturnCard(back_of(requested_at=MONDAY)).timeline] == ["Asked for"]
    ended = back_of(requested_at=MONDAY, received_at=MONDAY, ended_at=MONDAY, state="closed")
    assert [moment.text for moment in ReturnCard(ended).timeline][1:] == ["The parcel was received", "Paid out"]


def test_by_which_list_it_is_deducted() -> None:
    assert version_words(None) == "Nothing is deducted."
    assert version_words(SCHEDULE).startswith("By version 3 of April 6, 2026")


@pytest.mark.parametrize(("months", "left"), [(0, 11_00), (1, 10_00), (10, 1_00), (11, 0), (12, 0), (24, 0)])
def test_of_the_first_year_the_months_that_have_not_begun_are_left(months: int, left: int) -> None:
    assert share_of_year(12_00, months) == left


@pytest.mark.parametrize(("age", "is_old"), [(LABEL_LIFE, False), (LABEL_LIFE + SECOND, True)])
def test_a_label_is_good_for_its_time(age: timedelta, is_old: bool) -> None:
    with time_machine.travel(MONDAY, tick=False):
        assert policies.has_old_label(back_of(state="label_sent", labelled_at=MONDAY - age)) is is_old
        assert not policies.has_old_label(back_of(state="in_transit", labelled_at=MONDAY - age))


@pytest.mark.parametrize(
    ("columns", "state"),
    [
        ({}, "approved"),
        ({"labelled_at": MONDAY}, "label_sent"),
        ({"labelled_at": MONDAY, "sent_at": MONDAY}, "in_transit"),
    ],
)
def test_a_return_goes_back_to_where_it_was(columns: dict[str, Any], state: str) -> None:
    assert policies.way_back(back_of(**columns)) == state


def test_one_to_eight_pictures_are_taken_of_what_was_in_the_parcel() -> None:
    for number in (1, 8):
        policies.check_pictures([object()] * number)
    for number in (0, 9):
        with pytest.raises(ValidationError):
            policies.check_pictures([object()] * number)


def test_a_clerk_reads_the_name_of_who_left_as_it_was_on_the_order() -> None:
    back = back_of()
    back.order.party = "Acme"
    assert back.party == "Acme"
    back.registrant = Registrant(name="Acme Tools")
    assert back.party == "Acme Tools"


def claim_of(**columns: Any) -> Claim:
    return Claim(core=Core(serial="FC4-1"), **columns)


@pytest.mark.parametrize("state", ClaimState)
def test_what_comes_next_of_a_claim(state: ClaimState) -> None:
    due = claim_of(state=state, old_due_on=date(2026, 4, 30), charge=beside(Order(total=99_00), invoices=[]))
    found = words_of(due)
    assert ("by April 30, 2026" in found) is (state == "old_unit_due")
    assert ("its value of $99.00" in found) is (state == "charged")
    assert words_of(claim_of(state="opened"), state) == words_of(claim_of(state=state))


@pytest.mark.parametrize(
    ("state", "day", "late"),
    [
        ("old_unit_due", date(2026, 4, 5), True),
        ("old_unit_due", date(2026, 4, 6), False),
        ("old_unit_due", None, False),
        ("closed", date(2026, 4, 5), False),
    ],
)
def test_an_old_core_is_late_the_day_after_it_was_due(state: str, day: date | None, late: bool) -> None:
    with time_machine.travel(MONDAY, tick=False):
        assert ClaimCard(claim_of(state=state, old_due_on=day)).is_late is late


@pytest.mark.django_db
@pytest.mark.parametrize("state", ClaimState)
def test_when_the_old_core_is_due_is_said_until_it_is(state: ClaimState) -> None:
    said = ClaimCard(claim_of(state=state, old_due_on=date(2020, 1, 1))).terms
    assert ("the old one is due at the office" in said) is (state in ("opened", "approved", "replacement_shipped"))
    assert ("That day has passed." in said) is (state == "old_unit_due")


def test_what_is_known_of_a_claim_is_told_once_it_is_known() -> None:
    assert [name for name, _value in ClaimCard(claim_of(state="opened")).facts] == ["CORE"]
    whole = claim_of(
        state="charged",
        replacement=Core(serial="FC4-2"),
        old_due_on=date(2026, 4, 30),
        charge=beside(Order(total=99_00, number="O-1", bought_at=MONDAY), invoices=[]),
        reason="Broken",
        opened_at=MONDAY,
    )
    assert ClaimCard(whole).facts[1:] == [
        ("The new CORE", "FC4-2"),
        ("The old one is due by", "April 30, 2026"),
        ("Billed for the old one", "$99.00 · O-1"),
        ("Reason", "Broken"),
    ]
    assert [moment.text for moment in ClaimCard(whole).timeline] == ["You told us", "The old one was billed"]


@pytest.mark.parametrize("state", ClaimState)
def test_clerks_read_what_they_do_next_about_a_claim(state: ClaimState) -> None:
    claim = claim_of(
        state=state,
        old_due_on=date(2026, 4, 30),
        charge=beside(Order(total=99_00, number="O-1", bought_at=MONDAY), invoices=[]),
        registrant=Registrant(name="Plum Bakery"),
        opened_at=MONDAY,
    )
    case = ClaimCase(claim)
    said = f"{case.tag[1]} {case.next_words}"
    assert not {"you", "your", "we"} & set(said.lower().replace(",", " ").replace(".", " ").split())
    assert ("which is due by April 30, 2026" in said) is (state == "old_unit_due")
    assert ("its value of $99.00" in said) is (state == "charged")
    assert case.known[:2] == [("Business", "Plum Bakery"), ("CORE", claim.core.serial)]
    assert case.timeline[0].text == "The business told us"


def test_the_claim_of_a_business_that_left_names_nobody() -> None:
    assert ClaimCase(claim_of(state="closed")).known == [("CORE", claim_of(state="closed").core.serial)]
