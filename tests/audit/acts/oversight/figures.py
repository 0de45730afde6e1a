"""How the services of the public figures are called."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from audit.log.events import Event
from fusus_portal.ground.accounts.roles import Role
from fusus_portal.oversight.figures.services import counts, reviews
from tests.audit.acts import NO_ENTRY, PART, READS, Act, calls, name_of
from tests.database.clone import Clone
from tests.factories import person
from tests.oversight.figures.days import Days
from tests.oversight.figures.entries import of_incidents
from tests.sealed_log import SealedLog

NOTE: dict[str, Any] = {"note_en": "A fair was in town.", "note_es": "Hubo una feria en la ciudad."}

NO_ENTRY.update(
    {
        name_of(counts.count_finished): "counts day after day; each day is an act of its own",
        name_of(counts.days_of_month): READS,
        name_of(counts.is_held): READS,
        name_of(counts.is_last_of_month): READS,
        name_of(counts.kept): READS,
        name_of(counts.of_day): READS,
        name_of(counts.of_month): PART,
        "fusus_portal.oversight.figures.services.checks.check": (
            "compares, and raises an alarm, which has its entry when it is told"
        ),
    }
)


def a_day_ends() -> None:
    """Let yesterday end with six owners asked, published and not counted."""
    days = Days(SealedLog(Clone.current))
    days.dated = 0
    of_incidents(Event.REQUEST_SENT, 6)
    days.end(days.ago(1))


@calls(counts.count_next, Event.FIGURES_COUNTED)
def count() -> Act:
    a_day_ends()
    return counts.count_next


@calls(reviews.release, Event.FIGURES_RELEASED)
def release() -> Act:
    a_day_ends()
    counts.count_next()
    by = person(Role.ADMINISTRATOR)
    return lambda: reviews.release(by=by)


@calls(reviews.delay, Event.FIGURES_DELAYED)
def delay() -> Act:
    release()()
    by, until = person(Role.ADMINISTRATOR), timezone.localdate() + timedelta(days=3)
    return lambda: reviews.delay(by=by, until=until, **NOTE)


@calls(reviews.note, Event.FIGURES_NOTED)
def note() -> Act:
    a_day_ends()
    counts.count_next()
    by = person(Role.ADMINISTRATOR)
    return lambda: reviews.note(by=by, **NOTE)
