"""How long something is, as people read it."""

import pytest

from fusus_portal.ground.pages.times import length


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(0, ""), (20, "20 s"), (60, "1 min"), (125, "2 min 5 s"), (3600, "1 h"), (3725, "1 h 2 min")],
)
def test_a_length_is_said_in_at_most_two_units(seconds: int, said: str) -> None:
    assert length(seconds) == said
