"""Invariant 9 in numbers: of a line never more goes back than was paid for it, to the cent, and never nothing."""

from datetime import date

import pytest
from hypothesis import given, strategies as st

from shop.returns import policies, worth

CENTS = st.integers(min_value=1, max_value=10_000_000)


@st.composite
def pieces(draw: st.DrawFn) -> worth.Piece:
    """A line as the database would keep it."""
    quantity, unit = draw(st.integers(1, 100)), draw(CENTS)
    included = draw(st.booleans())
    yearly = draw(st.integers(0, 10_000_000))
    first = 0 if included else draw(st.sampled_from([0, yearly]))
    goods = quantity * (unit + first)
    net = draw(st.integers(min_value=max(goods // 2, 1), max_value=goods))
    tax = draw(st.integers(0, net // 3))
    return worth.Piece(quantity, net + tax, unit, first, yearly, included)


@given(pieces())
def test_the_pieces_of_a_line_are_its_price_to_the_cent(piece: worth.Piece) -> None:
    paid = [piece.paid(position) for position in range(1, piece.quantity + 1)]
    assert sum(each.whole for each in paid) == piece.total
    assert all(each.device >= 0 and each.fee >= 0 for each in paid)


@given(
    pieces(),
    st.dictionaries(st.integers(0, 240), st.integers(0, 9000), max_size=6),
    st.lists(st.integers(1, 9000), max_size=8),
    st.integers(1000, 10_000),
    st.tuples(st.integers(0, 300), st.booleans()),
)
def test_never_more_than_was_paid_and_never_nothing(
    piece: worth.Piece, steps: dict[int, int], parts: list[int], least: int, age: tuple[int, bool]
) -> None:
    months, begun = age
    for position in {1, piece.quantity}:
        paid = piece.paid(position)
        off = worth.age_off(paid.device, steps, months) + sum(worth.off_for(paid.device, parts))
        today = date(2026 + months // 12, months % 12 + 1, 1)
        fee_back = worth.unused(paid.fee, date(2026, 1, 1) if begun else None, today)
        lowest = worth.lowest(paid.device, least)
        back = worth.goes_back(device=paid.device, off=off, least=lowest, fee_back=fee_back)
        assert lowest <= back <= paid.whole
        assert back > 0 or paid.whole == 0


@pytest.mark.parametrize(
    ("begin", "end", "months"),
    [
        (date(2026, 1, 31), date(2026, 2, 27), 0),
        (date(2026, 1, 31), date(2026, 2, 28), 1),
        (date(2026, 1, 15), date(2027, 1, 14), 11),
        (date(2026, 1, 15), date(2027, 1, 15), 12),
        (date(2024, 2, 29), date(2025, 2, 28), 12),
        (date(2026, 5, 1), date(2026, 4, 1), 0),
    ],
)
def test_whole_months(begin: date, end: date, months: int) -> None:
    assert worth.whole_months(begin, end) == months


def test_a_month_that_has_begun_is_used_and_the_others_go_back() -> None:
    begun = date(2026, 3, 10)
    assert worth.unused(12_000, None, begun) == 12_000
    assert worth.unused(12_000, begun, begun) == 11_000
    assert worth.unused(12_000, begun, date(2026, 9, 9)) == 6_000
    assert worth.unused(12_000, begun, date(2026, 9, 10)) == 5_000
    assert worth.unused(12_000, begun, date(2027, 3, 10)) == 0


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2026, 11, 26), False),
        (date(2026, 11, 27), True),
        (date(2026, 11, 28), False),
        (date(2026, 7, 3), False),
        (date(2026, 12, 25), False),
        (date(2027, 12, 31), False),
        (date(2026, 5, 25), False),
        (date(2026, 1, 19), False),
    ],
)
def test_the_office_rests_on_weekends_and_holidays(day: date, works: bool) -> None:
    assert policies.is_working_day(day) is works
