"""Finished days are counted once, from the checkpoint that covers their end, and nothing else moves."""

from datetime import date, timedelta

import pytest

from audit.ledger.models import Publication
from audit.log.events import Event
from audit.log.models import AuditEntry
from fusus_portal.oversight.figures import services
from fusus_portal.oversight.figures.models import CountedDay, DayFigure, FigureReport
from tests.oversight.figures.days import Days
from tests.oversight.figures.entries import of_incidents

pytestmark = pytest.mark.django_db(transaction=True)


def kept(figure: str) -> dict[date, int]:
    return dict(DayFigure.objects.filter(figure=figure).values_list("counted", "number"))


def total(figure: str) -> int | None:
    found = FigureReport.objects.latest("counted").content["totals"].get(figure)
    return None if found is None else int(found)


def test_nothing_is_counted_before_a_published_checkpoint_covers_the_end(days: Days) -> None:
    assert services.count_finished_days() == 0
    of_incidents(Event.CANVASS_SENT, 6)
    days.write(days.ago(2))
    assert services.count_finished_days() == 0
    days.log.publish()
    assert services.count_finished_days() == 2  # it is public now, and both days are over
    assert kept("canvasses") == {days.ago(2): 6}


def test_each_day_has_its_own_and_the_checkpoint_that_it_was_counted_from(days: Days) -> None:
    for ago, number in ((4, 6), (3, 2), (2, 9)):
        of_incidents(Event.CANVASS_SENT, number)
        days.end(days.ago(ago))
    assert services.count_finished_days() == 3
    assert kept("canvasses") == {days.ago(4): 6, days.ago(3): 2, days.ago(2): 9}
    published = list(Publication.objects.order_by("size").values_list("size", "note"))
    counted = list(CountedDay.objects.order_by("day").values_list("size", "root"))
    assert counted == [(size, note.splitlines()[2]) for size, note in published]
    assert services.count_finished_days() == 0


def test_what_was_seen_again_and_again_counts_as_often(days: Days) -> None:
    of_incidents(Event.CAMERA_SHOWN, 6)
    of_incidents(Event.CAMERA_SHOWN, 2, facts={"count": 5, "hour": "2026-03-01T10:00:00+00:00"})
    of_incidents(Event.CAMERA_FOUND, 1, facts={"count": 100})
    days.end(days.ago(2))
    services.count_finished_days()
    assert kept("looks") == {days.ago(2): 6 + 2 * 5 + 1}


def test_today_is_never_counted(days: Days) -> None:
    of_incidents(Event.CANVASS_SENT, 6)
    days.end(days.ago(1))
    of_incidents(Event.CANVASS_SENT, 9)
    days.log.seal_and_publish()
    assert services.count_finished_days() == 1
    assert kept("canvasses") == {days.ago(1): 6}


def test_what_is_sealed_late_is_counted_on_the_first_day_whose_checkpoint_holds_it(days: Days) -> None:
    of_incidents(Event.CANVASS_SENT, 6)
    days.end(days.ago(3))
    of_incidents(Event.CANVASS_SENT, 7)
    days.write(days.ago(3))  # dated before midnight, and sealed after the checkpoint
    of_incidents(Event.CANVASS_SENT, 8)
    days.write(days.ago(1))  # and some that the checkpoint of the day before them holds already
    days.publish(days.ago(2))
    of_incidents(Event.CANVASS_SENT, 9)
    days.end(days.ago(1))
    assert services.count_finished_days() == 3
    assert kept("canvasses") == {days.ago(3): 6, days.ago(2): 7, days.ago(1): 17}
    assert total("canvasses") == 30


def test_a_night_without_publication_is_made_up_for(days: Days) -> None:
    for ago in (3, 2):
        of_incidents(Event.CANVASS_SENT, 6)
        days.write(days.ago(ago))
    days.publish(days.ago(2))
    assert services.count_finished_days() == 2
    assert kept("canvasses") == {days.ago(3): 6, days.ago(2): 6}


def test_each_day_leaves_its_entry(days: Days) -> None:
    of_incidents(Event.CANVASS_SENT, 6)
    days.end(days.ago(1))
    services.count_finished_days()
    entry = AuditEntry.objects.get(event=Event.FIGURES_COUNTED.value)
    assert entry.facts["day"] == days.ago(1).isoformat()
    assert entry.facts["size"] == CountedDay.objects.get().size
    assert entry.actor_id == services.COUNTER


def test_a_small_day_is_kept_and_not_told_and_joins_the_rest_of_its_month(days: Days) -> None:
    first = (days.today.replace(day=1) - timedelta(days=1)).replace(day=1)
    last = days.today.replace(day=1) - timedelta(days=1)
    for day, number in ((first, 3), (first + timedelta(days=1), 2), (first + timedelta(days=2), 7)):
        of_incidents(Event.CANVASS_SENT, number)
        days.end(day)
    services.count_finished_days()
    assert kept("canvasses")[first] == 3
    assert total("canvasses") == 7
    of_incidents(Event.CANVASS_WITHDRAWN, 1)
    days.end(last)
    services.count_finished_days()
    month = FigureReport.objects.latest("counted").content["figures"]["canvasses"]["months"][-1]
    assert (month["number"], month["rest"]) == (12, 5)
