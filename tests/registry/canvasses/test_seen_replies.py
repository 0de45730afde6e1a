"""A reply waits for the deputy who sent the canvass until they saw it, and is marked as new on every page with it."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.worklist.selectors import waiting_for
from registry.canvasses.links import link_actor
from registry.canvasses.models import Canvass, FootageRequest, ReplySeen
from registry.canvasses.services import canvasses, requests
from registry.incidents.services import incidents
from tests.factories import canvass_at, person
from tests.people import sign_in

pytestmark = pytest.mark.django_db

NEW = re.compile(r'usa-tag--warn">New<')


def make_world() -> Canvass:
    """Return a canvass of three owners, one of them with nothing."""
    canvass = canvass_at("sent", cameras=3, by=person("deputy"))
    say_none(canvass)
    return canvass


@pytest.fixture
def canvass(world: Canvass) -> Canvass:
    return world


@pytest.fixture
def deputy(world: Canvass) -> User:
    """Return the deputy who works on the incident."""
    return world.created_by


def say_none(canvass: Canvass) -> FootageRequest:
    """Let one more owner answer that there is nothing."""
    request = FootageRequest.objects.filter(canvass=canvass, state="sent").order_by("number")[0]
    return requests.answer_none(request=request, by=link_actor(request))


def waits(user: User) -> list[str]:
    return [item.text for item in waiting_for(user) if item.tag == "Replies"]


def address(name: str, canvass: Canvass) -> str:
    return reverse(name, args=[canvass.pk if name.startswith("canvass") else canvass.incident_id])


@pytest.mark.parametrize("name", ["incident_replies", "canvass"])
def test_what_was_seen_waits_no_more(canvass: Canvass, deputy: User, deputy_client: Client, name: str) -> None:
    assert waits(deputy) == [f"1 new reply · {canvass.incident.number}"]
    assert len(NEW.findall(deputy_client.get(address(name, canvass)).text)) == 1
    assert waits(deputy) == []
    assert not NEW.findall(deputy_client.get(address(name, canvass)).text)
    say_none(canvass)
    assert waits(deputy) == [f"1 new reply · {canvass.incident.number}"]
    assert len(NEW.findall(deputy_client.get(address(name, canvass)).text)) == 1


def test_the_incidents_page_counts_the_new_ones_and_is_no_look_at_them(canvass: Canvass, deputy_client: Client) -> None:
    for _each in range(2):
        assert ">1 new<" in deputy_client.get(address("incident", canvass)).text
    deputy_client.get(address("incident_replies", canvass))
    assert " new<" not in deputy_client.get(address("incident", canvass)).text


def test_somebody_elses_look_takes_nothing_from_the_deputy_who_asked(
    canvass: Canvass, deputy: User, supervisor: User, supervisor_client: Client
) -> None:
    incidents.assign(incident=canvass.incident, user=supervisor, by=person("supervisor"))
    assert NEW.search(supervisor_client.get(address("incident_replies", canvass)).text)
    assert not NEW.search(supervisor_client.get(address("canvass", canvass)).text)
    assert waits(deputy) == [f"1 new reply · {canvass.incident.number}"]
    assert waits(supervisor) == []


def test_a_part_that_is_fetched_again_is_no_look_and_keeps_the_marks_of_its_page(
    canvass: Canvass, deputy: User, deputy_client: Client
) -> None:
    page = deputy_client.get(address("canvass", canvass)).text
    [refreshed] = re.findall(r'data-refresh="([^"]*replies[^"]*)"', page)
    say_none(canvass)
    assert len(NEW.findall(deputy_client.get(refreshed).text)) == 2
    assert waits(deputy) == [f"1 new reply · {canvass.incident.number}"]
    with time_machine.travel(timezone.now() + timedelta(seconds=2)):
        page = deputy_client.get(address("canvass", canvass)).text
        [later] = re.findall(r'data-refresh="([^"]*replies[^"]*)"', page)
        assert len(NEW.findall(deputy_client.get(later).text)) == 1


@pytest.mark.parametrize("since", ["", "soon", "-5", "٣", "9" * 40])
def test_a_made_up_moment_does_not_count(canvass: Canvass, deputy_client: Client, since: str) -> None:
    deputy_client.get(address("canvass", canvass))
    answer = deputy_client.get(address("canvass_replies", canvass), {"since": since})
    assert not NEW.search(answer.text)
    assert "No footage" in answer.text


def test_footage_after_all_is_a_new_reply(canvass: Canvass, deputy: User) -> None:
    canvasses.see_replies(canvasses=[canvass], by=deputy)
    assert waits(deputy) == []
    request = FootageRequest.objects.get(state="none")
    requests.give(request=request, by=link_actor(request))
    assert waits(deputy) == [f"1 new reply · {canvass.incident.number}"]
    canvasses.see_replies(canvasses=[canvass], by=deputy)
    assert waits(deputy) == []
    assert ReplySeen.objects.count() == 1


def test_a_rather_not_is_no_reply(canvass: Canvass, deputy: User) -> None:
    """Promise R4."""
    canvasses.see_replies(canvasses=[canvass], by=deputy)
    request = FootageRequest.objects.filter(state="sent")[0]
    requests.decline(request=request, by=link_actor(request))
    assert waits(deputy) == []
    canvasses.see_replies(canvasses=[canvass], by=deputy)
    assert not ReplySeen.objects.filter(request=request).exists()


def test_a_closed_incident_has_nobody_wait(canvass: Canvass, deputy: User) -> None:
    incidents.close(incident=canvass.incident, by=deputy)
    assert waits(deputy) == []


def test_it_asks_as_often_whatever_came(canvass: Canvass, deputy: User) -> None:
    counted = []
    for _each in range(2):
        with CaptureQueriesContext(connection) as captured:
            waits(deputy)
            sign_in(deputy).get(address("incident_replies", canvass))
        counted.append(len(captured))
        say_none(canvass)
    assert counted[0] == counted[1]
