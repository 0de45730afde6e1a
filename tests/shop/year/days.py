"""The days: a clock that is moved, here and at the payment service, and what is to happen on which of them."""

import random
from collections import defaultdict
from collections.abc import Callable
from datetime import datetime, timedelta

import time_machine
from django.utils import timezone

from tests.peers.payments import PaymentPeer

Act = Callable[[], object]
HOUR = 15
"""Of UTC: in the morning of the county, on one day in both."""


class Days:
    """Time. today: how many days have passed.

    The tables of the shop take their times from the application, and no trigger of theirs looks at the database's own
    clock, so that moving the application's moves all of it. Only the log keeps the real time of its entries.
    """

    def __init__(self, peer: PaymentPeer, chance: random.Random) -> None:
        self._peer, self._chance = peer, chance
        self._planned: defaultdict[int, list[Act]] = defaultdict(list)
        self._real = timezone.now()
        self._first = self._real.replace(hour=HOUR, minute=0, second=0, microsecond=0) + timedelta(days=1)
        self._clock = time_machine.travel(self._real, tick=True)
        self._moved = self._clock.start()
        self._ahead = 0.0
        self.today = 0
        self._move_to(self._first)

    def stop(self) -> None:
        """Let time be as it is."""
        self._clock.stop()

    def on(self, day: int, act: Act) -> None:
        """Plan something for a day; for today when that day is over."""
        self._planned[max(day, self.today)].append(act)

    def after(self, days: int, act: Act) -> None:
        """Plan something for so many days from now."""
        self.on(self.today + days, act)

    def begin(self, day: int) -> None:
        """Let a day begin."""
        self.today = day
        # What was made ready before the first of them took a moment, and time never goes back.
        self._move_to(max(self._first + timedelta(days=day), timezone.now()))

    def wait(self, minutes: int) -> None:
        """Let some of the day pass."""
        self._move_to(timezone.now() + timedelta(minutes=minutes))

    def acts(self) -> list[Act]:
        """Return what is planned for today, in any order, and forget it. What is planned meanwhile comes next time."""
        found = self._planned.pop(self.today, [])
        self._chance.shuffle(found)
        return found

    def _move_to(self, moment: datetime) -> None:
        step = moment - timezone.now()
        self._moved.shift(step)
        self._ahead += step.total_seconds()
        self._peer.tell("clock", ahead=self._ahead)
