"""Amounts as people write them."""

import pytest
from django.core.exceptions import ValidationError

from shop.catalogue.forms import HundredthsField


@pytest.mark.parametrize(
    ("written", "hundredths"),
    [
        ("500", 50_000),
        ("$500.00", 50_000),
        (" $ 500 ", 50_000),
        ("1,200", 120_000),
        ("$1,234,567.89", 123_456_789),
        (".5", 50),
        ("7.5 %", 750),
        ("4%", 400),
        (350, 35_000),
        ("", None),
    ],
)
def test_it_reads_an_amount_as_people_write_it(written: object, hundredths: int | None) -> None:
    assert HundredthsField(required=False, max_digits=12).clean(written) == hundredths


@pytest.mark.parametrize("written", ["1,20", "12,5", "1,2000", "1,,200", "five", "$", "5.005", "5 $", "-$5", "1 200"])
def test_it_guesses_nothing(written: str) -> None:
    with pytest.raises(ValidationError):
        HundredthsField(min_value=0, max_digits=12).clean(written)
