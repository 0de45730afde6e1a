"""Contracts of the shop: a noun asks the nouns above it. Each has one answer, from that noun's `extensions`.

A contract without an answer raises ImproperlyConfigured: money depends on most of them.
"""

from typing import Any

from fusus_portal.ground.hooks import Hook
from shop.catalogue.hooks import packed
from shop.orders.hooks import comes_off, order_closed, year_order, year_pages
from shop.payments.hooks import refund_moved, saved_card

ALL: tuple[Hook[Any], ...] = (packed, comes_off, order_closed, year_order, year_pages, refund_moved, saved_card)


def must_be_answered() -> None:
    for hook in ALL:
        _ = hook.answer
