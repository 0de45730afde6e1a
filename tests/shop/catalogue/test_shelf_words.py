"""Sentences of the shop about a product: what is left of it, what it costs in its years, and which one fits."""

from typing import Any

import pytest
from django.utils import timezone

from integration.cores.models import CoreModel
from shop.catalogue.models import Discount, Price, Product, Stock
from shop.catalogue.presenters import (
    MOST_CHOICES,
    NOTHING,
    ProductCard,
    Row,
    core_choices,
    first_year_of,
    offers_by_kind,
)
from shop.catalogue.selectors import Offer, Shelf
from shop.rules import MOST_OF_ONE

pytestmark = pytest.mark.django_db


def offer(
    *, cents: int = 100_00, fee: int = 0, free: int | None = None, discounts: tuple[Discount, ...] = (), **columns: Any
) -> Offer:
    """Return a product on sale that is not saved. free: pieces on the shelf, None for what needs none."""
    product = Product(**{"kind": "service", "name": "Visit", "name_es": "Visita", **columns})
    if free is not None:
        product.stock = Stock(on_hand=free, reserved=0)
    return Offer(product, Price(cents=cents, yearly_fee=fee), list(discounts))


def core(cameras: int, **more: Any) -> Offer:
    return offer(kind="core", core_model=CoreModel(cameras_supported=cameras), **more)


@pytest.mark.parametrize(
    ("free", "words", "kind"),
    [
        (0, "Sold out for now", "bad"),
        (1, "Only 1 left", "warn"),
        (5, "Only 5 left", "warn"),
        (6, "In stock", "good"),
        (None, "", "warn"),
    ],
)
def test_what_is_left(free: int | None, words: str, kind: str) -> None:
    card = ProductCard(offer(free=free))
    assert (card.stock.words, card.stock.kind, card.stock.is_sold_out) == (words, kind, free == 0)


@pytest.mark.parametrize(
    ("fee", "included", "first", "words"),
    [
        (0, False, 100_00, "There is no yearly fee."),
        (30_00, True, 100_00, "The first year's fee is in the price."),
        (30_00, False, 130_00, "The first year's fee is added to the price."),
    ],
)
def test_the_fee_of_the_first_year(fee: int, included: bool, first: int, words: str) -> None:
    sold = offer(fee=fee, first_year_included=included)
    card = ProductCard(sold)
    assert (first_year_of(sold), card.fee_words, card.has_fee) == (first, words, fee > 0)


def test_a_core_says_how_many_cameras_it_connects() -> None:
    assert ProductCard(core(1)).cameras == "Connects 1 camera"
    assert ProductCard(core(8)).cameras == "Connects up to 8 cameras"
    assert ProductCard(offer()).cameras == ""


def test_what_is_sold_stands_below_its_heading() -> None:
    found = offers_by_kind([offer(), core(8)])
    assert [(heading, len(cards)) for heading, cards in found] == [("COREs", 1), ("Services", 1)]


def test_what_fits_is_counted_in_pieces_with_discount_and_fees() -> None:
    half = Discount(from_quantity=3, basis_points=5_000)
    sold = core(8, cents=100_00, fee=30_00, first_year_included=False, discounts=(half,))
    [choice] = core_choices([offer(), sold], 17)
    assert (choice.pieces, choice.connects) == (3, 24)
    assert (choice.first_cents, choice.later_cents) == (240_00, 90_00)


def test_what_fits_is_no_more_than_can_be_ordered_and_not_too_long_a_list() -> None:
    assert core_choices([core(1)], MOST_OF_ONE)
    assert not core_choices([core(1)], MOST_OF_ONE + 1)
    assert core_choices([core(1)], 3, most=3)
    assert not core_choices([core(1)], 4, most=3)
    assert len(core_choices([core(1)] * (MOST_CHOICES + 1), 1)) == MOST_CHOICES


@pytest.mark.parametrize(
    ("is_priced", "is_retired", "free", "said"),
    [
        (True, False, 3, (("good", "Sold"), "$1.00, $2.00 a year", "3 left")),
        (False, False, None, (("warn", "Not sold yet"), "No price yet, so it is not sold", NOTHING)),
        (True, True, 0, (("quiet", "No longer sold"), "$1.00, $2.00 a year", "0 left")),
    ],
)
def test_an_administrator_reads_whether_it_is_sold(
    is_priced: bool, is_retired: bool, free: int | None, said: tuple[tuple[str, str], str, str]
) -> None:
    shown = offer(cents=1_00, fee=2_00, free=free, retired_at=timezone.now() if is_retired else None)
    row = Row(shown.product, shown.price if is_priced else None, None if free is None else Shelf(free, 0))
    assert (row.state, row.price_words, row.stock_words) == said
