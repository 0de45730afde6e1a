"""How long something is, as people read it."""

import pytest

from fusus_portal.ground.pages.times import kept, length


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(0, ""), (20, "20 s"), (60, "1 min"), (125, "2 min 5 s"), (3600, "1 h"), (3725, "1 h 2 min")],
)
def test_a_length_is_said_in_at_most_two_units(seconds: int, said: str) -> None:
    assert length(seconds) == said


@pytest.mark.parametrize(
    ("days", "said"),
    [
        (1, "1 day"),
        (180, "180 days"),
        (365, "1 year"),
        (1095, "3 years"),
        (1096, "1,096 days"),
        (36135, "99 years"),
    ],
)
def test_what_is_kept_for_whole_years_is_said_in_years(days: int, said: str) -> None:
    assert kept(days) == said
