"""The bounds of the shop: the last that is taken, and the first that is not."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.utils import timezone

from fusus_portal.ground.lifecycle import Stale
from registry.registrants.models import Registrant
from shop.books import policies as book_policies
from shop.catalogue import policies as catalogue_policies
from shop.catalogue.models import LONGEST_TEXT, Price, Product
from shop.connections.models import Term
from shop.connections.selectors import unused_fee
from shop.orders import policies
from shop.orders.models.invoices import CreditNote, Invoice
from shop.orders.models.orders import Order, OrderLine
from shop.orders.policies import a_year_after
from shop.orders.selectors import money
from shop.parcels import policies as parcel_policies
from shop.payments import policies as payment_policies
from shop.payments.models import Payment
from shop.payments.selectors import GivenAlone
from shop.returns import policies as return_policies
from shop.returns.presenters.returns import return_lines
from shop.rules import (
    HIGHEST_DEDUCTION,
    HIGHEST_PRICE,
    HIGHEST_TAX,
    LONGEST_PROBLEM,
    MOST_OF_ONE,
    MOST_PARTS,
    MOST_STEPS,
    PICTURES_OF_CLAIM,
)
from shop.warranty import policies as warranty_policies
from shop.warranty.models import Claim
from tests.shop.orders import orders
from tests.shop.orders.orders import SENDING
from tests.unsaved import beside

NOON = datetime(2026, 6, 15, 12, tzinfo=timezone.get_default_timezone())
SECOND = timedelta(seconds=1)
TODAY = NOON.date()


def day(number: int) -> date:
    return TODAY + timedelta(days=number)


def sent(**columns: str) -> dict[str, str]:
    """Check where an order goes. columns: what its address has of its own."""
    return policies.check_sending(replace(SENDING, ship_to=replace(SENDING.ship_to, **columns)))


def steps(count: int) -> dict[int, int]:
    return dict.fromkeys(range(count), 0)


def part(off: int) -> return_policies.Part:
    return ("Cable", "Cable", off)


LINE = OrderLine(name="CORE", name_es="CORE", total=500, held=100)
PAYMENT = Payment(captured=500, held=100)
CLAIM = Claim(old_due_on=TODAY, registrant=Registrant())
DUE = 500
FREE = 5

BOUNDS: dict[str, tuple[Callable[[Any], object], Sequence[object], Sequence[object]]] = {
    "last day of a period": (lambda n: book_policies.check_period(TODAY, day(n), today=TODAY), [0, 365], [-1, 366]),
    "first day of a period": (lambda n: book_policies.check_period(day(n), day(n), today=TODAY), [0], [1]),
    "description": (
        lambda n: catalogue_policies.check_description("text", "d" * n),
        [LONGEST_TEXT],
        [LONGEST_TEXT + 1],
    ),
    "price": (catalogue_policies.check_cents, [1, HIGHEST_PRICE], [0, HIGHEST_PRICE + 1]),
    "yearly fee": (catalogue_policies.check_yearly_fee, [0, HIGHEST_PRICE], [-1, HIGHEST_PRICE + 1]),
    "pieces of a discount": (catalogue_policies.check_from_quantity, [1, MOST_OF_ONE], [0, MOST_OF_ONE + 1]),
    "discount": (catalogue_policies.check_basis_points, [1, 9_999], [0, 10_000]),
    "more or fewer": (
        lambda n: catalogue_policies.check_change(n, free=FREE),
        [-FREE, 1, 100_000],
        [-FREE - 1, 0, 100_001],
    ),
    "received": (lambda n: catalogue_policies.check_direction("received", n), [0, 1], [-1]),
    "scrapped": (lambda n: catalogue_policies.check_direction("scrapped", n), [0, -1], [1]),
    "check": (lambda n: payment_policies.check_cents(n, due=DUE), [1, DUE], [0, DUE + 1]),
    "day of a check": (lambda n: payment_policies.check_day(day(n)), [0], [1]),
    "what goes back at least": (return_policies.check_lowest, [1_000, 10_000], [999, 10_001]),
    "steps": (lambda n: return_policies.check_steps(steps(n)), [MOST_STEPS], [MOST_STEPS + 1]),
    "month of a step": (lambda n: return_policies.check_steps({n: 0}), [0, 240], [-1, 241]),
    "step": (lambda n: return_policies.check_steps({1: n}), [0, HIGHEST_DEDUCTION], [-1, HIGHEST_DEDUCTION + 1]),
    "parts": (lambda n: return_policies.check_part_deductions([part(1)] * n), [MOST_PARTS], [MOST_PARTS + 1]),
    "part": (
        lambda n: return_policies.check_part_deductions([part(n)]),
        [1, HIGHEST_DEDUCTION],
        [0, HIGHEST_DEDUCTION + 1],
    ),
    "packed": (lambda n: parcel_policies.check_quantity(wanted=n, owed=FREE), [1, FREE], [0, FREE + 1]),
    "delay": (lambda n: parcel_policies.check_delay(day(n)), [1, 90], [0, 91]),
    "ordered": (policies.check_quantity, [1, MOST_OF_ONE], [0, MOST_OF_ONE + 1]),
    "free": (lambda n: policies.check_stock(n, free=FREE, name="CORE"), [FREE], [FREE + 1]),
    "lines": (lambda n: policies.check_line_count(n, most=3), [3], [4]),
    "name on a parcel": (lambda n: policies.check_sending(replace(SENDING, ship_name="n" * n)), [120], [0, 121]),
    "street": (lambda n: sent(street="s" * n), [120], [0, 121]),
    "city": (lambda n: sent(city="c" * n), [60], [0, 61]),
    "limit of a purchase order": (lambda n: policies.check_purchase_order_limit(n, total=DUE), [DUE], [DUE - 1]),
    "back of a line": (lambda n: payment_policies.check_amount(n, line=LINE), [400], [401]),
    "back of a payment": (
        lambda n: payment_policies.check_sum(n, payment=PAYMENT),
        [[1], [1, 399]],
        [[], [0, 1], [1, 400]],
    ),
    "tax": (policies.check_basis_points, [0, HIGHEST_TAX], [-1, HIGHEST_TAX + 1]),
    "end of a rate": (lambda n: policies.check_rate_days(TODAY, day(n)), [1], [0]),
    "end of a certificate": (lambda n: policies.check_valid_until(day(n), today=TODAY), [0], [-1]),
    "short text": (lambda n: catalogue_policies.check_text("note", "n" * n, longest=9), [1, 9], [0, 10]),
    "late old CORE": (lambda n: warranty_policies.must_be_late(CLAIM, today=day(n)), [1], [0]),
    "billed": (lambda n: warranty_policies.check_billed(CLAIM, n), [1], [0]),
    "settled": (lambda n: warranty_policies.must_be_settled(CLAIM, owed=n), [0], [1]),
    "problem": (lambda n: warranty_policies.check_problem("p" * n), [1, LONGEST_PROBLEM], [0, LONGEST_PROBLEM + 1]),
    "pictures": (lambda n: warranty_policies.check_pictures([0] * n), [0, PICTURES_OF_CLAIM], [PICTURES_OF_CLAIM + 1]),
}


@pytest.mark.parametrize("name", BOUNDS)
def test_the_last_is_taken_and_the_next_is_not(name: str) -> None:
    check, taken, refused = BOUNDS[name]
    with time_machine.travel(NOON, tick=False):
        for value in taken:
            check(value)
        for value in refused:
            with pytest.raises((ValidationError, Stale)):
                check(value)


def test_how_much_of_a_line_can_still_go_back_is_said() -> None:
    with pytest.raises(ValidationError, match=r"at most \$4\.00 can still go back"):
        payment_policies.check_amount(500, line=LINE)


@pytest.mark.parametrize(("free", "said"), [(0, "is sold out"), (1, "Only 1 of"), (2, "Only 2 of")])
def test_how_few_there_are_is_said(free: int, said: str) -> None:
    assert said in policies.short_words("CORE", free)


@pytest.mark.parametrize(("left", "is_over"), [(SECOND, False), (timedelta(0), True)])
def test_what_an_order_holds_is_free_at_its_very_second(left: timedelta, is_over: bool) -> None:
    with time_machine.travel(NOON, tick=False):
        assert policies.is_payment_over(Order(reserved_until=NOON + left)) is is_over


@pytest.mark.parametrize(("to_buyer", "today"), [(3_00, 1_00), (1_00, 3_00)])
def test_one_person_gives_back_up_to_the_bound(to_buyer: int, today: int) -> None:
    given = GivenAlone(to_buyer=to_buyer, today=today, bound=5_00)
    assert given.has_room_for(2_00)
    assert not given.has_room_for(2_01)


@pytest.mark.parametrize(
    ("paid", "taken_off", "owed"), [(0, 0, 9_00), (5_00, 1_00, 3_00), (9_00, 0, 0), (9_00, 1_00, 0)]
)
def test_what_is_owed_is_less_what_was_paid_and_taken_off(paid: int, taken_off: int, owed: int) -> None:
    invoice = beside(
        Invoice(total=9_00), credit_notes=[CreditNote(total=taken_off), CreditNote(total=7, refund_id=uuid4())]
    )
    assert money.owed_of(beside(Order(), invoices=[invoice], payments=[Payment(captured=paid)])) == owed


@pytest.mark.parametrize(
    ("owed", "due", "is_overdue"), [(1, -1, True), (1, 0, False), (0, -1, False), (1, None, False)]
)
def test_an_invoice_is_overdue_the_day_after_the_one_by_which_it_is_paid(
    owed: int, due: int | None, is_overdue: bool
) -> None:
    invoice = Invoice(due_on=None if due is None else day(due))
    assert money.is_overdue(invoice, owed=owed, today=TODAY) is is_overdue


@pytest.mark.parametrize(
    ("begins", "refunded", "left"), [(1, 0, 12_00), (0, 0, 11_00), (0, 2_00, 9_00), (-364, 0, 0), (-365, 2_00, 0)]
)
def test_what_is_left_of_a_year(begins: int, refunded: int, left: int) -> None:
    term = Term(starts_on=day(begins), ends_on=a_year_after(day(begins)), fee=12_00, refunded=refunded)
    assert unused_fee(term, TODAY) == left


@pytest.mark.parametrize(
    ("begin", "end"),
    [
        (date(2027, 3, 1), date(2028, 3, 1)),
        (date(2028, 2, 29), date(2029, 2, 28)),
    ],
)
def test_a_year_is_not_365_days(begin: date, end: date) -> None:
    assert a_year_after(begin) == end


@pytest.mark.parametrize(
    ("included", "said"),
    [
        (True, ["$340.00", "$280.00", "$230.00", "$230.00"]),
        (False, ["$460.00", "$400.00", "$350.00", "$350.00"]),
    ],
)
def test_what_a_return_would_bring_by_its_age(included: bool, said: list[str]) -> None:
    lines = return_lines(Product(first_year_included=included), Price(cents=350_00, yearly_fee=120_00), [])
    assert [amount for _months, amount in lines] == said


@pytest.mark.django_db
def test_a_price_begins_now_at_the_earliest() -> None:
    product, now = orders.product(), timezone.now()
    assert catalogue_policies.check_begin(now, product=product, now=now) == now
    with pytest.raises(ValidationError):
        catalogue_policies.check_begin(now - SECOND, product=product, now=now)
