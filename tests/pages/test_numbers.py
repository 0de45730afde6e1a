"""Numbers in words, at each of their bounds."""

import pytest

from fusus_portal.ground.pages.numbers import in_words


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (0, "zero"),
        (19, "nineteen"),
        (20, "twenty"),
        (99, "ninety-nine"),
        (100, "one hundred"),
        (999, "nine hundred ninety-nine"),
        (1_000, "one thousand"),
        (1_024, "one thousand twenty-four"),
        (999_999, "nine hundred ninety-nine thousand nine hundred ninety-nine"),
    ],
)
def test_a_number_in_words(number: int, words: str) -> None:
    assert in_words(number) == words


@pytest.mark.parametrize("number", [-1, 1_000_000])
def test_what_lies_beyond_has_none(number: int) -> None:
    with pytest.raises(ValueError, match="not written in words"):
        in_words(number)
