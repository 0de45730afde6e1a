"""A number is understood however it is typed, and nothing else is taken for one."""
# ruff: noqa: RUF001  (letters of other alphabets are what they are here for)

import pytest

from fusus_portal.ground.lookup.finders import LONGEST, Typed
from registry.incidents import number_format


@pytest.mark.parametrize(
    "text",
    [
        "R-7K2MQX10",
        "r-7k2mqx10",
        "R7K2MQX10",
        " R – 7K2M QX10 ",
        "R—7K2MQX10",
        "R\u2212 7K2MQX10",
        "R\u201070K2MQX1".replace("70K2MQX1", "7K2MQX10"),
        "R-7K2MQXIO",
        "R-7K2MQXlo",
        "R-7\u200bK2MQX10",
        "Ꭱ-7К2МQХ1О",
    ],
)
def test_it_is_the_number_that_was_meant(text: str) -> None:
    assert Typed(text).number("R") == "R-7K2MQX10"


@pytest.mark.parametrize("text", ["", "R", "R-7K2MQX1", "R-7K2MQX100", "R-7K2MQXU0", "E-7K2MQX10", "R-7K2MQX1%", "<b>"])
def test_another_text_is_no_such_number(text: str) -> None:
    assert Typed(text).number("R") == ""


def test_the_letter_before_the_dash_looks_like_a_digit_too() -> None:
    assert Typed("0-5R9XJM2D").number("O") == "O-5R9XJM2D"
    assert Typed("l-4m8zdw3c").number("I") == "I-4M8ZDW3C"


def test_what_is_longer_than_any_number_is_no_number() -> None:
    assert Typed("1" * LONGEST).is_too_long is False
    assert Typed("1" * (LONGEST + 1)).is_too_long is True


@pytest.mark.parametrize(
    ("pattern", "text", "number"),
    [
        ("YYYY-NNNNNN", "2026-000123", "2026-000123"),
        ("YYYY-NNNNNN", "2o26 ooo l23", "2026-000123"),
        ("YYYY-NNNNNN", "2026–000123", "2026-000123"),
        ("YYYY-NNNNNN", "2026000123", "2026-000123"),
        ("YYYY-NNNNNN", "1926-000123", ""),
        ("YYYY-NNNNNN", "2026-00012", ""),
        ("YYYY-NNNNNN", "2026-0001234", ""),
        ("YYYY-NNNNNN", "2026-0001x3", ""),
        ("YYYY-NNNNNN", "", ""),
        ("[SAN]-YY-NNNN", "san260I23", "SAN-26-0123"),
        ("[SO]YY-NNNN", "S026/0123", "SO26-0123"),
        ("A NNNN", "0 1234", "O 1234"),
    ],
)
def test_an_incident_number_is_read_by_the_agencys_format(pattern: str, text: str, number: str) -> None:
    assert number_format.read(pattern).meant(Typed(text).bare) == number
