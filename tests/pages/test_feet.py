"""Lengths are typed and read in feet, and kept in meters."""

import pytest
from django.core.exceptions import ValidationError

from fusus_portal.ground.pages.numbers import RadiusField, in_feet, least_feet


@pytest.mark.parametrize("feet", [1, 83, 471, 985, 4212])
def test_feet_that_were_typed_are_shown_again(feet: int) -> None:
    field = RadiusField()
    assert field.prepare_value(field.clean(str(feet))) == feet


@pytest.mark.parametrize("meters", [25.0, 143.53, 500.0, 1284.06, 2000.0])
def test_whole_feet_keep_a_limit_in_meters(meters: float) -> None:
    field = RadiusField()
    assert meters - 0.31 < field.clean(str(in_feet(meters))) <= meters
    assert meters <= field.clean(str(least_feet(meters))) < meters + 0.31


def test_what_is_no_number_is_shown_as_typed_and_refused() -> None:
    assert RadiusField().prepare_value("far") == "far"
    with pytest.raises(ValidationError):
        RadiusField().clean("far")
