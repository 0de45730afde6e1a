"""Days, and people who review figures."""

import pytest

from tests.oversight.figures.days import Days
from tests.sealed_log import SealedLog


@pytest.fixture
def days(sealed_log: SealedLog) -> Days:
    """Return a log whose days can end."""
    return Days(sealed_log)
