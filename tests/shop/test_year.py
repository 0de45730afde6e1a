"""More than a year of the shop: in the end everything adds up, to the cent, and nothing is left lying."""

import os
from collections.abc import Callable, Iterator

import pytest

from fusus_portal.ground.notifications.publishing import broker
from tests.database.clone import Clone
from tests.peers.payments import PaymentPeer
from tests.shop.year.reckoning import reckon
from tests.shop.year.world import World

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.long]

Begin = Callable[[int, int], World]
BUSINESSES = int(os.environ.get("YEAR_BUSINESSES", "100"))
"""YEAR_BUSINESSES=1000 lives through it with as many as a large county has, in about a quarter of an hour."""


@pytest.fixture
def begin(payment_peer: PaymentPeer, portal_db: Clone, monkeypatch: pytest.MonkeyPatch) -> Iterator[Begin]:
    """Return what begins a world of so many businesses. No worker hears of anything before its next round."""
    monkeypatch.setattr(broker, "offer", lambda *arguments, **named: True)
    begun: list[World] = []

    def made(size: int, seed: int) -> World:
        begun.append(World(payment_peer, size=size, seed=seed))
        return begun[-1]

    yield made
    for world in begun:
        world.stop()


def test_a_year_of_many(begin: Begin) -> None:
    world = begin(BUSINESSES, 2026)
    world.live()
    reckon(world)
