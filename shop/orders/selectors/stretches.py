"""Orders a page at a time. A page goes on after an order, not at a number of pages, so that none is seen twice."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from shop.orders.models.orders import Order

A_PAGE = 25


@dataclass(frozen=True, slots=True)
class Stretch:
    """Some orders, the latest first. older: the number after which it goes on, "" for none."""

    orders: Sequence[Order]
    older: str


def stretch(rows: QuerySet[Order], *, before: str = "") -> Stretch:
    """Return a page of orders, by the day on which they were placed.

    before: the number of the last one on the page before. One that is not among the rows is passed over.
    """
    if before:
        last = rows.filter(number=before.upper()).values_list("placed_at", "pk").first()
        if last is not None:
            rows = rows.filter(Q(placed_at__lt=last[0]) | Q(placed_at=last[0], pk__lt=last[1]))
    found = list(rows.order_by("-placed_at", "-pk")[: A_PAGE + 1])
    return Stretch(found[:A_PAGE], found[A_PAGE - 1].number if len(found) > A_PAGE else "")
