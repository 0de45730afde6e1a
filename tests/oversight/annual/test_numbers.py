"""The numbers of a year are sums of what the public figures show of its months, and tell no more than these do."""

from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from audit.log.events import Event
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.lifecycle import NotYours
from fusus_portal.oversight.annual import policies, presenters, selectors
from fusus_portal.oversight.annual.definitions import PARTS
from fusus_portal.oversight.annual.selectors import Content
from fusus_portal.oversight.figures import services as figures
from fusus_portal.oversight.figures.definitions import FIGURES
from fusus_portal.oversight.figures.models import CountedDay, FigureDoubt
from fusus_portal.oversight.figures.selectors import PublicReport
from tests.oversight.figures.days import Days
from tests.oversight.figures.entries import of_incidents

pytestmark = pytest.mark.django_db(transaction=True)


def of(year: int) -> Content:
    return selectors.numbers_of_year(year, selectors.public_figures(year))


def test_each_figure_of_the_public_report_is_in_one_part() -> None:
    answered = [key for part in PARTS for key in part.figures]
    assert sorted(answered) == sorted(figure.key for figure in FIGURES)
    by_key = {figure.key: figure for figure in FIGURES}
    assert all(dimension in by_key[key].by for part in PARTS for key, dimension in part.tables)


def test_every_clause_of_both_ordinances_is_answered() -> None:
    assert sorted(part.oakland for part in PARTS if part.oakland) == list("ABCDEFGHIJK")
    clauses = [part.san_francisco for part in PARTS if part.san_francisco]
    assert sorted(clauses, key=len) == [f"({number})" for number in (1, 2, 9, 3, 4, 5, 6, 7, 8, 10)]


def test_a_year_is_the_sum_of_the_months_that_the_public_report_shows(year: int) -> None:
    document = Client().get(reverse("figures_json")).json()
    content = of(year)
    added = {
        figure["key"]: sum(month["number"] for month in figure["months"] if month["month"].startswith(f"{year}"))
        for figure in document["figures"]
    }
    assert content["numbers"] == {key: number for key, number in added.items() if number or key == "unconnected"}
    assert content["numbers"]["incidents"] == 54
    assert content["numbers"]["unconnected"] == 0
    assert next(figure for figure in document["figures"] if figure["key"] == "incidents")["total"] == 94


def test_its_checkpoint_is_the_one_of_its_last_day(year: int) -> None:
    content, counted = of(year), CountedDay.objects.get(day=date(year, 12, 31))
    assert (content["size"], content["root"]) == (counted.size, counted.root)
    assert counted.size < CountedDay.objects.latest("day").size
    assert (content["first"], content["last"]) == (f"{year}-11-03", f"{year}-12-31")


def test_a_breakdown_names_what_the_months_name_and_the_rest_is_one_number(year: int) -> None:
    document = Client().get(reverse("figures_json")).json()
    months = next(figure for figure in document["figures"] if figure["key"] == "looks")["months"]
    named: dict[str, int] = {}
    for month in months[:2]:
        for row in month["by"]["area"]:
            if row["value"] != "others":
                named[row["value"]] = named.get(row["value"], 0) + row["number"]
    content = of(year)
    shown = dict(content["by"]["looks"]["area"])
    assert {value: number for value, number in shown.items() if value} == named
    assert sum(shown.values()) == content["numbers"]["looks"] == 216
    assert shown[""] >= 24


def test_what_is_about_few_incidents_is_left_out_and_said_so(year: int) -> None:
    content = of(year)
    assert "canvasses" not in content["numbers"]
    use = presenters.shown_part(PARTS[0], content, "")
    assert "searches that led to requests" in use["few"]
    assert all(label != "Searches that led to requests" for label, _number in use["numbers"])
    audits = next(part for part in PARTS if part.key == "audits")
    assert "reviews that were late" in presenters.shown_part(audits, content, "")["none"]


def test_a_figure_in_doubt_is_in_no_number_and_said_to_be_withheld(year: int) -> None:
    FigureDoubt.objects.create(day=date(year, 11, 3), figure="looks", kept=1, counted=2)
    content = of(year)
    assert "looks" not in content["numbers"]
    assert "looks" not in content["by"]
    assert "looks that owners can read about" in presenters.shown_part(PARTS[0], content, "")["withheld"]


def test_a_demo_whose_log_began_this_year_stands_in_for_the_year_before() -> None:
    figures_of = {"looks": {"months": [{"month": "2031-04", "number": 3}], "days": []}}
    shown = PublicReport({"first_day": "2031-04-30", "day": "2031-05-02", "figures": figures_of}, demo=True)
    moved = policies.as_year_before(shown, today=date(2031, 5, 2)).content
    assert (moved["first_day"], moved["day"]) == ("2030-01-01", "2030-12-31")
    assert moved["figures"]["looks"]["months"] == [{"month": "2030-04", "number": 3}]
    assert policies.as_year_before(shown, today=date(2032, 1, 1)) == shown


class TestNoReport:
    def refused(self, year: int) -> str:
        with pytest.raises(NotYours) as error:
            selectors.public_figures(year)
        assert year not in selectors.reportable_years()
        return error.value.sentence

    def test_of_the_running_year_of_the_future_or_of_one_before_the_portal(self, year: int) -> None:
        assert selectors.reportable_years() == [year]
        assert "has not ended" in self.refused(year + 1)
        assert "has not begun" in self.refused(year + 2)
        assert "has not begun" in self.refused(99_999)
        assert "counted nothing" in self.refused(year - 1)
        assert "counted nothing" in self.refused(0)

    def test_before_figures_are_released(self, days: Days, administrator: User) -> None:
        of_incidents(Event.INCIDENT_OPENED, 6)
        days.end(date(days.today.year - 1, 12, 31))
        figures.count_finished_days()
        assert "none are released yet" in self.refused(days.today.year - 1)
        figures.release_figures(by=administrator)
        assert selectors.reportable_years() == [days.today.year - 1]

    def test_while_its_last_days_are_held_back(self, days: Days, administrator: User) -> None:
        year = days.today.year - 1
        of_incidents(Event.INCIDENT_OPENED, 6)
        days.end(date(year, 12, 30))
        figures.count_finished_days()
        figures.release_figures(by=administrator)
        until = timezone.localdate() + timedelta(days=9)
        figures.delay_figures(by=administrator, until=until, note_en="A trial.", note_es="Un juicio.")
        of_incidents(Event.INCIDENT_OPENED, 6)
        days.end(date(year, 12, 31))
        figures.count_finished_days()
        assert "are not public yet" in self.refused(year)
        figures.release_figures(by=administrator)
        assert of(year)["numbers"]["incidents"] == 12
