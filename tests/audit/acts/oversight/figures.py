"""How the services of the public figures are called."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from audit.log.events import Event
from fusus_portal.ground.accounts.roles import Role
from fusus_portal.oversight.figures import services as figures
from tests.audit.acts import NO_ENTRY, PART, READS, Act, calls, name_of
from tests.database.clone import Clone
from tests.factories import person
from tests.oversight.figures.days import Days
from tests.oversight.figures.entries import of_incidents
from tests.sealed_log import SealedLog

NOTE: dict[str, Any] = {"note_en": "A fair was in town.", "note_es": "Hubo una feria en la ciudad."}

NO_ENTRY.update(
    {
        name_of(figures.count_finished_days): "counts day after day; each day is an act of its own",
        name_of(figures.days_of_month): READS,
        name_of(figures.is_checkpoint_held): READS,
        name_of(figures.is_last_of_month): READS,
        name_of(figures.kept_counts): READS,
        name_of(figures.counts_of_day): READS,
        name_of(figures.published_numbers): PART,
        "fusus_portal.oversight.figures.services.recount_day": (
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


@calls(figures.count_next_day, Event.FIGURES_COUNTED)
def count() -> Act:
    a_day_ends()
    return figures.count_next_day


@calls(figures.release_figures, Event.FIGURES_RELEASED)
def release() -> Act:
    a_day_ends()
    figures.count_next_day()
    by = person(Role.ADMINISTRATOR)
    return lambda: figures.release_figures(by=by)


@calls(figures.delay_figures, Event.FIGURES_DELAYED)
def delay() -> Act:
    release()()
    by, until = person(Role.ADMINISTRATOR), timezone.localdate() + timedelta(days=3)
    return lambda: figures.delay_figures(by=by, until=until, **NOTE)


@calls(figures.note_figures, Event.FIGURES_NOTED)
def note() -> Act:
    a_day_ends()
    figures.count_next_day()
    by = person(Role.ADMINISTRATOR)
    return lambda: figures.note_figures(by=by, **NOTE)
