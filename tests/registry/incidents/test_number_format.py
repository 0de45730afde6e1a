"""The small language of incident numbers."""

import time

import pytest
from hypothesis import given, strategies as st

from registry.incidents import number_format
from registry.incidents.number_format import LONGEST_NUMBER, UnreadablePattern


@pytest.mark.parametrize(
    ("pattern", "example"),
    [
        ("YYYY-NNNNNN", "2026-000123"),
        ("YY-NNNN", "26-0123"),
        ("[SAN]-YY-NNNN", "SAN-26-0123"),
        ("SO YY/NNNA", "SO 26/123A"),
        ("NNN", "123"),
    ],
)
def test_its_own_example_is_accepted(pattern: str, example: str) -> None:
    read = number_format.read(pattern)
    assert read.example(2026, 123) == example
    assert read.accepts(example)


@pytest.mark.parametrize(
    ("pattern", "reason"),
    [
        ("YYY-NNNN", "year"),
        ("YY-YY-NNNN", "year"),
        ("YYYY-NN", "digits"),
        ("", "digits"),
        ("[SO-NNNN", "brackets"),
        ("[]NNNN", "brackets"),
        ("(a+)+NNN", "character"),
        ("so-NNNN", "character"),
        ("N" * (LONGEST_NUMBER + 1), "long"),
        ("N" * 1000, "long"),
        ("[ñ]NNNN", "character"),
    ],
)
def test_what_can_not_be_used_says_why(pattern: str, reason: str) -> None:
    with pytest.raises(UnreadablePattern) as refused:
        number_format.read(pattern)
    assert str(refused.value) == reason


@pytest.mark.parametrize("number", ["2026-00012", "2026-0001234", "1926-000123", "2026-00012\u0663", "2026_000123", ""])
def test_another_number_is_not_accepted(number: str) -> None:
    assert not number_format.read("YYYY-NNNNNN").accepts(number)


@given(st.text(max_size=60), st.text(max_size=2000))
def test_no_format_is_slow_or_breaks(pattern: str, number: str) -> None:
    started = time.perf_counter()
    try:
        read = number_format.read(pattern)
    except UnreadablePattern:
        return
    assert read.accepts(read.example(2026, 7))
    read.accepts(number)
    assert time.perf_counter() - started < 0.1
