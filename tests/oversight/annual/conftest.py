"""A year that has ended."""

import pytest

from fusus_portal.ground.accounts.models import User
from tests.oversight.annual.years import let_a_year_end, write_all
from tests.oversight.figures.days import Days
from tests.sealed_log import SealedLog


@pytest.fixture
def days(sealed_log: SealedLog) -> Days:
    """Return a log whose days can end."""
    return Days(sealed_log)


@pytest.fixture
def year(days: Days, administrator: User) -> int:
    """Return a year that has ended, is counted, and whose figures are public."""
    return let_a_year_end(days, administrator)


@pytest.fixture
def written(year: int, administrator: User) -> int:
    """Return such a year with a text in each part that ordinances ask for."""
    write_all(year, administrator)
    return year
