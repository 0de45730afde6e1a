"""Fillers: leaves without an entry, so that the size of the public tree does not tell how much was done.

They come at random moments and in random number, whatever else happens (docs/decisions/audit/fillers.md has the sums).
A filler takes a number of the log as an entry does, and has no row there: what counts or reads entries never meets it.
Its bytes are those of an entry that says nothing, and 128 random bits keep its hash from being told from an entry's.
"""

import base64
import re
import secrets
from datetime import datetime
from random import Random, SystemRandom
from time import monotonic

from django.conf import settings
from django.db import connection

ONE_MORE = 0.5
"""The chance that a filler is followed by another at the same moment: two on average, ten or more once in 512."""

LAST_SECOND = 59
"""Of a minute of the clock, in which what waits is sealed alone. So an hour that is published holds all of its own."""

RANDOM_BYTES = 16
FORM = '{{"event":"audit:filler:add","id":{},"n":"{}"}}'
_FORM = re.compile(rb'\{"event":"audit:filler:add","id":([1-9][0-9]{0,18}),"n":"[A-Za-z0-9+/]{22}=="\}')

Filler = tuple[int, bytes]
"""Its number in the log and its bytes, as of entries in the tree."""


def number_of_filler(content: bytes) -> int | None:
    """Return which number a filler has, None for any other bytes. No entry is one: each says who acted, and when."""
    found = _FORM.fullmatch(content)
    return int(found[1]) if found else None


def fillers(count: int) -> list[Filler]:
    """Make so many fillers, with the next numbers of the log."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('audit_entry_id_seq') FROM generate_series(1, %s)", [count])
        return [(number, _content(number)) for (number,) in cursor.fetchall()]


def _content(number: int) -> bytes:
    return FORM.format(number, base64.b64encode(secrets.token_bytes(RANDOM_BYTES)).decode()).encode()


class Schedule:
    """When fillers come, and those that wait for their place.

    Moments are as far from each other as those of a Poisson process, so what was says nothing of what comes. A filler
    has its number from its moment on, and its place among the entries by that: sealing it later moves nothing.
    """

    def __init__(self, random: Random | None = None) -> None:
        self._random = random or SystemRandom()
        self._next = monotonic() + self._pause()
        self.waiting: list[Filler] = []

    def come(self) -> None:
        """Make those whose moments have come. After a pause, of the database say, all that were due come at once."""
        due = 0
        while settings.LEDGER_FILLER_SECONDS and self._next <= monotonic():
            due += self.number()
            self._next += self._pause()
        if due:
            self.waiting += fillers(due)

    def number(self) -> int:
        """Draw how many fillers a moment has."""
        drawn = 1
        while self._random.random() < ONE_MORE:
            drawn += 1
        return drawn

    def _pause(self) -> float:
        seconds: float = settings.LEDGER_FILLER_SECONDS
        return self._random.expovariate(1 / seconds) if seconds else 0.0


def come_alone(at: datetime) -> bool:
    """Tell whether fillers are sealed now without an entry that they could join."""
    return at.second == LAST_SECOND
