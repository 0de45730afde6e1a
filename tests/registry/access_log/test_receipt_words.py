"""Sentences about a seal: who can check the entry, and from when on, in local time."""

from datetime import UTC, datetime

import pytest
import time_machine
from django.utils import translation

from audit.ledger.receipts import Seal
from registry.access_log.presenters.looks import checkable_sentence

AFTERNOON = datetime(2026, 7, 1, 19, 20, tzinfo=UTC)
LATE_EVENING = datetime(2026, 7, 2, 4, 20, tzinfo=UTC)


@pytest.mark.parametrize(
    ("sealed_at", "now", "is_public", "says"),
    [
        (AFTERNOON, AFTERNOON, False, "The receipt will be ready at 3 p.m. CDT."),
        (LATE_EVENING, LATE_EVENING, False, "The receipt will be ready at midnight CDT."),
        (AFTERNOON, datetime(2026, 7, 1, 20, 0, 1, tzinfo=UTC), False, "The receipt will be ready soon."),
        (AFTERNOON, datetime(2026, 7, 1, 20, 0, 1, tzinfo=UTC), True, "Anyone can check this."),
    ],
)
def test_it_says_from_when_on(sealed_at: datetime, now: datetime, is_public: bool, says: str) -> None:
    with time_machine.travel(now, tick=False):
        assert checkable_sentence(Seal(3, sealed_at, is_public)) == says


def test_what_is_not_sealed_yet_comes_at_the_next_hour() -> None:
    with time_machine.travel(AFTERNOON, tick=False):
        assert checkable_sentence(None) == "The receipt will be ready at 3 p.m. CDT."
        with translation.override("es"):
            assert checkable_sentence(None) == "El recibo estará listo a las 3:00\xa0p.m. CDT."
