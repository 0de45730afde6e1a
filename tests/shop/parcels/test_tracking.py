"""A tracking number is the same however a scanner or a person gives it."""

import pytest

from fusus_portal.ground.lookup.finders import Typed
from shop.parcels import policies


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("9400 1112 0108 0805 4830 16", "9400111201080805483016"),
        ("420 22153 9101026837331000039521", "9101026837331000039521"),
        ("4201002334249200190132607600833457", "9200190132607600833457"),
        ("]C1420352039400111201080805483016", "9400111201080805483016"),
        ("4203520392748931507708513018050063", "92748931507708513018050063"),
        ("1001921334250001000300779017972697", "779017972697"),
        (" 1 0 0 1 9 0 1 7 8 1 9 9 0 0 0 1 0 0 0 3 0 0 6 1 7 7 6 7 8 3 9 4 3 7 ", "617767839437"),
        ("9622001900000000000000776632517510", "776632517510"),
        ("9611020987654312345672", "987654312345672"),
        ("986578788855", "986578788855"),
        ("1z 999 aa1 01 2345 6784", "1Z999AA10123456784"),
        ("IZ999AA101234567O4", "1Z999AA10123456704"),
        ("EE 999 999 999 CA", "EE999999999CA"),
        ("", ""),
    ],
)
def test_it_is_the_number_that_the_carrier_prints(text: str, number: str) -> None:
    assert policies.tracking_number_in(text) == number


@pytest.mark.parametrize("text", ["42035203", "420352038400111201080805483016", "96110209876543123456", "1Z999AA1"])
def test_what_is_no_such_barcode_stays_as_it_is(text: str) -> None:
    assert policies.tracking_number_in(text) == text


def test_letters_that_look_like_digits_are_read_as_such_in_a_number_of_digits() -> None:
    assert "9400111201080805483016" in policies.tracking_numbers_meant(Typed("94OO III2 O1O8 O8O5 483O l6"))
    assert policies.tracking_numbers_meant(Typed("EE999999999CA")) == {"EE999999999CA"}
    assert policies.tracking_numbers_meant(Typed("")) == set()
