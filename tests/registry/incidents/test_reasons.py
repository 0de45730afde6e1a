"""How little a reason may say: letters, words, and words that tell something, the last that is too few and the next."""

import pytest

from registry.incidents.policies.reasons import says_why
from registry.limits.models import Limits


@pytest.mark.parametrize(
    ("reason", "is_enough"),
    [
        ("witness saw four", False),  # 14 letters
        ("witness saw three", True),
        ("burglary witnesses", False),  # two words
        ("burglary witnesses fled", True),
        ("for these burglars", False),  # one word that tells something
        ("for these tall burglars", True),
        ("for these burglars hjkl", False),  # fingers along a row
        ("for these burglars hjk", True),
        ("for these burglars aaa", False),  # one letter over and over
        ("for these burglars aab", True),
    ],
)
def test_how_much_a_reason_says(reason: str, is_enough: bool) -> None:
    assert says_why(reason, limits=Limits()) is is_enough
