"""The page of the books: sums with their signs, and the outcome of the last comparison."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from shop.books.models import BookCheck
from shop.books.policies import Period
from shop.books.presenters import BooksPage
from shop.books.selectors import Bill, Numbers, Sums

NOW = datetime(2026, 4, 1, tzinfo=UTC)
SUMS = Sums(
    cards=100_00,
    checks=20_00,
    refunded=9_00,
    by_check=4_00,
    came_back=2_00,
    invoiced=Bill(90_00, 9_00, 99_00),
    credited=Bill(10_00, 1_00, 11_00),
    places=[],
    invoices=Numbers(1, 9, 0),
    notes=Numbers(3, 5, 1),
    owed=0,
    owed_invoices=0,
    waiting=0,
    waiting_refunds=0,
)


def page(**check: Any) -> BooksPage:
    """Return the page after a comparison that came to its end, unless told otherwise."""
    done = BookCheck(**{"finished_at": NOW, "own_in": 100_00, "own_out": 7_00, **check})
    return BooksPage(Period(date(2026, 3, 1), date(2026, 3, 31)), SUMS, done)


def test_what_goes_out_is_below_zero_and_the_rest_stays() -> None:
    assert [amount for _name, amount in page().money] == [
        "$100.00",
        "$20.00",
        "$120.00",
        "-$9.00",
        "-$4.00",
        "$2.00",
        "-$11.00",
        "$109.00",
    ]


def test_what_is_left_of_the_bills_is_less_what_was_taken_off() -> None:
    assert [row[1:] for row in page().bills] == [
        ("$90.00", "$9.00", "$99.00"),
        ("-$10.00", "-$1.00", "-$11.00"),
        ("$80.00", "$8.00", "$88.00"),
    ]


def test_a_number_that_is_missing_is_said() -> None:
    assert page().numbers == [
        "Invoices INV-000001 to INV-000009, without a gap",
        "Credit notes CN-000003 to CN-000005: 1 number is missing",
    ]


@pytest.mark.parametrize(
    ("check", "kind", "sentence", "is_told"),
    [
        ({"told_in": 100_00, "told_out": 7_00}, "good", "", True),
        ({"told_in": 101_00, "told_out": 9_50}, "bad", "it took $1.00 and gave back $2.50.", True),
        ({"own_in": 99_00}, "warn", "have changed since they were compared", True),
        ({"finished_at": None}, "quiet", "Look again in a minute.", False),
        ({"failure": "Unknown"}, "warn", "The payment service did not answer.", False),
    ],
)
def test_what_came_of_the_comparison(check: dict[str, Any], kind: str, sentence: str, is_told: bool) -> None:
    found = page(**check)
    assert found.verdict[0] == kind
    assert sentence in found.verdict[2]
    assert bool(found.told) is is_told


def test_before_the_first_comparison_nothing_is_said_of_one() -> None:
    before = BooksPage(page().period, SUMS, None)
    assert (before.verdict, before.told) == (("", "", ""), [])
