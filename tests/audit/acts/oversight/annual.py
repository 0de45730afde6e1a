"""How the services of the annual report are called."""

from audit.log.events import Event
from fusus_portal.ground.accounts.roles import Role
from fusus_portal.oversight.annual import services as annual
from fusus_portal.oversight.annual.definitions import BY_KEY
from tests.audit.acts import NO_ENTRY, READS, Act, calls, name_of
from tests.database.clone import Clone
from tests.factories import person
from tests.oversight.annual.years import SAID, let_a_year_end, seen, write_all
from tests.oversight.figures.days import Days
from tests.sealed_log import SealedLog

NO_ENTRY[name_of(annual.mark_of_draft)] = READS


def a_year_ended() -> int:
    """Let a year end, counted and public."""
    days = Days(SealedLog(Clone.current))
    days.dated = 0
    return let_a_year_end(days, person(Role.ADMINISTRATOR))


@calls(annual.write_text, Event.ANNUAL_TEXT_WRITTEN)
def write() -> Act:
    year, by = a_year_ended(), person(Role.ADMINISTRATOR)
    return lambda: annual.write_text(year=year, part=BY_KEY["cost"], by=by, text=SAID, revision=0)


@calls(annual.release_report, Event.ANNUAL_RELEASED)
def release() -> Act:
    year, by = a_year_ended(), person(Role.ADMINISTRATOR)
    write_all(year, by)
    read = seen(year)
    return lambda: annual.release_report(year=year, by=by, seen=read)
