"""A year that has ended, counted and released, and a report of it."""

from datetime import date

from audit.log.events import Event
from fusus_portal.ground.accounts.models import User
from fusus_portal.oversight.annual import selectors, services
from fusus_portal.oversight.annual.definitions import BY_KEY, REQUIRED
from fusus_portal.oversight.annual.models import AnnualReport
from fusus_portal.oversight.figures import services as figures
from tests.oversight.figures.days import Days
from tests.oversight.figures.entries import of_incidents

SAID = "Nothing of this kind happened. Ask us at the counter."


def last_year(days: Days) -> int:
    """Return the year that ended last."""
    return days.today.year - 1


def let_a_year_end(days: Days, administrator: User) -> int:
    """Count two days of November, one of December, and one of January; release the figures. Return the year.

    Six incidents and more on each day, but four searches that led to requests in all. By kind: two large ones a month.
    """
    year = last_year(days)
    for month, day in ((11, 3), (11, 30), (12, 9)):
        for crime, area in (("burglary", "35203"), ("robbery", "35205"), ("theft", "35211")):
            for event, each in (
                (Event.INCIDENT_OPENED, 1),
                (Event.CANVASS_DRAFTED, 1),
                (Event.REQUEST_SENT, 3),
                (Event.CAMERA_FOUND, 4),
                (Event.VIEW_WATCHED, 20),
            ):
                of_incidents(event, 6, each=each, crime=crime, area=area)
        of_incidents(Event.REVIEW_SIGNED, 1)
        of_incidents(Event.VIEW_REFUSED, 6, facts={"condition": "pause"})
        if month == 12:
            of_incidents(Event.CANVASS_SENT, 4)
        days.end(date(year, month, day))
    days.end(date(year, 12, 31))
    of_incidents(Event.INCIDENT_OPENED, 40)
    days.end(date(year + 1, 1, 2))
    figures.count_finished_days()
    figures.release_figures(by=administrator)
    return year


def write_all(year: int, by: User, *, text: str = SAID) -> None:
    """Write each part that ordinances ask for, as somebody who has read it."""
    for part in REQUIRED:
        row = selectors.text_of_part(year, part.key)
        services.write_text(year=year, part=part, by=by, text=text, revision=row.revision if row else 0)


def write(year: int, key: str, by: User, text: str) -> None:
    """Write one part, as somebody who has read it."""
    row = selectors.text_of_part(year, key)
    services.write_text(year=year, part=BY_KEY[key], by=by, text=text, revision=row.revision if row else 0)


def seen(year: int) -> str:
    """Return the mark of the draft as it is now."""
    written = {key: row.text for key, row in selectors.texts_of_year(year).items()}
    content = selectors.numbers_of_year(year, selectors.public_figures(year))
    return services.mark_of_draft(content, written, selectors.versions_of_year(year).count() + 1)


def release(year: int, by: User, *, reason: str = "", is_named: bool = False) -> AnnualReport:
    """Release the draft as it is now."""
    return services.release_report(year=year, by=by, seen=seen(year), reason=reason, is_named=is_named)
