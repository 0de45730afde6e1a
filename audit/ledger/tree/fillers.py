"""Fillers: leaves without an entry, which keep the size of the public tree from revealing how much was done.

They come at random moments and in random number, whatever else happens (docs/decisions/audit/fillers.md has the sums).
A filler takes a number of the log as an entry does, and has no row there, so counts and lists of entries never meet it.
Its bytes are those of an empty entry, and 128 random bits make its hash look like an entry's.
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
"""The chance that another filler follows at the same moment: two on average, ten or more once in 512."""

LAST_SECOND = 59
"""Second of a minute in which waiting fillers are sealed alone, so that a published hour holds all of its own."""

RANDOM_BYTES = 16
FORM = '{{"event":"audit:filler:add","id":{},"n":"{}"}}'
_FORM = re.compile(rb'\{"event":"audit:filler:add","id":([1-9][0-9]{0,18}),"n":"[A-Za-z0-9+/]{22}=="\}')

Filler = tuple[int, bytes]
"""Number in the log and bytes, as of entries in the tree."""


def number_of_filler(content: bytes) -> int | None:
    """Return a filler's number, None for other bytes. No entry matches: each says who acted, and when."""
    found = _FORM.fullmatch(content)
    return int(found[1]) if found else None


def fillers(count: int) -> list[Filler]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('audit_entry_id_seq') FROM generate_series(1, %s)", [count])
        return [(number, _content(number)) for (number,) in cursor.fetchall()]


def _content(number: int) -> bytes:
    return FORM.format(number, base64.b64encode(secrets.token_bytes(RANDOM_BYTES)).decode()).encode()


class Schedule:
    """Moments of fillers, and the fillers that wait for their place.

    Moments form a Poisson process, so past ones reveal nothing of later ones. A filler has its number from its moment
    on, and its place among the entries by that number: sealing it later moves nothing.
    """

    def __init__(self, random: Random | None = None) -> None:
        self._random = random or SystemRandom()
        self._next = monotonic() + self._pause()
        self.waiting: list[Filler] = []

    def come(self) -> None:
        """Make the fillers whose moments have come. After a pause, of the database say, all due ones come at once."""
        due = 0
        while settings.LEDGER_FILLER_SECONDS and self._next <= monotonic():
            due += self.number()
            self._next += self._pause()
        if due:
            self.waiting += fillers(due)

    def number(self) -> int:
        drawn = 1
        while self._random.random() < ONE_MORE:
            drawn += 1
        return drawn

    def _pause(self) -> float:
        seconds: float = settings.LEDGER_FILLER_SECONDS
        return self._random.expovariate(1 / seconds) if seconds else 0.0


def come_alone(at: datetime) -> bool:
    """True if fillers are sealed now even without an entry to join."""
    return at.second == LAST_SECOND
