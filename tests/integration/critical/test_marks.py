"""Until when an incident is critical is beside it in every list that names it, and gone when the clock says so."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.dateformat import format as formatted
from pytest_django import DjangoAssertNumQueries

from fusus_portal.ground.accounts.roles import Role
from fusus_portal.ground.pages import times
from registry.incidents.models import Incident
from registry.incidents.presenters.incidents import marks_of_incidents
from registry.incidents.services import incidents
from tests.factories import incident_at, person
from tests.integration.critical.scenes import Scene, scene
from tests.lifecycle.drivers.joins import asked
from tests.people import sign_in

pytestmark = pytest.mark.django_db


def said(made: Scene) -> str:
    """Return what lists say of the incident."""
    assert made.declaration is not None
    assert made.declaration.ends_at is not None
    return f"Critical until {times.hour(made.declaration.ends_at)}"


def page(browser: Client, name: str) -> str:
    """Return what a page says."""
    return browser.get(reverse(name)).content.decode()


@pytest.mark.parametrize("name", ["console", "incidents", "live", "live_now"])
def test_each_list_says_until_when(name: str) -> None:
    made = scene()
    browser = sign_in(made.deputy)
    assert page(browser, name).count(said(made)) == 1
    assert made.declaration is not None
    assert made.declaration.ends_at is not None
    with time_machine.travel(made.declaration.ends_at + timedelta(seconds=1), tick=False):
        late = sign_in(made.deputy)
        assert "Critical until" not in page(late, name)


def test_whoever_works_on_it_is_led_to_its_cameras_and_nobody_else(supervisor_client: Client) -> None:
    made = scene()
    live = reverse("incident_live", args=[made.incident.pk])
    assert live in page(sign_in(made.deputy), "console")
    listed = page(supervisor_client, "incidents")
    assert said(made) in listed
    assert live not in listed


def test_the_list_of_who_views_says_it_too(supervisor_client: Client) -> None:
    made = scene()
    made.view()
    listed = page(supervisor_client, "live")
    assert listed.count(said(made)) == 1
    assert made.deputy.name in listed


def test_what_waits_says_it_beside_the_incident_to_which_it_leads() -> None:
    made = scene()
    asked(made.incident)
    part = page(sign_in(made.deputy), "console_work")
    assert "Asks to join" in part
    assert part.count(said(made)) == 1


def test_one_thing_found_by_number_says_it_on_its_page_and_not_twice() -> None:
    made = scene()
    browser = sign_in(made.deputy)
    found = browser.get(reverse("lookup"), {"q": made.incident.number}, follow=True).content.decode()
    assert f"{made.incident.number}: {said(made)}" not in found
    assert said(made) in found


def test_several_things_found_by_number_say_it() -> None:
    made = scene()
    Incident.objects.filter(pk=made.incident.pk).update(number="2026-00471O")
    other = incident_at(by=made.deputy)
    Incident.objects.filter(pk=other.pk).update(number="2026-004710")
    found = sign_in(made.deputy).get(reverse("lookup"), {"q": "2026-00471o"}).content.decode()
    assert found.count(said(made)) == 1


def test_it_says_nothing_of_one_that_is_not_critical_any_more() -> None:
    made = scene()
    incidents.close(incident=made.incident, by=made.supervisor)
    assert "Critical until" not in page(sign_in(made.deputy), "incidents")
    assert marks_of_incidents([made.incident], made.deputy) == {made.incident.pk: []}


def test_another_day_is_named() -> None:
    tomorrow = timezone.localtime() + timedelta(days=1)
    assert times.hour(tomorrow).startswith(formatted(tomorrow, "N j, "))
    assert "," not in times.hour(timezone.localtime())


def test_a_hundred_incidents_take_no_more_questions_than_one(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    made = scene()
    deputy = person(Role.DEPUTY)
    listed = [made.incident, *(incident_at(by=deputy) for _ in range(4))]
    with django_assert_num_queries(2):
        marks_of_incidents(listed, made.deputy)
