"""A pin far from its address is a slip; how far depends on how exactly the address is known."""

import pytest
from django.core.exceptions import ValidationError

from fusus_portal.ground.geo.counties import county_at
from fusus_portal.ground.geo.geocoding import Geocoded
from fusus_portal.ground.geo.points import Precision
from registry.places.policies import check_pin
from tests.factories import LINN_PARK, north_of


@pytest.mark.parametrize(
    ("precision", "near", "far"), [(Precision.ROOFTOP, 1_900, 2_100), (Precision.AREA, 24_000, 26_000)]
)
def test_a_pin_lies_near_where_its_address_is(precision: Precision, near: float, far: float) -> None:
    address = Geocoded(LINN_PARK, precision, county_at(LINN_PARK))
    check_pin(north_of(LINN_PARK, near), address=address)
    with pytest.raises(ValidationError) as refused:
        check_pin(north_of(LINN_PARK, far), address=address)
    assert "pin" in refused.value.message_dict
