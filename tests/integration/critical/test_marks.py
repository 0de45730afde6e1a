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

make_world = scene


def said(made: Scene) -> str:
    """Return what lists say of the incident."""
    assert made.declaration is not None
    assert made.declaration.ends_at is not None
    return f"Critical until {times.hour(made.declaration.ends_at)}"


def page(browser: Client, name: str) -> str:
    """Return what a page says."""
    return browser.get(reverse(name)).content.decode()


@pytest.mark.parametrize("name", ["console", "incidents", "live", "live_now"])
def test_each_list_says_until_when(world: Scene, name: str) -> None:
    browser = sign_in(world.deputy)
    assert page(browser, name).count(said(world)) == 1
    assert world.declaration is not None
    assert world.declaration.ends_at is not None
    with time_machine.travel(world.declaration.ends_at + timedelta(seconds=1), tick=False):
        late = sign_in(world.deputy)
        assert "Critical until" not in page(late, name)


def test_people_who_work_on_it_are_led_to_its_cameras_and_nobody_else(world: Scene, supervisor_client: Client) -> None:
    live = reverse("incident_live", args=[world.incident.pk])
    assert live in page(sign_in(world.deputy), "console")
    listed = page(supervisor_client, "incidents")
    assert said(world) in listed
    assert live not in listed


def test_the_list_of_who_views_says_it_too(world: Scene, supervisor_client: Client) -> None:
    world.view()
    listed = page(supervisor_client, "live")
    assert listed.count(said(world)) == 1
    assert world.deputy.name in listed


def test_what_waits_says_it_beside_the_incident_to_which_it_leads(world: Scene) -> None:
    asked(world.incident)
    part = page(sign_in(world.deputy), "console_work")
    assert "Asks to join" in part
    assert part.count(said(world)) == 1


def test_one_thing_found_by_number_says_it_on_its_page_and_not_twice(world: Scene) -> None:
    browser = sign_in(world.deputy)
    found = browser.get(reverse("lookup"), {"q": world.incident.number}, follow=True).content.decode()
    assert f"{world.incident.number}: {said(world)}" not in found
    assert said(world) in found


def test_several_things_found_by_number_say_it(world: Scene) -> None:
    Incident.objects.filter(pk=world.incident.pk).update(number="2026-00471O")
    other = incident_at(by=world.deputy)
    Incident.objects.filter(pk=other.pk).update(number="2026-004710")
    found = sign_in(world.deputy).get(reverse("lookup"), {"q": "2026-00471o"}).content.decode()
    assert found.count(said(world)) == 1


def test_it_says_nothing_of_one_that_is_not_critical_any_more(world: Scene) -> None:
    incidents.close(incident=world.incident, by=world.supervisor)
    assert "Critical until" not in page(sign_in(world.deputy), "incidents")
    assert marks_of_incidents([world.incident], world.deputy) == {world.incident.pk: []}


def test_another_day_is_named() -> None:
    tomorrow = timezone.localtime() + timedelta(days=1)
    assert times.hour(tomorrow).startswith(formatted(tomorrow, "N j, "))
    assert "," not in times.hour(timezone.localtime())


def test_a_hundred_incidents_take_no_more_questions_than_one(
    world: Scene,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    deputy = person(Role.DEPUTY)
    listed = [world.incident, *(incident_at(by=deputy) for _ in range(4))]
    with django_assert_num_queries(3):
        marks_of_incidents(listed, world.deputy)
