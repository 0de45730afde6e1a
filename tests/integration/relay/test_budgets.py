"""Budgets of one stream and one CORE in the receiving process."""

import asyncio
import time
from uuid import uuid4

import pytest

from fusus_portal.ground.access.limits import TooManyAtOnce
from integration.live.video.fragments import FrameTooLarge
from integration.relay.receiver import (
    BODIES,
    BYTES_A_SECOND,
    CAMERAS,
    FRAMES_A_SECOND,
    KEPT_SECONDS,
    OTHERS,
    Budget,
    Budgets,
)
from integration.relay.streams import GROUP_FRAMES
from integration.rules import STREAM_BYTES


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Hand out the time, which moves when a test says so."""
    now = [1000.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    return now


@pytest.mark.parametrize("cameras", [1, CAMERAS])
def test_a_group_at_first_and_then_so_much_a_second(clock: list[float], cameras: int) -> None:
    for what, most, rate in (("frames", GROUP_FRAMES, FRAMES_A_SECOND), ("amount", STREAM_BYTES, BYTES_A_SECOND)):
        budget = Budget(cameras)
        budget.spend(**{what: cameras * most})
        clock[0] += 1
        budget.spend(**{what: cameras * rate})
        with pytest.raises(FrameTooLarge):
            budget.spend(**{what: 1})


def test_bodies(clock: list[float]) -> None:
    budget = Budget()
    for _body in range(BODIES):
        budget.begin()
    clock[0] += 0.9
    for _refused in range(50):
        with pytest.raises(TooManyAtOnce):
            budget.begin()
    clock[0] += 0.2
    budget.begin()


def test_it_is_the_same_for_each_body_until_all_may_be_spent_again(clock: list[float]) -> None:
    budgets, one, other = Budgets(), uuid4(), uuid4()
    spent = budgets.of(one)
    spent.spend(frames=GROUP_FRAMES)
    assert budgets.of(one) is spent
    assert budgets.of(other) is not spent
    clock[0] += KEPT_SECONDS + 1
    assert budgets.of(other) is not spent
    assert budgets.of(one) is not spent


def test_who_took_the_loop_waits_for_a_few_times_as_long() -> None:
    async def run() -> float:
        budget = Budget()
        budget.took(0.02)
        budget.took(0.02)
        began = time.monotonic()
        await budget.turn()
        return time.monotonic() - began

    assert asyncio.run(run()) > 0.9 * OTHERS * 0.04
