"""A new discount ends the one for as many pieces, and no other."""

import pytest

from shop.catalogue import services
from tests.factories import person
from tests.shop.orders import orders

pytestmark = pytest.mark.django_db


def test_it_replaces_the_one_for_as_many_pieces_and_no_other() -> None:
    sold, by = orders.product(), person("administrator")
    of_five, of_ten, again = (
        services.add_discount(product=sold, by=by, from_quantity=pieces, basis_points=points)
        for pieces, points in ((5, 500), (10, 1_000), (5, 700))
    )
    assert set(sold.discounts.filter(ended_at__isnull=True)) == {of_ten, again}
    of_five.refresh_from_db()
    assert of_five.ended_at == again.starts_at
