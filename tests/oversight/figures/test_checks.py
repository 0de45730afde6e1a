"""A figure that comes out otherwise is an alarm, and the page says so instead of showing it (promise B3)."""

import json
import re
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import ProgrammingError, connection, transaction
from django.test import Client
from django.urls import reverse

from audit.ledger import alarms
from audit.ledger.models import Alarm
from audit.log.events import Event
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.lifecycle import NotYours
from fusus_portal.oversight.figures import selectors, services
from fusus_portal.oversight.figures.models import FigureDoubt
from fusus_portal.oversight.figures.tasks import check_figures
from tests.audit.ledger.earlier import backup
from tests.oversight.figures.days import Days
from tests.oversight.figures.entries import of_incidents

pytestmark = pytest.mark.django_db(transaction=True)

CHANGES = {
    "a day": "UPDATE figures_dayfigure SET number = number + 1 WHERE figure = 'asked'",
    "a day taken out": "DELETE FROM figures_dayfigure WHERE figure = 'asked'",
    "the report": "UPDATE figures_figurereport SET content = jsonb_set(content, '{totals,asked}', '99')",
    "a month of the report": (
        "UPDATE figures_figurereport SET content = jsonb_set(content, '{figures,asked,months,0,number}', '99')"
    ),
}


@pytest.fixture
def released(days: Days, administrator: User) -> Days:
    """A day with owners asked and looks, released."""
    of_incidents(Event.REQUEST_SENT, 6)
    of_incidents(Event.CAMERA_FOUND, 7)
    days.end(days.ago(1))
    services.count_finished_days()
    services.release_figures(by=administrator)
    return days


def said() -> str:
    return " ".join(Client().get(reverse("transparency")).content.decode().split())


def shown() -> set[str]:
    return {figure["key"] for figure in Client().get(reverse("figures_json")).json()["figures"]}


def change(days: Days, statement: str) -> None:
    with days.log.clone.connect() as superuser:
        superuser.execute(statement.encode())


class TestWhatIsAsItWasCounted:
    def test_nothing_is_raised(self, released: Days) -> None:
        assert check_figures() == 0
        assert not Alarm.objects.exists()
        assert {"asked", "looks"} <= shown()

    def test_a_month_with_its_breakdowns_and_its_rest(self, days: Days) -> None:
        first = (days.today.replace(day=1) - timedelta(days=1)).replace(day=1)
        last = days.today.replace(day=1) - timedelta(days=1)
        for day in (first, first + timedelta(days=1), last):
            for crime in ("burglary", "robbery", "theft"):
                of_incidents(Event.REQUEST_SENT, 6, crime=crime)
            of_incidents(Event.CANVASS_SENT, 3)
            days.end(day)
        services.count_finished_days()
        assert services.recount_day(day=last) == []


class TestWhatIsNot:
    @pytest.mark.parametrize("what", sorted(CHANGES))
    def test_it_is_an_alarm_and_not_shown_until_it_agrees(self, released: Days, what: str) -> None:
        with released.log.clone.connect() as superuser:
            rows = superuser.execute("SELECT number FROM figures_dayfigure WHERE figure = 'asked'").fetchall()
        change(released, CHANGES[what])
        assert {each.figure for each in services.recount_day(day=released.ago(1))} == {"asked"}
        (alarm,) = alarms.open_alarms()
        assert alarm.kind == "public-figures"
        assert shown() == {"unconnected", "looks"}
        assert "came out otherwise: owners asked for footage" in said()
        assert not re.search(r"<dt[^>]*>owners asked for footage", said())
        assert ">18<" not in Client().get(reverse("home")).content.decode()
        change(released, "DELETE FROM figures_dayfigure WHERE figure = 'asked'")
        change(
            released,
            "INSERT INTO figures_dayfigure (day, figure, number, incidents) "
            f"SELECT day, 'asked', {rows[0][0]}, 6 FROM figures_countedday",
        )
        content = selectors.report_through(released.ago(1))
        with released.log.clone.connect() as superuser:
            superuser.execute("UPDATE figures_figurereport SET content = %s::jsonb", [json.dumps(content)])
        assert services.recount_day() == []
        assert not alarms.open_alarms().exists()
        assert "asked" in shown()
        assert FigureDoubt.objects.filter(cleared_at=None).count() == 0

    def test_a_log_that_is_rolled_back_shows_no_figure_and_counts_no_day(self, released: Days) -> None:
        with backup(released.log.clone) as earlier:
            of_incidents(Event.REQUEST_SENT, 9)
            released.log.seal_and_publish()
            with released.log.clone.connect() as superuser:
                superuser.execute("SET event_triggers = off")
                superuser.execute("ALTER TABLE audit_publication DISABLE TRIGGER audit_publication_refuse")
                superuser.execute("ALTER TABLE audit_bundle DISABLE TRIGGER audit_bundle_refuse")
                superuser.execute("DELETE FROM audit_publication")
                superuser.execute("DELETE FROM audit_leaf")
            found = services.recount_day()
            assert [each.figure for each in found] == [""]
            assert "The figures are withheld" in said()
            assert "figure__number" not in Client().get(reverse("home")).content.decode()
            assert Client().get(reverse("figures_json")).json()["withheld"] == ["all"]
            assert alarms.open_alarms().filter(kind="public-figures").exists()
            earlier.restore()

    def test_the_page_says_so_before_anybody_checks(self, released: Days) -> None:
        with released.log.clone.connect() as superuser:
            superuser.execute("SET event_triggers = off")
            superuser.execute("ALTER TABLE audit_publication DISABLE TRIGGER audit_publication_refuse")
            superuser.execute("UPDATE audit_publication SET size = 1")
        assert "The figures are withheld" in said()


class TestTheCommand:
    def test_it_checks_a_day_and_names_what_differs(self, released: Days) -> None:
        out = StringIO()
        call_command("figures", "check", "--day", released.ago(1).isoformat(), stdout=out)
        assert "come out the same" in out.getvalue()
        change(released, CHANGES["a day"])
        with pytest.raises(SystemExit):
            call_command("figures", "check", "--day", released.ago(1).isoformat(), stdout=out)
        assert "asked: 7 kept, 6 counted again" in out.getvalue()

    @pytest.mark.parametrize("ahead", [-400, 30])
    def test_a_day_that_was_not_counted_or_is_to_come_is_refused(self, released: Days, ahead: int) -> None:
        day = released.today + timedelta(days=ahead)
        with pytest.raises(NotYours):
            services.recount_day(day=day)
        with pytest.raises(CommandError, match="No figures were counted of that day"):
            call_command("figures", "check", "--day", day.isoformat())

    def test_nothing_to_check_is_nothing_found(self, days: Days) -> None:
        assert services.recount_day() == []

    def test_it_counts(self, days: Days) -> None:
        of_incidents(Event.REQUEST_SENT, 6)
        days.end(days.ago(1))
        out = StringIO()
        call_command("figures", "count", stdout=out)
        assert out.getvalue() == "Days counted: 1.\n"


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE figures_dayfigure SET number = 1",
        "DELETE FROM figures_dayfigure",
        "UPDATE figures_figurereport SET content = '{}'",
        "DELETE FROM figures_figurereview",
        "UPDATE figures_countedday SET size = 1",
        "DELETE FROM figures_monthfigure",
        "UPDATE figures_figuredoubt SET kept = 1",
    ],
)
def test_the_application_can_t_change_what_was_counted(statement: str) -> None:
    refused = pytest.raises(ProgrammingError, match="permission denied")
    with refused, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
