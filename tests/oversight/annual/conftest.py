"""A year that has ended."""

import pytest

from fusus_portal.ground.accounts.roles import Role
from fusus_portal.oversight.annual.models import AnnualReport
from tests.database.clone import Clone
from tests.factories import person
from tests.oversight.annual.years import last_year, let_a_year_end, release, write, write_all
from tests.oversight.figures.days import Days
from tests.sealed_log import SealedLog


@pytest.fixture
def days(sealed_log: SealedLog) -> Days:
    """Return a log whose days can end."""
    return Days(sealed_log)


@pytest.fixture
def year(portal_db: Clone, sealed_log: SealedLog) -> int:
    """Return a year that has ended, is counted, and whose figures are public. People of a test come after it."""
    return begin_with_a_year(portal_db, sealed_log)


@pytest.fixture
def written(portal_db: Clone, sealed_log: SealedLog) -> int:
    """Return such a year with a text in each part that ordinances ask for. People of a test come after it."""
    return begin_with_texts(portal_db, sealed_log)


@pytest.fixture
def report(portal_db: Clone, sealed_log: SealedLog) -> AnnualReport:
    """Return the report of such a year, with a text in an optional part. People of a test come after it."""

    def make() -> None:
        year, by = begin_with_texts(portal_db, sealed_log), person(Role.ADMINISTRATOR)
        write(year, "use", by, 'We bought <b>nothing</b> & said: "why?"\n\nÑandú, 3 °C.')
        release(year, by)

    portal_db.begin_with("report of a year", make)
    return AnnualReport.objects.get()


def begin_with_a_year(clone: Clone, log: SealedLog) -> int:
    """Let a test begin with a year that has ended."""
    clone.begin_with("year", lambda: let_a_year_end(Days(log), person(Role.ADMINISTRATOR)))
    return last_year(Days(log))


def begin_with_texts(clone: Clone, log: SealedLog) -> int:
    """Let a test begin with such a year and its texts."""
    clone.begin_with("texts of a year", lambda: write_all(begin_with_a_year(clone, log), person(Role.ADMINISTRATOR)))
    return last_year(Days(log))
