"""A year that has ended."""

import pytest

from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.accounts.roles import Role
from tests.database.clone import Clone
from tests.factories import person
from tests.oversight.annual.years import last_year, let_a_year_end, write_all
from tests.oversight.figures.days import Days
from tests.sealed_log import SealedLog


@pytest.fixture
def days(sealed_log: SealedLog) -> Days:
    """Return a log whose days can end."""
    return Days(sealed_log)


@pytest.fixture
def year(portal_db: Clone, sealed_log: SealedLog) -> int:
    """Return a year that has ended, is counted, and whose figures are public. People of a test come after it."""
    portal_db.begin_with("year", lambda: let_a_year_end(Days(sealed_log), person(Role.ADMINISTRATOR)))
    return last_year(Days(sealed_log))


@pytest.fixture
def written(year: int, administrator: User) -> int:
    """Return such a year with a text in each part that ordinances ask for."""
    write_all(year, administrator)
    return year
