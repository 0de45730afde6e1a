"""Times that a form takes on the nights on which clocks change, and how a page says them."""

import re
from datetime import UTC, datetime

import pytest
import time_machine
from django import forms
from django.http import QueryDict
from django.template import Context, Template
from django.urls import reverse

from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.pages.fields import LocalMoment
from fusus_portal.ground.pages.times import window
from registry.letters.models import LetterBatch
from registry.other_counties import services as other_counties
from tests.factories import person
from tests.lifecycle.drivers.joins import asked, colleague
from tests.people import sign_in
from tests.registry.other_counties.elsewhere import lead_at

FIRST = datetime(2026, 11, 1, 6, 30, tzinfo=UTC)
"""1:30 a.m. CDT. Half an hour later clocks go back to 1 a.m."""

SECOND = datetime(2026, 11, 1, 7, 30, tzinfo=UTC)
"""1:30 a.m. CST."""


class Times(forms.Form):
    at = LocalMoment()


def sent(**fields: str) -> Times:
    form = QueryDict(mutable=True)
    form.update(fields)
    return Times(form)


def as_a_browser_sends(html: str) -> dict[str, str]:
    """Return the fields of a form that nobody touched."""
    inputs = dict(re.findall(r'<input [^>]*name="(\w+)"[^>]* value="([^"]*)"', html))
    chosen = dict(re.findall(r'<select [^>]*name="(\w+)".*?value="(\w*)" selected', html, re.DOTALL))
    return inputs | chosen


@pytest.mark.parametrize(("fold", "meant"), [("0", FIRST), ("1", SECOND)])
def test_a_time_that_came_twice_is_the_chosen_one(fold: str, meant: datetime) -> None:
    form = sent(at="2026-11-01T01:30", at_fold=fold)
    assert form.is_valid()
    assert form.cleaned_data == {"at": meant}


@pytest.mark.parametrize("fold", ["", "2", "both"])
def test_one_that_nobody_chose_is_asked_for(fold: str) -> None:
    form = sent(at="2026-11-01T01:30", at_fold=fold)
    assert form.errors == {"at": ["Clocks went back that night, and 1:30 a.m. came twice. Choose which one you mean."]}
    page = str(form["at"])
    assert re.findall(r'<option value="(\w*)"( selected)?>([^<]+)', page) == [
        ("", "", "Choose one"),
        ("0", "", "1:30 a.m. CDT, before they went back"),
        ("1", "", "1:30 a.m. CST, after they went back"),
    ]
    assert as_a_browser_sends(page) == {"at": "2026-11-01T01:30"}


@pytest.mark.parametrize("meant", [FIRST, SECOND, datetime(2026, 11, 1, 9, 30, tzinfo=UTC)])
def test_a_proposed_time_comes_back_as_it_was(meant: datetime) -> None:
    form = sent(**as_a_browser_sends(str(Times(initial={"at": meant})["at"])))
    assert form.is_valid()
    assert form.cleaned_data == {"at": meant}
    again = sent(**as_a_browser_sends(form["at"].as_hidden()))
    assert again.is_valid()
    assert again.cleaned_data == {"at": meant}


def test_the_choice_is_about_that_hour_alone() -> None:
    form = sent(at="2026-10-20T01:30", at_fold="1")
    assert form.is_valid()
    assert form.cleaned_data == {"at": datetime(2026, 10, 20, 6, 30, tzinfo=UTC)}
    assert "select" not in str(form["at"])


def test_an_hour_that_clocks_left_out_is_no_time() -> None:
    form = sent(at="2027-03-14T02:30")
    assert form.errors == {"at": ["Clocks went forward that night, and 2:30 a.m. was left out. Type another time."]}
    assert "select" not in str(form["at"])


@pytest.mark.parametrize("typed", ["tomorrow", "0001-01-01T00:00", "9999-12-31T23:59", "9999-12-31T23:59-11:00"])
def test_what_is_no_time_is_said_and_shown_again(typed: str) -> None:
    form = sent(at=typed)
    assert form.errors == {"at": ["Enter a valid date/time."]}
    assert typed[:16] in str(form["at"])


def test_a_window_over_the_change_names_both_zones() -> None:
    assert window(FIRST, SECOND) == "Nov. 1, 2026, 1:30 a.m. CDT to 1:30 a.m. CST"
    assert window(SECOND, SECOND) == "Nov. 1, 2026, 1:30 a.m. to 1:30 a.m. CST"


@pytest.mark.parametrize("filtered", ['at|date:"T"', 'at|date:"N j, Y, g:i a T"', 'at|date:"DATE_FORMAT"'])
def test_a_template_names_the_zone_of_that_hour_too(filtered: str) -> None:
    said = [Template(f"{{{{ {filtered} }}}}").render(Context({"at": at})) for at in (FIRST, SECOND)]
    assert said in (
        ["CDT", "CST"],
        ["Nov. 1, 2026, 1:30 a.m. CDT", "Nov. 1, 2026, 1:30 a.m. CST"],
        ["Nov. 1, 2026", "Nov. 1, 2026"],
    )


def page(user: User, name: str, *arguments: object) -> str:
    answer = sign_in(user).get(reverse(name, args=arguments))
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.django_db
@time_machine.travel(FIRST, tick=False)
def test_pages_of_joining_letters_and_leads_name_the_zone_of_that_hour() -> None:
    deputy, clerk, administrator = person("deputy"), person("clerk"), person("administrator")
    question = asked(by=deputy)
    assert "asked at 1:30 a.m. CDT, ends at 4:30 a.m. CST" in page(deputy, "join")
    other = colleague("deputy", question)
    assert f"{deputy.pseudonym} · 1:30 a.m. CDT" in page(other, "incident", question.incident_id)
    LetterBatch.objects.create(size=1, opened_at=SECOND, opened_by=clerk)
    batches = page(clerk, "letter_batches")
    assert "Nov. 1, 2026, 1:30 a.m. CDT</th>" in batches
    assert f"Opened by {clerk.pseudonym}, Nov. 1, 2026, 1:30 a.m. CST" in batches
    lead = lead_at()
    other_counties.note_lead(lead=lead, by=administrator, text="The sheriff calls back.")
    assert f"Nov. 1, 2026, 1:30 a.m. CDT, {administrator.pseudonym}: " in page(administrator, "lead", lead.pk)
